import { css } from 'lit';

/** A card: what it is, the figures, what can be set, what can be done. */
export const labStyles = css`
  :host {
    container-type: inline-size;
    position: relative;
    --lab-first: var(--activation-lab-first, light-dark(#2f6fb0, #7fb2f0));
    --lab-second: var(--activation-lab-second, light-dark(#c2621b, #f0a35e));
    --lab-third: var(--activation-lab-third, light-dark(#0b6a5c, #66cdb7));
    --lab-fourth: var(--activation-lab-fourth, light-dark(#8b3f95, #d79be0));
    --lab-quiet: var(--_edge);
  }
  .card {
    --_inset: 1.5rem;
    display: grid;
    gap: 1.1rem;
    padding: var(--_inset);
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_paper);
    overflow: clip;
  }
  .card > * {
    min-width: 0;
  }
  .card > .unseen {
    position: absolute;
  }
  header {
    display: grid;
    gap: 0.25rem;
  }
  h3 {
    margin: 0;
    font: 600 1.0625rem/1.35 var(--_font);
  }
  .message {
    margin-inline: calc(-1 * var(--_inset));
  }
  .figures {
    display: grid;
    gap: 1.5rem;
  }
  .empty {
    display: grid;
    place-items: center;
    min-height: 12rem;
    padding: 1rem;
    border: 1px dashed var(--_line);
    border-radius: 10px;
    color: var(--_soft);
    text-align: center;
  }
  .way {
    display: grid;
    gap: 0.35rem;
  }
  input[type='range'] {
    width: 100%;
    height: 2.25rem;
  }
  progress {
    height: 4px;
    border-radius: 2px;
  }
  .transport {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.6rem;
  }
  .main {
    min-width: 6.5rem;
  }
  .speed {
    display: flex;
    align-items: center;
    gap: 0.5rem;
  }
  .speed select {
    width: auto;
  }
  .status {
    flex: 1 1 12rem;
    display: flex;
    flex-wrap: wrap;
    gap: 0.1rem 1rem;
    min-width: 0;
    color: var(--_soft);
    font-size: 0.8125rem;
  }
  .status b {
    color: var(--_ink);
    font-weight: 500;
  }
  @container (min-width: 46rem) {
    .beside {
      grid-template-columns: minmax(0, 1.9fr) minmax(0, 1fr);
    }
    .beside .empty {
      grid-column: 1 / -1;
    }
  }
  @container (max-width: 30rem) {
    .card {
      --_inset: 1rem;
    }
    .transport button {
      flex: 1;
    }
    .status {
      flex-basis: 100%;
    }
  }
`;
