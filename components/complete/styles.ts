import { css } from 'lit';

/** A host without height of its own while it has nothing to say: it is where the layer is placed from. */
export const completeStyles = css`
  :host {
    position: relative;
    --_ghost: var(--adaptive-complete-ghost, color-mix(in oklab, currentColor 65%, transparent));
  }
  .layer {
    position: absolute;
    z-index: 1;
    overflow: hidden;
    pointer-events: none;
    user-select: none;
  }
  /* The one line of an input is in the middle of it. */
  .layer.line:not([hidden]) {
    display: flex;
    align-items: center;
  }
  .layer.line > div {
    flex: 1;
    white-space: pre;
  }
  .before {
    visibility: hidden;
  }
  .ghost {
    color: var(--_ghost);
  }
  .caption {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 0.5rem;
    padding-top: 0.3rem;
    font-size: 0.8125rem;
    color: var(--_soft);
  }
  .error {
    padding-top: 0.3rem;
    font-size: 0.875rem;
    color: var(--_danger);
    overflow-wrap: anywhere;
  }
  /* Where there is no Tab key. It keeps its place, so that nothing jumps. */
  .take {
    display: none;
    max-width: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
    margin-top: 0.65rem;
  }
  @media (pointer: coarse) {
    .take {
      display: inline-flex;
    }
    .take:disabled {
      visibility: hidden;
    }
  }
  @media (forced-colors: active) {
    .ghost {
      color: GrayText;
    }
  }
`;
