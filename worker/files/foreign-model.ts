/** What a safetensors file that is not ours seems to hold, for the message that turns it down. */
import { grouped, quote } from './refusal.js';
import type { SafetensorsFile } from './safetensors.js';

/** Tensor names by which families of models are known; the first that fits wins. */
const families: readonly (readonly [name: RegExp, family: string])[] = [
  [/lora_(A|B|up|down)\b|lora_unet/, 'a LoRA adapter'],
  [/^model\.diffusion_model\.|^unet\.|^first_stage_model\./, 'an image diffusion model'],
  [/(^|\.)h\.\d+\.attn\./, 'a GPT-2 transformer'],
  [/(^|\.)encoder\.layer\.\d+\.attention\./, 'a BERT transformer'],
  [/(^|\.)layers\.\d+\.self_attn\./, 'a transformer language model (Llama and its kin)'],
  [/(^|\.)vision_model\.|^visual\./, 'an image model'],
  [/weight_(ih|hh)_l\d+/, 'a recurrent network of PyTorch'],
  [
    /^layers\.\d+\.cell\.|^(embedding|decoder)\.(weight|bias)$/,
    'weights of this kind, but without configuration and tokenizer',
  ],
];

/** A phrase, as "a GPT-2 transformer: 148 tensors in F32, such as "h.0.attn.bias"". */
export function describeForeign({ metadata, tensors }: SafetensorsFile): string {
  const names = [...tensors.keys()];
  const [first] = names;
  if (first === undefined) return 'nothing: it has no tensors';
  const dtypes = [...new Set([...tensors.values()].map(({ dtype }) => dtype))].join(', ');
  const count = `${grouped(names.length)} ${names.length === 1 ? 'tensor' : 'tensors'} in ${dtypes}`;
  const origin = metadata['format'] === 'pt' ? ' written by PyTorch' : '';
  const family = families.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
  const example = `such as ${quote(names.find((name) => name !== '') ?? first)}`;
  return family === undefined ? `${count}${origin}, ${example}` : `${family}: ${count}${origin}, ${example}`;
}
