import { css } from 'lit';

/** The frame around the parts: one column, or two where there is room. */
export const elementStyles = css`
  :host {
    container-type: inline-size;
    position: relative;
    line-height: 1.45;
  }
  .card {
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_paper);
    overflow: clip;
  }
  header {
    display: flex;
    align-items: center;
    gap: 0.25rem;
    min-height: 3.5rem;
    padding: 0.5rem 0.9rem 0.5rem 1.5rem;
    border-bottom: 1px solid var(--_line);
  }
  header h2 {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .message {
    display: flex;
    align-items: flex-start;
    gap: 1rem;
    padding: 0.8rem 0.9rem 0.8rem 1.5rem;
    border-bottom: 1px solid var(--_line);
    background: var(--_wash);
  }
  .message p {
    flex: 1;
    min-width: 0;
    padding: 0.25rem 0;
    overflow-wrap: anywhere;
  }
  .message button.quiet {
    color: inherit;
  }
  .message button.quiet:hover:not(:disabled) {
    background: var(--_paper);
  }
  .error {
    background: var(--_danger-wash);
    color: var(--_danger);
  }
  .columns {
    display: grid;
  }
  .columns > * {
    padding: 1.5rem;
  }
  adaptive-lm-training {
    border-top: 1px solid var(--_line);
  }
  footer {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0.25rem 1.5rem;
    padding: 0.7rem 1.5rem;
    border-top: 1px solid var(--_line);
  }
  .drop {
    position: absolute;
    inset: 0;
    z-index: 1;
    display: grid;
    place-items: center;
    border: 2px dashed var(--_accent);
    border-radius: var(--_radius);
    background: color-mix(in srgb, var(--_wash) 92%, transparent);
    color: var(--_accent);
    font-size: 1.125rem;
    font-weight: 600;
    pointer-events: none;
  }

  @container (min-width: 54rem) {
    .columns.two {
      grid-template-columns: minmax(0, 1fr) 23rem;
    }
    .columns > * {
      padding: 1.75rem;
    }
    header,
    .message,
    footer {
      padding-left: 1.75rem;
    }
    adaptive-lm-training {
      border-top: 0;
      border-left: 1px solid var(--_line);
    }
  }
  @container (max-width: 30rem) {
    .columns > * {
      padding: 1.1rem 1rem 1.25rem;
    }
    header,
    .message,
    footer {
      padding-left: 1rem;
      padding-right: 0.6rem;
    }
  }
`;
