import { css } from 'lit';

/** The card that an element is, and the bar at its foot. */
export const frameStyles = css`
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
  footer {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    padding: 0.7rem var(--_inset);
    border-top: 1px solid var(--_line);
  }
`;
