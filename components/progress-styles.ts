import { css } from 'lit';

/** A bar in the element's colours; how high it is says who has one. */
export const progressStyles = css`
  progress {
    display: block;
    width: 100%;
    appearance: none;
    border: 0;
    overflow: hidden;
    background: var(--_line);
    color: var(--_accent);
  }
  progress::-webkit-progress-bar {
    background: var(--_line);
  }
  progress::-webkit-progress-value {
    background: var(--_accent);
  }
  progress::-moz-progress-bar {
    background: var(--_accent);
  }
`;
