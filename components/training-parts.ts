/** The training panel and its parts, by the names they are used under. */
import { CorpusField } from './corpus-field.js';
import { LossChart } from './loss-chart.js';
import { TrainingForm } from './training-form.js';
import { TrainingPanel } from './training-panel.js';
import { TrainingRunView } from './training-run.js';

export const trainingParts = {
  'adaptive-lm-training': TrainingPanel,
  'adaptive-lm-training-form': TrainingForm,
  'adaptive-lm-corpus': CorpusField,
  'adaptive-lm-training-run': TrainingRunView,
  'adaptive-lm-chart': LossChart,
} as const;

declare global {
  interface HTMLElementTagNameMap {
    'adaptive-lm-training': TrainingPanel;
    'adaptive-lm-training-form': TrainingForm;
    'adaptive-lm-corpus': CorpusField;
    'adaptive-lm-training-run': TrainingRunView;
    'adaptive-lm-chart': LossChart;
  }
}
