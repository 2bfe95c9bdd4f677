import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import { Words } from './strings/words.js';

/** A part of an element, which speaks as that does. */
export class Part extends LitElement {
  @property({ attribute: false }) words = new Words();
}
