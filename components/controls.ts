import { css } from 'lit';

/** Controls and small type, for every part. */
export const controls = css`
  :host {
    display: block;
    min-width: 0;
    font: 400 0.9375rem/1.45 var(--_font);
    color: var(--_ink);
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  h2 {
    margin: 0;
    font: 600 1.0625rem/1.3 var(--_font);
    letter-spacing: -0.005em;
  }
  p {
    margin: 0;
  }
  /* Words stand in the direction of their own script, whoever wrote them; on which side is the page's matter. */
  :not(input) {
    unicode-bidi: plaintext;
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }
  textarea,
  blockquote {
    text-align: start;
  }
  .soft {
    color: var(--_soft);
  }
  .small {
    font-size: 0.8125rem;
  }
  .numbers {
    font-variant-numeric: tabular-nums;
  }
  label,
  legend,
  .label {
    padding: 0;
    font-size: 0.8125rem;
    font-weight: 500;
    color: var(--_soft);
  }
  fieldset {
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }

  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.5em;
    min-height: 2.5rem;
    padding: 0 0.95rem;
    border: 1px solid var(--_line);
    border-radius: 9px;
    background: var(--_paper);
    color: var(--_ink);
    font: 500 0.9375rem/1 var(--_font);
    white-space: nowrap;
    cursor: pointer;
  }
  button:hover:not(:disabled) {
    background: var(--_sunk);
  }
  button.main {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }
  button.main:hover:not(:disabled) {
    background: color-mix(in oklab, var(--_accent) 88%, var(--_ink));
  }
  button.quiet {
    min-height: 2rem;
    padding: 0 0.55rem;
    border-color: transparent;
    background: none;
    color: var(--_soft);
    font-size: 0.875rem;
  }
  button.quiet:hover:not(:disabled) {
    background: var(--_sunk);
    color: var(--_ink);
  }
  button:disabled {
    opacity: 0.5;
    cursor: default;
  }

  textarea,
  select,
  input[type='number'] {
    width: 100%;
    border: 1px solid var(--_edge);
    border-radius: 9px;
    background: var(--_paper);
    color: var(--_ink);
    font: inherit;
  }
  textarea {
    display: block;
    padding: 0.65rem 0.8rem;
    resize: vertical;
  }
  select,
  input[type='number'] {
    min-height: 2.25rem;
    padding: 0 0.6rem;
    font-variant-numeric: tabular-nums;
  }
  ::placeholder {
    color: var(--_soft);
    opacity: 1;
  }
  input:disabled {
    color: var(--_soft);
    background: var(--_sunk);
    border-color: var(--_line);
  }
  input[type='range'],
  input[type='checkbox'],
  input[type='radio'] {
    margin: 0;
    accent-color: var(--_accent);
  }
  summary {
    width: fit-content;
    border-radius: 6px;
    font-size: 0.875rem;
    font-weight: 500;
    color: var(--_soft);
    cursor: pointer;
  }
  summary:hover {
    color: var(--_ink);
  }

  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    ::before,
    ::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;
