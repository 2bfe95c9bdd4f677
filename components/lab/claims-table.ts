/** What the research claims, beside what this run measured. */
import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import type { Claim } from '../../lab/experiment.js';
import { controls } from '../controls.js';
import { labStrings } from './strings.js';

export class ClaimsTable extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
        container-type: inline-size;
      }
      .scroll {
        overflow-x: auto;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 0.875rem;
        font-variant-numeric: tabular-nums;
      }
      caption {
        padding-bottom: 0.4rem;
        text-align: start;
        font-weight: 600;
      }
      th,
      td {
        padding: 0.45rem 0.9rem 0.45rem 0;
        border-top: 1px solid var(--_line);
        text-align: start;
        vertical-align: top;
      }
      thead th {
        border-top: 0;
        color: var(--_soft);
        font-size: 0.8125rem;
        font-weight: 500;
      }
      tbody th {
        min-width: 11rem;
        font-weight: 400;
      }
      /* On a phone each claim is a block of its own, whose cells say what they are. */
      @container (max-width: 32rem) {
        thead {
          position: absolute;
          clip-path: inset(50%);
        }
        table,
        caption,
        tbody,
        tr,
        th,
        td {
          display: block;
        }
        tbody tr {
          padding-block: 0.6rem;
          border-top: 1px solid var(--_line);
        }
        tbody th,
        td {
          padding: 0.1rem 0;
          border-top: 0;
        }
        td::before {
          content: attr(data-name) ': ';
          color: var(--_soft);
        }
      }
      .yes {
        color: var(--_accent);
        font-weight: 600;
      }
      .no {
        color: var(--_danger);
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) claims: readonly Claim[] = [];

  override render() {
    if (this.claims.length === 0) return nothing;
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${labStrings.claims}>
      <table>
        <caption>
          ${labStrings.claims}
        </caption>
        <thead>
          <tr>
            <th scope="col">${labStrings.claim}</th>
            <th scope="col">${labStrings.expected}</th>
            <th scope="col">${labStrings.measured}</th>
            <th scope="col">${labStrings.verdict}</th>
          </tr>
        </thead>
        <tbody>
          ${this.claims.map(
            ({ claim, expected, measured, holds }) =>
              html`<tr>
                <th scope="row">${claim}</th>
                <td data-name=${labStrings.expected}>${expected}</td>
                <td data-name=${labStrings.measured}>${measured}</td>
                <td data-name=${labStrings.verdict}>${verdict(holds)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}

function verdict(holds: boolean | null) {
  if (holds === null) return labStrings.verdicts.open;
  return holds
    ? html`<span class="yes">${labStrings.verdicts.holds}</span>`
    : html`<span class="no">${labStrings.verdicts.fails}</span>`;
}
