import type { ExportFormat } from '../core/file-formats.js';
import type { Precision } from '../core/precision.js';

/** The reader wants the model as a file. */
export class SaveChosen extends Event {
  constructor(
    readonly format: ExportFormat,
    readonly precision: Precision,
  ) {
    super('save-chosen');
  }
}

/** Also of another copy of this code, which the dialog may come from. */
export function isSaveChosen(event: Event): event is SaveChosen {
  return event.type === 'save-chosen' && 'format' in event && 'precision' in event;
}
