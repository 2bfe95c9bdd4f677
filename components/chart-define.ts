/** Importing this registers the curve of losses, which is fetched when there is a run to show. */
import { LossChart } from './loss-chart.js';

if (!customElements.get('adaptive-lm-chart')) customElements.define('adaptive-lm-chart', LossChart);

declare global {
  interface HTMLElementTagNameMap {
    'adaptive-lm-chart': LossChart;
  }
}
