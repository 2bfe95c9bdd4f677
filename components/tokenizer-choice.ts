/** What a new model reads and writes: letters, parts of words, words or bytes, and how many of them it knows. */
import { html, nothing } from 'lit';
import type { TokenizerKind } from '../core/tokenizer.js';
import { formatWhole } from './format.js';
import { numberIn } from './number-in.js';
import type { AdaptiveStrings } from './strings/words.js';

export interface TokenizerChoice {
  readonly kind: TokenizerKind;
  /** null for the usual one. */
  readonly vocabularySize: number | null;
}

/** Least, usual and greatest vocabulary, where it is to be chosen. */
const vocabularies: Partial<Record<TokenizerKind, readonly [least: number, usual: number, greatest: number]>> = {
  bpe: [512, 4096, 32_768],
  words: [16, 10_000, 65_536],
};

const kinds = ['characters', 'bpe', 'words', 'bytes'] as const;

/** As `train` takes it. */
export function tokenizerOption({ kind, vocabularySize }: TokenizerChoice) {
  return vocabularySize !== null && (kind === 'bpe' || kind === 'words') ? { kind, vocabularySize } : kind;
}

export function tokenizerFields(
  choice: TokenizerChoice,
  change: (choice: TokenizerChoice) => void,
  strings: AdaptiveStrings['training'],
) {
  const range = vocabularies[choice.kind];
  const onKind = ({ currentTarget }: Event) => {
    if (!(currentTarget instanceof HTMLSelectElement)) return;
    const kind = kinds.find((each) => each === currentTarget.value);
    if (kind) change({ kind, vocabularySize: null });
  };
  const onSize = (event: Event) => change({ ...choice, vocabularySize: numberIn(event) });
  return html`<div class="pair">
    <div>
      <label for="tokenizer">${strings.tokenizer}</label>
      <select id="tokenizer" @change=${onKind}>
        ${kinds.map(
          (kind) => html`<option value=${kind} ?selected=${kind === choice.kind}>${strings.tokenizers[kind]}</option>`,
        )}
      </select>
    </div>
    ${
      range
        ? html`<div>
            <label for="vocabulary">${strings.vocabularies[choice.kind]}</label>
            <input
              id="vocabulary"
              type="number"
              min=${range[0]}
              max=${range[2]}
              inputmode="numeric"
              placeholder=${formatWhole(range[1])}
              .value=${choice.vocabularySize === null ? '' : String(choice.vocabularySize)}
              @input=${onSize}
            />
          </div>`
        : nothing
    }
  </div>`;
}
