import { css } from 'lit';

/** A choice, as the other fields look. */
export const selectStyles = css`
  select {
    width: 100%;
    min-height: 2.25rem;
    padding: 0 0.45rem;
    border: 1px solid var(--_edge);
    border-radius: 9px;
    background: var(--_paper);
    color: var(--_ink);
    font: inherit;
    font-size: 0.9375rem;
  }
`;
