/** Model files in and out of the page. */
import type { ExportFormat } from '../core/file-formats.js';

export function isModelFile({ name }: File): boolean {
  return /\.safetensors$/i.test(name);
}

/** Hands `file` to the browser's downloads, named after the model. */
export function offerDownload(file: Blob, title: string, format: ExportFormat): void {
  const name = title
    .trim()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `${name || 'adaptive-lm'}.${format === 'onnx' ? 'onnx' : 'safetensors'}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
