/** The laboratory's elements as classes. Importing this registers nothing; `define.js` does. */
import { MessageBar } from '../message-bar.js';
import { ActivationCurves } from './activation-curves.js';
import { ActivationLab } from './activation-lab.js';
import { ClaimsTable } from './claims-table.js';
import { FigureView } from './figure-view.js';
import { LabFields } from './lab-fields.js';
import { MnistFiles } from './mnist-files.js';

export { ActivationCurves, ActivationLab };
export { LabFrameEvent, LabStateEvent, type LabState } from './events.js';
export { AdaptiveErrorEvent } from '../events.js';
export { AdaptiveError, type ErrorCode } from '../../core/errors.js';

/** `<activation-lab>` and the parts that it is made of, by the names they are used under. */
export const elements = {
  'activation-lab': ActivationLab,
  'activation-curves': ActivationCurves,
  'activation-lab-figure': FigureView,
  'activation-lab-fields': LabFields,
  'activation-lab-files': MnistFiles,
  'activation-lab-claims': ClaimsTable,
  'adaptive-lm-message': MessageBar,
} as const;

declare global {
  interface HTMLElementTagNameMap {
    'activation-lab': ActivationLab;
    'activation-curves': ActivationCurves;
    'activation-lab-figure': FigureView;
    'activation-lab-fields': LabFields;
    'activation-lab-files': MnistFiles;
    'activation-lab-claims': ClaimsTable;
  }
}
