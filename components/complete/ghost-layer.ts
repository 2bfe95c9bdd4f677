/**
 * Grey text at the caret of a field, which itself can show none: over the field lies a copy of its text, in the same type
 * and invisible, so that what follows it stands where the caret is. Placed relative to the host, it scrolls with the page
 * when the two are in one place; where they are not, it is placed anew.
 */
import type { TextField } from './field.js';

/** All that decides where a letter of a field stands, apart from its box. */
const typeStyles = [
  ...['direction', 'unicode-bidi', 'writing-mode', 'text-align', 'text-indent', 'text-transform', 'tab-size'],
  ...['font-family', 'font-size', 'font-weight', 'font-style', 'font-stretch', 'font-variant', 'font-kerning'],
  ...['font-feature-settings', 'font-variation-settings', 'font-optical-sizing', 'font-size-adjust'],
  ...['line-height', 'letter-spacing', 'word-spacing', 'word-break', 'overflow-wrap', 'line-break', 'hyphens'],
  ...['white-space', 'padding-top', 'padding-right', 'padding-bottom', 'padding-left', 'color'],
] as const;

export class GhostLayer {
  /** To be drawn in the host's shadow root, whose origin is the host's corner. */
  readonly element = document.createElement('div');

  readonly #text = document.createElement('div');
  readonly #before = document.createElement('span');
  readonly #ghost = document.createElement('span');
  #field: TextField | null = null;
  readonly #resizes = new ResizeObserver(() => this.#follow());

  /** `onHidden` is called when the page no longer has room for what is shown. */
  constructor(
    readonly host: HTMLElement,
    readonly onHidden: () => void,
  ) {
    this.element.className = 'layer';
    this.element.setAttribute('aria-hidden', 'true');
    this.element.hidden = true;
    this.#before.className = 'before';
    this.#ghost.className = 'ghost';
    this.#ghost.setAttribute('part', 'ghost');
    this.#text.append(this.#before, this.#ghost);
    this.element.append(this.#text);
  }

  /** Shows `ghost` after `before` in `field`; whether there is room for it to be seen. */
  show(field: TextField, before: string, ghost: string): boolean {
    if (this.#field !== field) this.#watch(field);
    this.#before.textContent = before;
    this.#ghost.textContent = ghost;
    this.element.hidden = false;
    this.#copyType(field);
    if (this.#place(field)) return true;
    this.hide();
    return false;
  }

  /** Twice is harmless. */
  hide(): void {
    if (!this.#field) return;
    this.#field = null;
    this.element.hidden = true;
    this.#before.textContent = this.#ghost.textContent = '';
    this.#resizes.disconnect();
    removeEventListener('scroll', this.#follow, true);
    removeEventListener('resize', this.#follow);
  }

  #watch(field: TextField): void {
    this.hide();
    this.#field = field;
    this.#resizes.observe(field);
    this.#resizes.observe(this.host);
    addEventListener('scroll', this.#follow, { capture: true, passive: true });
    addEventListener('resize', this.#follow);
  }

  #follow = (): void => {
    const field = this.#field;
    if (!field || this.#place(field)) return;
    this.hide();
    this.onHidden();
  };

  #copyType(field: TextField): void {
    const style = getComputedStyle(field);
    for (const name of typeStyles) this.element.style.setProperty(name, style.getPropertyValue(name));
    this.element.classList.toggle('line', field instanceof HTMLInputElement);
  }

  /** Lays the layer over the inside of the field; whether the ghost is seen there, and covers nothing. */
  #place(field: TextField): boolean {
    const { style } = this.element;
    const [box, origin] = [field.getBoundingClientRect(), this.host.getBoundingClientRect()];
    style.left = `${box.left + field.clientLeft - origin.left - this.host.clientLeft}px`;
    style.top = `${box.top + field.clientTop - origin.top - this.host.clientTop}px`;
    style.width = `${field.clientWidth}px`;
    style.height = `${field.clientHeight}px`;
    this.#text.style.transform = `translate(${-field.scrollLeft}px, ${-field.scrollTop}px)`;
    return this.#fits(field);
  }

  #fits(field: TextField): boolean {
    const frame = this.element.getBoundingClientRect();
    const lines = [...this.#ghost.getClientRects()];
    const [first] = lines;
    if (!first) return false;
    // Half a pixel of rounding, and inputs that are a little lower than their own letters.
    const slack = 1 + first.height / 4;
    const seen =
      first.left >= frame.left - slack &&
      first.right <= frame.right + slack &&
      first.top >= frame.top - slack &&
      first.bottom <= frame.bottom + slack;
    if (!seen) return false;
    // A second line would cover one of the field's own.
    const last = field.value.length === (field.selectionEnd ?? 0);
    return last || (lines.length === 1 && first.top - this.#caretTop() < first.height / 2);
  }

  /** Where the line of the caret begins, in px of the window. */
  #caretTop(): number {
    const lines = this.#before.getClientRects();
    return lines[lines.length - 1]?.top ?? -Infinity;
  }
}
