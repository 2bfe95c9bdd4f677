/** The laboratory's end of the wall: one experiment at a time, whose frames are paced by the page that draws them. */
import { AdaptiveError } from '../core/errors.js';
import type { Reply } from '../core/protocol.js';
import type { AnyFrame, Experiment, Laboratory, Report } from './experiment.js';
import { FrameOutlet } from './frame-outlet.js';
import { Hold } from './hold.js';
import type { LabApi, LabCommand, LabRequest } from './protocol.js';

export interface LabPlace {
  /** null when there is none of that name. */
  find(name: string): Experiment<unknown, AnyFrame> | null;
  laboratory(request: LabRequest, signal: AbortSignal): Laboratory;
}

export function createLabEndpoint(place: LabPlace): LabApi {
  let busy = false;
  return {
    async run(request, port): Promise<Reply<Report<AnyFrame>>> {
      try {
        if (busy) throw new AdaptiveError('busy', 'An experiment is running. Stop it first.');
        busy = true;
        try {
          return { ok: true, value: await run(place, request, port) };
        } finally {
          busy = false;
        }
      } catch (error) {
        return { ok: false, error: AdaptiveError.from(error).serialize() };
      }
    },
  };
}

async function run(place: LabPlace, request: LabRequest, port: MessagePort): Promise<Report<AnyFrame>> {
  const { experiment: name, settings, seed, frames, stepsPerFrame, held } = request;
  const experiment = place.find(name);
  if (!experiment) throw new AdaptiveError('invalid-option', `There is no experiment “${name}”.`);
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw new AdaptiveError(
      'invalid-option',
      `The seed: expected a whole number from 0 to 4,294,967,295, got ${seed}.`,
    );
  }
  const abort = new AbortController();
  const { signal } = abort;
  const hold = new Hold(held);
  const outlet = new FrameOutlet(port, frames);
  let speed = stepsPerFrame;
  // Who goes step by step is shown every step.
  const watch = { stepsPerFrame: held ? (speed ?? 1) : speed };
  port.onmessage = ({ data }: MessageEvent<LabCommand>) => {
    if (data.type === 'taken') outlet.taken();
    else if (data.type === 'stop') abort.abort();
    else if (data.type === 'speed') speed = data.stepsPerFrame;
    else hold[data.type]();
    watch.stepsPerFrame = hold.held ? (speed ?? 1) : speed;
  };
  const laboratory = place.laboratory(request, signal);
  const course = experiment.run({ settings: experiment.parse(settings), seed, laboratory, signal, watch });
  for (;;) {
    const result = await course.next();
    if (result.done === true) return result.value;
    await outlet.send(result.value, signal);
    await hold.turn(signal);
    // What the run holds is given back where it stands.
    if (signal.aborted) await course.throw(new AdaptiveError('aborted', 'The experiment was stopped.'));
  }
}
