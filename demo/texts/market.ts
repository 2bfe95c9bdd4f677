/** Written for this project, in the public domain (CC0). */
export const market = `A WALK THROUGH THE MARKET

Come early, when the square is still blue and the lamps are still lit, and stand by the fountain, where you are in nobody's way. The carts come first. You hear them long before you see them, iron on stone, down the hill from the gardens and up the hill from the river, and then they are all there at once, and the men jump down, and the boards are laid over the trestles, and in less time than it takes to drink a cup of coffee the empty square is a town with streets of its own.

The first street is the street of green things. Here are lettuces with the water still on them, and leeks in bundles, white and green like flags, and peas in sacks, and beans in baskets, and the small sharp radishes that are tied together by their leaves. The woman at the corner sells nothing but herbs. She has parsley and dill, chives and thyme, and mint in a bucket, and when the wind turns you can smell her from the church steps. Ask her what goes with fish and she will tell you. Ask her what goes with sorrow and she will give you a bunch of sage and will not take any money for it.

"Fresh today!" calls the man with the carrots. "Fresh today, sweet today, gone tomorrow!"

"They were fresh on Monday," says the woman with the herbs, but she says it quietly, and she buys her carrots from him all the same.

Turn left, and you are in the street of fruit. In the spring it is a poor street, with nothing but the last of the apples, wrinkled like old hands, and a few lemons that have come a long way. But in the summer! Then there are cherries, red and black, and apricots with one warm cheek, and plums with the bloom still on them, and raspberries in little baskets lined with leaves, and the wasps walk over everything and nobody minds. In the autumn come the pears. The pear man puts each pear into your hand before he sells it. "Today," he says about one, and about another, "Thursday, after dinner," and he is never wrong by more than an hour.

Then comes the street of bread, which is short, because there are only three bakers, and warm, because they bring it straight from the oven under cloths. The first baker makes dark loaves that keep for a week. The second makes white loaves that do not keep until the evening. The third makes a ring of sweet bread with seeds on it, and the children who come with their mothers stand before his table and say nothing at all, which is the loudest thing that a child can say. He breaks a ring, every morning, as if by accident, and then it cannot be sold, of course, and something has to be done about the pieces.

Behind the bread is the cheese, and behind the cheese is the fish. You will know it. The fish lie on ice in silver rows and look surprised. The fishwives are the queens of the market, with their sleeves rolled up and their knives in their belts, and they have a name for everybody. They call the mayor "my treasure" and the priest "my heart" and me they call "the one who only looks". It is true that I mostly look. There is so much to see, and one can eat only twice a day.

"Well, the one who only looks," says the oldest of them, "what do you see today?"

"I see a fine pike," I say.

"You see a fine price," she says, and names it, and it is not a fine price at all, and then we talk about the weather, and about her daughter, and about the river, and at the end of it I have the pike under my arm, wrapped in yesterday's news, and I do not know how it came there. It is always so. She has sold fish for fifty years, and she has never yet sold one to a man who wanted it.

In the middle of the market, where the streets meet, sits the man who mends things. He has no table. He has a chair, a box and a lamp, and around him on the ground stand the broken things of the whole town: clocks, kettles, umbrellas, a doll, a pair of scales, a music box that plays half of a song. He takes one up, turns it around, listens to it, shakes it, opens it, and looks in. Then he says, "Ah." That is all he ever says. But there are two kinds of it. If it is a short one, you may come again in an hour. If it is a long one, you had better sit down.

I brought him my grandfather's watch once. He opened it and looked for a long time, and I was afraid, for it was a long silence. "Ah," he said, and it was a short one. He took a hair from the works with his tweezers, a single grey hair, and held it up to the light. Then he closed the watch and gave it back to me, and it went, and it still goes. He asked for a penny. I have thought about that hair often. It must have been there for forty years, holding back the time.

Beyond him begins the street of things that nobody needs, and it is the longest of all. Here are buttons in glass jars, sorted by colour, and keys without locks, and locks without keys. Here are maps of countries that have other names now, and letters tied up with string from people whom nobody remembers, and a stuffed owl, which has been for sale as long as I can think, and whose price goes up a little every year. "It is an investment," says the woman who sells it. "He gets older. So do I, but nobody pays for that." Children buy marbles from her, and students buy books, and lovers buy the little mirrors with the painted frames. I once bought a key. It is a large one, made of iron, with a ring that fills the hand. I do not know what it opens, but I have carried it in my coat ever since, and I have not met a locked door from that day on. It may be that I no longer try so many.

There is music too. On Saturdays a girl plays the fiddle under the clock, with her eyes shut and one foot tapping, and beside her sits her brother with a drum. He is six years old and has his own idea of time. When he is early she waits for him, and when he is late she goes around once more, so that the tune is never twice the same, and people who only came for onions stand there with their baskets on their arms and forget what else it was.

At ten the square is full. Now you do not walk, you are carried. Everybody talks and nobody listens, and yet everything is heard: that the miller's son will marry, that the bridge will be closed, that there will be rain before Sunday. The news comes in with the eggs and goes out with the onions. If you want to know a thing, do not ask. Buy a cabbage, slowly, and you will be told. And if you want a thing to be known, tell it to the man with the carrots, and ask him to keep it to himself.

The flowers are by the church, because flowers are bought on the way out. There are tulips in the spring, and roses in the summer, and asters in the autumn, and in the winter there are green branches with red berries, and paper roses that the flower woman makes herself in the long evenings. A young man stands there with his hat in his hand. He has been standing there since nine. He looks at the red ones, and he looks at the white ones, and he turns his hat around and around.

"Who is it for?" says the flower woman at last.

"I would rather not say," says the young man.

"Then it is the yellow ones," says the flower woman, and she ties them up with a blue ribbon, and he pays, and goes, and comes back, because he has forgotten his hat.

At noon the bell rings, and it begins to end. The prices fall, and then the voices. The boards come off the trestles, the trestles go back on the carts, and the carts go up the hill to the gardens and down the hill to the river, lighter than they came. The boys sweep up the leaves. The sparrows come for the crumbs, the cats come for the fish, and an old man comes for the bruised apples, which the pear man has put aside for him, in a paper bag, as if they were an order.

Then the square is empty again, wet and shining, and there is only the fountain, and the smell of mint, and somewhere, in a pocket, on a mantelpiece, in the hand of a child, the whole of the market, carried off in pieces into the houses of the town. Stay a little longer. Sit down on the steps. It is the best hour for the one who only looks.
`;
