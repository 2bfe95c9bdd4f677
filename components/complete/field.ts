/** What a field is to its completion: the text up to the caret, and text that comes in as if it were typed. */

export type TextField = HTMLTextAreaElement | HTMLInputElement;

/** What stands in the way of completing an element; null when nothing does. */
export type Refusal = 'not-a-field' | 'secret' | null;

/** A field's attributes that decide whether it is completed, and whether it is just now. */
export const decisiveAttributes = ['type', 'autocomplete', 'readonly', 'disabled'] as const;

export function isTextField(element: Element): element is TextField {
  return element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement;
}

/** Passwords and payment details are never read, be it that only `autocomplete` tells them. */
export function refusalOf(element: Element): Refusal {
  if (!isTextField(element)) return 'not-a-field';
  const purposes = (element.getAttribute('autocomplete') ?? '').toLowerCase().split(/\s+/);
  const secret = purposes.some((each) => /^(cc-.*|.*-password|one-time-code)$/.test(each));
  if (secret || element.type === 'password') return 'secret';
  return ['textarea', 'text', 'search'].includes(element.type) ? null : 'not-a-field';
}

/** The text before the caret where a suggestion would fit: at the end of a line, with nothing selected. Else null. */
export function textToComplete(field: TextField): string | null {
  if (refusalOf(field) !== null || field.readOnly || field.matches(':disabled')) return null;
  const { value, selectionStart, selectionEnd } = field;
  if (selectionStart === null || selectionStart !== selectionEnd) return null;
  const next = value.charAt(selectionStart);
  return next === '' || next === '\n' ? value.slice(0, selectionStart) : null;
}

/** How many more UTF-16 units the field takes. */
export function roomIn(field: TextField): number {
  return field.maxLength < 0 ? Infinity : Math.max(0, field.maxLength - field.value.length);
}

/**
 * Puts `text` in at the caret, with the events of typing, and so that the browser's own undo takes it back: that only
 * execCommand can, which is obsolete and yet everywhere. Where it does nothing, the text comes in without undo.
 */
export function insertText(field: TextField, text: string): void {
  const before = field.value;
  const caret = field.selectionStart ?? before.length;
  // Moving the caret ends what was typed as one step of undo. Else that would be taken back too.
  field.setSelectionRange(caret - 1, caret - 1);
  field.setSelectionRange(caret, caret);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing has come in its place
  document.execCommand('insertText', false, text);
  if (field.value !== before) return;
  field.setRangeText(text, caret, caret, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true, inputType: 'insertText', data: text }));
}
