/** Attributes are text; these read them as numbers. What is no number becomes NaN, which the runtime refuses by name. */
import type { ComplexAttributeConverter } from 'lit';

function readNumber(text: string): number {
  return text.trim() === '' ? NaN : Number(text);
}

/** `fallback` when the attribute is gone. */
export function numberAttribute(fallback: number): ComplexAttributeConverter<number> {
  return { fromAttribute: (text) => (text === null ? fallback : readNumber(text)) };
}

export const seedAttribute: ComplexAttributeConverter<number | null> = {
  fromAttribute: (text) => (text === null ? null : readNumber(text)),
};
