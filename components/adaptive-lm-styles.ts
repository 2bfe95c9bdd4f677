import { css } from 'lit';

/** The frame around the parts: one column, or two where there is room. */
export const elementStyles = css`
  :host {
    container-type: inline-size;
    position: relative;
    line-height: 1.45;
  }
  .card {
    --_inset: 1.5rem;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_paper);
    overflow: clip;
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
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0.25rem 1.5rem;
    padding: 0.7rem var(--_inset);
    border-top: 1px solid var(--_line);
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
