/** What adaptation does in the shipped model: its policies, letter by letter, computed in float64 by the reference executor. */
import { readFile } from 'node:fs/promises';
import { inputSizes, languageModelLayout, policyRows } from '../../../build/core/parameters.js';
import { evaluationProgram } from '../../../build/model/language-model.js';
import { createReferenceExecutor } from '../../../build/test/reference/executor.js';
import { readModel } from '../../../build/worker/files/read-model.js';
import { figure, heatMap, text, width } from './svg.js';

const line = 'But, soft! what light through yonder window breaks?';
const layer = 1;

export async function adaptationFigures() {
  const model = await readModel(await readFile('models/shakespeare.safetensors'));
  const letters = await readLetters(model, `ROMEO:\n${line}`);
  return { 'scales-by-letter': scalesByLetter(letters.slice(-line.length)), 'one-matrix': oneMatrix(model, letters) };
}

/** For each letter, once it was read: { letter, x, ih }, the scales of the columns and of the rows of W_ih of the layer. */
async function readLetters({ config, tokenizer, parameters }, letters) {
  const program = evaluationProgram(config, { batch: 1, maxSteps: 1 });
  const buffer = program.buffers.findIndex(({ name }) => name === `layers.${layer}.policies`);
  const length = program.buffers[buffer].length;
  const port = { view: { buffer, offset: 0, stride: 0, ld: length }, type: 'f32', shape: [1, length] };
  const executor = createReferenceExecutor();
  const runner = await executor.load({ ...program, ports: new Map([...program.ports, ['policies', port]]) });
  runner.write('parameters', parameters);
  const rows = policyRows(
    config,
    inputSizes(config.embeddingSize, config.hiddenSizes)[layer],
    config.hiddenSizes[layer],
  );
  const read = [];
  for (const letter of letters) {
    runner.write('ids', Int32Array.of(tokenizer.alphabet.indexOf(letter) + 1)); // 0 is what is not known
    runner.write('targets', Int32Array.of(0));
    runner.run(1);
    const policies = await runner.read('policies', new Float64Array(length));
    const ih = policies.slice(rows.x + rows.h, rows.x + rows.h + rows.ih);
    read.push({ letter, x: policies.slice(0, rows.x), ih });
  }
  executor.destroy();
  return read;
}

/** Which of the numbers `of` gives for each letter change the most, by their standard deviation. */
function liveliest(letters, of, count) {
  const spread = (index) => {
    const values = letters.map((letter) => of(letter)[index]);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  };
  const spreads = Array.from(of(letters[0]), (_, index) => ({ index, spread: spread(index) }));
  return spreads
    .sort((a, b) => b.spread - a.spread)
    .slice(0, count)
    .map(({ index }) => index);
}

/** The scales of rows that change the most, over the letters of a line. */
function scalesByLetter(letters) {
  const shown = 40;
  const rows = liveliest(letters, ({ ih }) => ih, shown).map((index) => letters.map(({ ih }) => ih[index]));
  const cell = width / letters.length;
  return figure(
    'scales',
    232,
    'Forty rows of coloured cells over the letters of a line of Shakespeare; the colours change from letter to letter.',
    `The shipped model reads a line of Shakespeare. Each row is one of the ${letters[0].ih.length} scales of a weight matrix’s rows (the ${shown} that
change most are shown), each column a letter. Green multiplies by up to 1, red by down to −1, pale by nearly nothing: at the end of a word, these rows let go.`,
    [
      heatMap(0, 0, width, 210, rows, 1),
      letters.map(({ letter }, i) => text((i + 0.5) * cell, 226, letter, 'middle letter')),
    ],
  );
}

/** A part of one matrix, its liveliest rows and columns: as it is stored, and as it is used at two letters. */
function oneMatrix({ config, parameters }, letters) {
  const entry = languageModelLayout(config).entries.find(({ name }) => name === `layers.${layer}.cell.weight_ih`);
  const [size, wide] = [18, entry.shape[1]];
  const rows = liveliest(letters, ({ ih }) => ih, size);
  const columns = liveliest(letters, ({ x }) => x, size);
  const stored = rows.map((k) => columns.map((j) => parameters[entry.offset + k * wide + j]));
  const used = ({ x, ih }) => stored.map((row, k) => row.map((weight, j) => ih[rows[k]] * weight * x[columns[j]]));
  const at = (word) =>
    letters[
      letters
        .map(({ letter }) => letter)
        .join('')
        .indexOf(word)
    ];
  const panels = [
    ['as it is stored', stored],
    ['at the l of “light”', used(at('light'))],
    ['at the space after it', used(at(' through'))],
  ];
  const most = Math.max(...stored.flat().map(Math.abs)) / 2;
  const [side, gap] = [112, 12];
  return figure(
    'matrix',
    134,
    'Three patterns of 18 by 18 cells: the same weights stored, and rescaled in two different ways.',
    `18 rows and 18 columns of one matrix (${entry.shape.join(' × ')}): as the shipped model’s file has them, and as they multiply at two letters.
The same weights, and not the same network.`,
    panels.map(([label, cells], i) => [
      heatMap(i * (side + gap), 0, side, side, cells, most),
      text(i * (side + gap) + side / 2, 128, label, 'middle small'),
    ]),
  );
}
