import { css } from 'lit';

/** The frame around the panel. */
export const trainerStyles = css`
  :host {
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
  adaptive-lm-training {
    padding: var(--_inset);
  }
  footer {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.4rem 1.5rem;
    padding: 0.7rem var(--_inset);
    border-top: 1px solid var(--_line);
  }
  @media (max-width: 30rem) {
    .card {
      --_inset: 1rem;
    }
  }
`;
