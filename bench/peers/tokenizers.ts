/**
 * Encoding with GPT-2's vocabulary: ours, gpt-tokenizer and @huggingface/tokenizers, in turn, on the same strings, after all
 * have given the same ids. Cold: with nothing in its cache, on code that is compiled. Warm: the same text again.
 */
import * as gpt from 'gpt-tokenizer/encoding/r50k_base';
import type { BpeSpec } from '../../core/bpe.js';
import { tokenizerSize } from '../../core/tokenizer.js';
import { readTokenizerJson } from '../../worker/files/tokenizer-json.js';
import { learnTokenizer } from '../../worker/text/learning.js';
import { TextMemory } from '../../worker/text/text-memory.js';
import { createTokenizer } from '../../worker/text/tokenizers.js';
import { figure, type Figure } from '../figure.js';
import { huggingFaceTokenizer } from './hugging-face.js';

export interface TokenizersRequest {
  readonly engine: 'tokenizers';
  /** GPT-2's, in Hugging Face's format. */
  readonly tokenizer: string;
  readonly texts: readonly { readonly name: string; readonly text: string }[];
}

export interface TokenizersLine {
  readonly text: string;
  readonly engine: string;
  readonly cache: 'cold' | 'warm';
  /** Bytes of text a second. */
  readonly speed: Figure;
}

export interface TokenizersFigures {
  readonly lines: readonly TokenizersLine[];
  /** Seconds in which 4,096 merges are learned from the longest text. */
  readonly learning: Figure;
}

export type TokenizersAnswer = TokenizersFigures | { readonly error: string };

const rounds = 15;
const merges = 4096;

interface Encoder {
  readonly engine: string;
  /** Encodes with an empty cache the next time. */
  readonly forget: () => void;
  readonly encode: (text: string) => ArrayLike<number>;
}

function ourEncoder(module: WebAssembly.Module, spec: BpeSpec): Encoder {
  let tokenizer = createTokenizer(module, spec);
  return {
    engine: 'ours',
    forget: () => (tokenizer = createTokenizer(module, spec)),
    encode: (text) => tokenizer.encode(text),
  };
}

function huggingFace(json: string): Encoder {
  let encode = huggingFaceTokenizer(json);
  return {
    engine: '@huggingface/tokenizers',
    forget: () => (encode = huggingFaceTokenizer(json)),
    encode: (text) => encode(text),
  };
}

const gptTokenizer: Encoder = {
  engine: 'gpt-tokenizer',
  forget: () => gpt.clearMergeCache(),
  encode: (text) => gpt.encode(text),
};

async function measure({ tokenizer, texts }: TokenizersRequest): Promise<TokenizersFigures> {
  const response = await fetch(new URL('./text.wasm', import.meta.url));
  const module = await WebAssembly.compile(await response.arrayBuffer());
  const encoders = [ourEncoder(module, readTokenizerJson(tokenizer)), gptTokenizer, huggingFace(tokenizer)];
  const lines = texts.flatMap(({ name, text }) => {
    checkAgreement(encoders, name, text);
    return measureText(encoders, name, text);
  });
  const [longest] = [...texts].sort((a, b) => b.text.length - a.text.length);
  return { lines, learning: measureLearning(module, longest?.name ?? '', longest?.text ?? '') };
}

/** From a string, in a memory of its own, each time. */
function measureLearning(module: WebAssembly.Module, name: string, text: string): Figure {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    const memory = new TextMemory(module);
    const request = { kind: 'bpe', vocabularySize: 256 + merges } as const;
    const size = tokenizerSize(learnTokenizer(memory, request, memory.takeText(text)));
    samples.push((performance.now() - started) / 1000);
    if (size !== 256 + merges) throw new Error(`${name}: ${size} tokens were learned.`);
  }
  return figure(`learning ${merges} merges, ${name}`, 's', samples);
}

function checkAgreement([first, ...others]: readonly Encoder[], name: string, text: string): void {
  const expected = first?.encode(text) ?? [];
  for (const other of others) {
    const { engine } = other;
    const ids = other.encode(text);
    const at = Array.from(expected).findIndex((id, i) => id !== ids[i]);
    if (at >= 0 || ids.length !== expected.length) throw new Error(`${name}: ${engine} has other ids, from ${at} on.`);
  }
}

function measureText(encoders: readonly Encoder[], name: string, text: string): TokenizersLine[] {
  const bytes = new TextEncoder().encode(text).length;
  const speeds = new Map<Encoder, { readonly cold: number[]; readonly warm: number[] }>(
    encoders.map((encoder) => [encoder, { cold: [], warm: [] }]),
  );
  const time = (encoder: Encoder) => {
    const started = performance.now();
    encoder.encode(text);
    return (1000 * bytes) / (performance.now() - started);
  };
  for (let round = 0; round < rounds; round++) {
    for (const [encoder, { cold, warm }] of speeds) {
      encoder.forget();
      cold.push(time(encoder));
      warm.push(time(encoder));
    }
  }
  return (['cold', 'warm'] as const).flatMap((cache) =>
    [...speeds].map(([{ engine }, samples]) => ({
      text: name,
      engine,
      cache,
      speed: figure(`encoding ${name}, ${cache}`, 'B/s', samples[cache]),
    })),
  );
}

onmessage = ({ data }: MessageEvent<TokenizersRequest>) => {
  measure(data).then(
    (figures) => postMessage(figures),
    (error: unknown) => postMessage({ error: error instanceof Error ? error.message : String(error) }),
  );
};
