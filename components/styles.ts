/** What the element's parts share: colours and type, buttons and fields. */
import { css } from 'lit';

/**
 * The tokens, set on `<adaptive-lm>` and inherited by its parts. Colours follow the page's `color-scheme`; where
 * `light-dark()` is missing they follow the reader's system.
 */
export const tokens = css`
  :host {
    --_paper: var(--adaptive-lm-paper, light-dark(#ffffff, #1b1c1e));
    --_sunk: var(--adaptive-lm-sunk, light-dark(#f7f6f3, #141517));
    --_ink: var(--adaptive-lm-ink, light-dark(#1d1c1a, #ebe8e2));
    --_soft: var(--adaptive-lm-soft, light-dark(#605b53, #a8a29a));
    --_line: var(--adaptive-lm-line, light-dark(#e6e3dc, #323438));
    --_edge: var(--adaptive-lm-edge, light-dark(#8c867c, #7d7972));
    --_accent: var(--adaptive-lm-accent, light-dark(#0b6a5c, #66cdb7));
    --_on-accent: var(--adaptive-lm-on-accent, light-dark(#ffffff, #06231d));
    --_wash: var(--adaptive-lm-wash, light-dark(#e9f3f0, #1a2b28));
    --_danger: var(--adaptive-lm-danger, light-dark(#9f2318, #ffa297));
    --_danger-wash: var(--adaptive-lm-danger-wash, light-dark(#fcefec, #331b19));
    --_font: var(
      --adaptive-lm-font,
      -apple-system,
      BlinkMacSystemFont,
      'Segoe UI',
      Roboto,
      'Helvetica Neue',
      Arial,
      sans-serif
    );
    --_serif: var(
      --adaptive-lm-writing-font,
      ui-serif,
      'Iowan Old Style',
      Charter,
      'Palatino Linotype',
      Georgia,
      'Times New Roman',
      serif
    );
    --_radius: var(--adaptive-lm-radius, 14px);
  }

  @supports not (color: light-dark(#000, #fff)) {
    :host {
      --_paper: var(--adaptive-lm-paper, #ffffff);
      --_sunk: var(--adaptive-lm-sunk, #f7f6f3);
      --_ink: var(--adaptive-lm-ink, #1d1c1a);
      --_soft: var(--adaptive-lm-soft, #605b53);
      --_line: var(--adaptive-lm-line, #e6e3dc);
      --_edge: var(--adaptive-lm-edge, #8c867c);
      --_accent: var(--adaptive-lm-accent, #0b6a5c);
      --_on-accent: var(--adaptive-lm-on-accent, #ffffff);
      --_wash: var(--adaptive-lm-wash, #e9f3f0);
      --_danger: var(--adaptive-lm-danger, #9f2318);
      --_danger-wash: var(--adaptive-lm-danger-wash, #fcefec);
    }
    @media (prefers-color-scheme: dark) {
      :host {
        --_paper: var(--adaptive-lm-paper, #1b1c1e);
        --_sunk: var(--adaptive-lm-sunk, #141517);
        --_ink: var(--adaptive-lm-ink, #ebe8e2);
        --_soft: var(--adaptive-lm-soft, #a8a29a);
        --_line: var(--adaptive-lm-line, #323438);
        --_edge: var(--adaptive-lm-edge, #7d7972);
        --_accent: var(--adaptive-lm-accent, #66cdb7);
        --_on-accent: var(--adaptive-lm-on-accent, #06231d);
        --_wash: var(--adaptive-lm-wash, #1a2b28);
        --_danger: var(--adaptive-lm-danger, #ffa297);
        --_danger-wash: var(--adaptive-lm-danger-wash, #331b19);
      }
    }
  }
`;

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
    transition: background-color 120ms;
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
