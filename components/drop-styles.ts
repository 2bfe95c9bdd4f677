import { css } from 'lit';

/** What lies over an element while files hover above it (drop-target.ts). */
export const dropStyles = css`
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
`;
