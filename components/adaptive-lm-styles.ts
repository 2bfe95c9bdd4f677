import { css } from 'lit';

/** The parts in their frame: one column, or two where there is room. */
export const elementStyles = css`
  :host {
    container-type: inline-size;
  }
  .columns {
    display: grid;
  }
  .columns > * {
    padding: var(--_inset);
  }
  adaptive-lm-training {
    border-top: 1px solid var(--_line);
  }
  /* Room for it while it is fetched, so that nothing jumps. */
  adaptive-lm-training:not(:defined) {
    min-height: 31rem;
  }
  footer {
    gap: 0.25rem 1.5rem;
  }

  @container (min-width: 54rem) {
    .columns.two {
      grid-template-columns: minmax(0, 1fr) 23rem;
    }
    /* Beside the training panel the text scrolls in the height that the panel gives. */
    .columns.two adaptive-lm-writer {
      --_sheet-basis: 0;
    }
    .card {
      --_inset: 1.75rem;
    }
    adaptive-lm-training {
      border-top: 0;
      border-inline-start: 1px solid var(--_line);
    }
  }
  @container (max-width: 30rem) {
    .card {
      --_inset: 1rem;
    }
  }
`;
