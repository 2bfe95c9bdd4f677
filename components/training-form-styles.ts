import { css } from 'lit';

export const trainingFormStyles = css`
  form {
    display: grid;
    gap: 1.1rem;
    min-width: 0;
  }
  form > * {
    min-width: 0;
  }
  .segments {
    display: grid;
    grid-auto-columns: 1fr;
    grid-auto-flow: column;
    gap: 3px;
    margin-top: 0.4rem;
    padding: 3px;
    border-radius: 10px;
    background: var(--_sunk);
  }
  .segments label {
    position: relative;
    display: grid;
    color: var(--_ink);
    cursor: pointer;
  }
  .segments input {
    position: absolute;
    inset: 0;
    opacity: 0;
    cursor: pointer;
  }
  .segments label > span {
    display: grid;
    place-content: center;
    justify-items: center;
    min-height: 2.1rem;
    padding: 0.35rem 0.3rem;
    border: 1px solid transparent;
    border-radius: 8px;
    font-size: 0.875rem;
    text-align: center;
  }
  .segments small {
    display: grid;
    margin-top: 0.15rem;
    color: var(--_soft);
    font-size: 0.75rem;
    font-weight: 400;
    font-variant-numeric: tabular-nums;
  }
  .segments input:checked + span {
    border-color: var(--_accent);
    background: var(--_paper);
  }
  .segments input:focus-visible + span {
    outline: 2px solid var(--_accent);
    outline-offset: 1px;
  }
  @media (forced-colors: active) {
    .segments input:checked + span {
      border-color: Highlight;
      outline: 1px solid Highlight;
    }
  }

  .pair {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 1rem;
    padding-top: 0.7rem;
  }
  .pair label {
    display: block;
    margin-bottom: 0.35rem;
  }
`;
