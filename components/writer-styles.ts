import { css } from 'lit';

/** The writing surface: large, quiet type; the prompt in the accent's ink, the continuation in black. */
export const writerStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: 1rem;
  }
  .composer {
    display: grid;
    gap: 0.5rem;
  }
  #prompt {
    min-height: 4.25rem;
    max-height: 16rem;
    field-sizing: content;
    font: 400 1.0625rem/1.5 var(--_serif);
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.6rem;
  }
  [part='write-button'] {
    min-width: 6.5rem;
  }
  .stop {
    border-color: var(--_accent);
    color: var(--_accent);
  }
  .stop::before {
    content: '';
    width: 0.65em;
    height: 0.65em;
    border-radius: 2px;
    background: currentColor;
  }
  kbd {
    color: var(--_soft);
    font: 400 0.8125rem/1 var(--_font);
  }
  @media (hover: none) {
    kbd {
      display: none;
    }
  }
  .gap {
    flex: 1;
  }
  .chevron {
    width: 0.42em;
    height: 0.42em;
    border: solid currentColor;
    border-width: 0 1.5px 1.5px 0;
    transform: translateY(-0.12em) rotate(45deg);
  }
  [aria-expanded='true'] .chevron {
    transform: translateY(0.1em) rotate(225deg);
  }

  .frame {
    position: relative;
    display: flex;
    flex: 1;
    flex-direction: column;
    min-height: 15rem;
    border-radius: 10px;
    background: var(--_sunk);
  }
  #sheet {
    flex: 1 1 var(--_sheet-basis, auto);
    min-height: 12rem;
    max-height: var(--adaptive-lm-output-height, 34rem);
    padding: 1.25rem 1.4rem 1.5rem;
    overflow: auto;
    border-radius: 10px;
    font: 400 1.1875rem/1.6 var(--_serif);
    overflow-wrap: anywhere;
  }
  #sheet p {
    text-align: start; /* of the text's own direction */
    max-width: 38em;
  }
  #sheet p > span {
    white-space: pre-wrap;
  }
  .prompt {
    color: var(--_accent);
  }
  ::slotted([slot='empty']) {
    color: var(--_soft);
    font-style: italic;
  }
  .writing p:last-child::after {
    content: '';
    display: inline-block;
    width: 0.08em;
    height: 1.05em;
    margin-inline-start: 0.08em;
    vertical-align: -0.15em;
    background: var(--_accent);
    animation: blink 1.1s steps(1) infinite;
  }
  @keyframes blink {
    50% {
      opacity: 0;
    }
  }
  .tools {
    display: flex;
    justify-content: flex-end;
    gap: 0.15rem;
    padding: 0 0.6rem 0.5rem;
  }
  .tools button:hover:not(:disabled) {
    background: var(--_paper);
  }
  @media (forced-colors: active) {
    .frame {
      border: 1px solid CanvasText;
    }
  }
`;
