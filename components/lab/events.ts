/** What `<activation-lab>` tells the page, beside `adaptive-error`. */
import type { AnyFrame } from '../../lab/experiment.js';

/**
 * - `idle`: nothing was asked for; `preparing`: on the way to the first frame; `ready`: there, and not started
 * - `running`, `paused`, `finished`
 * - `error`: the last run failed or was refused, and the element says why
 */
export type LabState = 'idle' | 'preparing' | 'ready' | 'running' | 'paused' | 'finished' | 'error';

/** `lab-state`: the state changed. */
export class LabStateEvent extends Event {
  constructor(
    /** What it does now. */
    readonly state: LabState,
    /** What it did before. */
    readonly previous: LabState,
  ) {
    super('lab-state', { bubbles: true, composed: true });
  }
}

/** `lab-frame`: another frame is being drawn. */
export class LabFrameEvent extends Event {
  constructor(
    /** What is drawn. */
    readonly frame: AnyFrame,
  ) {
    super('lab-frame', { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'lab-state': LabStateEvent;
    'lab-frame': LabFrameEvent;
  }
}
