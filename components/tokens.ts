/** Colours and type: the custom properties that the element offers, and what they are when nobody sets them. */
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
