/** A loss in nats per token as bits per character, which compares models whatever their tokens are. */
export function bitsPerCharacter(loss: number, charactersPerToken: number): number {
  return loss / Math.LN2 / charactersPerToken;
}
