import { css } from 'lit';

/** The panel in its frame. */
export const trainerStyles = css`
  adaptive-lm-training {
    padding: var(--_inset);
  }
  footer {
    align-items: center;
    gap: 0.4rem 1.5rem;
  }
  @media (max-width: 30rem) {
    .card {
      --_inset: 1rem;
    }
  }
`;
