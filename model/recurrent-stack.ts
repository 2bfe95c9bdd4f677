/**
 * Layers of the recurrent stack, composed. Plain layers run one after the other: nothing but h recurs. Adaptive ones walk
 * through time together, since their latents form one chain through layers and time (paper section 4, the hybrid RHN-LSTM
 * policy): ζ_l = z_{l−1, t} for l > 0, and ζ_0 = z_{L−1, t−1}.
 */
import type { Dropout } from '../core/config.js';
import { inputSizes, policyRows, type StackConfig } from '../core/parameters.js';
import type { Stack, View, Writer } from '../core/program.js';
import { AdaptiveLayer, makeCell } from './adaptive-layer.js';
import type { Cell } from './cell.js';
import type { Context } from './context.js';
import type { Input } from './input.js';
import { noPolicies } from './policies.js';

/** Written into the backward scan behind each layer's step: `dh` [B, H] is then what later steps make of the h before it. */
export type GradientWatch = (scan: Writer, layer: number, dh: View) => void;

export interface RecurrentStack {
  /** What stands above reads this: the top layer's unmasked output, [T, B, H]. */
  readonly output: Input;
  /** Runs all layers over all steps, from the state in slot 0. */
  forward(): void;
  /** From dy [T, B, H], the gradient of `output`, to dx [T, B, I], which is written. */
  backward(dy: Stack, dx: Stack, watch?: GradientWatch): void;
  /** The last state becomes the first of the next segment. To be called when the gradients are done. */
  carry(): void;
}

export type StackDropout = Pick<Dropout, 'hidden' | 'latent'>;

export function recurrentStack(context: Context, config: StackConfig, x: Stack, dropout: StackDropout): RecurrentStack {
  return config.adaptation === 'static'
    ? plainStack(context, config, x, dropout)
    : adaptiveStack(context, config, x, dropout);
}

function unmasked({ h, y }: Pick<Cell, 'h' | 'y'>): Input {
  return y ? { stack: y, slot: 0 } : { stack: h, slot: 1 };
}

function adaptiveStack(context: Context, config: StackConfig, x: Stack, dropout: StackDropout): RecurrentStack {
  const { builder } = context;
  const sizes = inputSizes(x.width, config.hiddenSizes);
  const layers = config.hiddenSizes.map((hiddenSize, index) => {
    const inputSize = sizes[index] ?? x.width;
    return new AdaptiveLayer(context, config, {
      prefix: `layers.${index}`,
      inputSize,
      hiddenSize,
      latentSize: config.latentSize,
      policy: policyRows(config, inputSize, hiddenSize),
      policyOffset: config.policyOffset ?? 0,
      hoistInput: index === 0,
      hiddenDropout: dropout.hidden,
      latentDropout: dropout.latent,
      keepOutput: index === config.hiddenSizes.length - 1,
    });
  });
  const top = lastOf(layers);

  const wired = layers.map((layer, index) => {
    const below = layers[index - 1];
    const input: Input = below ? { stack: below.cell.h, slot: 1 } : { stack: x, slot: 0 };
    // The latent below at this step; for the bottom layer, the top one's a step ago.
    const zeta: Input | null =
      layers.length === 1 ? null : below ? { stack: below.latent.z, slot: 1 } : { stack: top.latent.z, slot: 0 };
    return { layer, index, below, input, zeta };
  });
  for (const { options, cell, latent } of layers) {
    openStates(context, options.prefix, { ...cell.states, ...latent.states });
    openGradients(context, options.prefix, { ...cell.gradients, ...latent.gradients });
  }

  return {
    output: unmasked(top.cell),

    forward() {
      for (const { layer, input } of wired) layer.hoistForward(input);
      builder.scan('forward', (scan) => {
        for (const { layer, input, zeta } of wired) layer.forwardStep(scan, input, zeta);
      });
    },

    backward(dy, dx, watch) {
      builder.call('fill', { x: dx.all() }, { n: { perStep: dx.rows * dx.width } }, { value: 0 });
      for (const { cell, latent } of layers) clear(context, { ...cell.gradients, ...latent.gradients });
      builder.scan('backward', (scan) => {
        for (const { layer, index, below, input, zeta } of [...wired].reverse()) {
          // Whoever fed this layer's ζ collects its gradient; below and top have overwritten theirs by now.
          const feeder = below ?? top;
          layer.backwardStep(
            scan,
            input,
            zeta,
            layer === top ? dy.at() : null,
            below?.cell.gradients?.h ?? dx.at(),
            zeta && (feeder.latent.gradients?.z ?? null),
          );
          if (layer.cell.gradients) watch?.(scan, index, layer.cell.gradients.h);
        }
      });
      for (const { layer, below, input, zeta } of wired) layer.weightGradients(input, zeta, below ? null : dx);
    },

    carry() {
      for (const { cell, latent } of layers) carryStates(context, { ...cell.states, ...latent.states });
    },
  };
}

function plainStack(context: Context, config: StackConfig, x: Stack, dropout: StackDropout): RecurrentStack {
  const { builder, batch, rows } = context;
  const sizes = inputSizes(x.width, config.hiddenSizes);
  const layers = config.hiddenSizes.map((hiddenSize, index) => {
    const prefix = `layers.${index}`;
    const cell = makeCell(context, config.cell, {
      prefix,
      inputSize: sizes[index] ?? x.width,
      hiddenSize,
      policy: null,
      dropout: dropout.hidden,
      keepOutput: index === config.hiddenSizes.length - 1,
    });
    openStates(context, prefix, cell.states);
    openGradients(context, prefix, cell.gradients ?? {});
    return { prefix, cell };
  });
  const top = lastOf(layers);
  const wired = layers.map((layer, index) => {
    const below = layers[index - 1];
    const input: Input = below ? { stack: below.cell.h, slot: 1 } : { stack: x, slot: 0 };
    return { ...layer, index, below, input };
  });

  return {
    output: unmasked(top.cell),

    forward() {
      for (const { cell, input } of wired) {
        cell.hoistForward(input);
        builder.scan('forward', (scan) => cell.forwardStep(scan, input, noPolicies));
      }
    },

    backward(dy, dx, watch) {
      let gradient = dy;
      for (const { cell, index, below, input } of [...wired].reverse()) {
        const from = gradient;
        clear(context, cell.gradients ?? {});
        builder.scan('backward', (scan) => {
          cell.backwardStep(scan, input, noPolicies, { policies: noPolicies, dy: from.at(), dx: null });
          if (cell.gradients) watch?.(scan, index, cell.gradients.h);
        });
        gradient = below ? builder.stack(`${below.prefix}.dy`, batch, below.cell.h.width) : dx;
        cell.weightGradients(input, gradient);
        // x was the masked output of the layer below; its cell wants the gradient of the unmasked one.
        if (below?.cell.mask) {
          const view = gradient.all();
          const sizes = { m: rows, n: gradient.width, period: batch };
          builder.call('applyMask', { x: view, mask: below.cell.mask, y: view }, sizes);
        }
      }
    },

    carry() {
      for (const { cell } of layers) carryStates(context, cell.states);
    },
  };
}

function lastOf<T>(items: readonly T[]): T {
  const last = items.at(-1);
  if (last === undefined) throw new TypeError('A recurrent stack needs a layer.');
  return last;
}

/** Slot `steps` becomes slot 0. */
function carryStates({ builder, batch }: Context, states: Readonly<Record<string, Stack>>): void {
  for (const state of Object.values(states)) {
    builder.call('copy', { x: state.at(0), y: state.all(0) }, { m: batch, n: state.width });
  }
}

/** `state.0.h` and so on: what the next segment starts from. */
function openStates({ builder, batch }: Context, prefix: string, states: Readonly<Record<string, Stack>>): void {
  for (const [name, stack] of Object.entries(states)) {
    builder.port(`${prefix.replace('layers', 'state')}.${name}`, stack.all(0), [batch, stack.width]);
  }
}

/** `dstate.0.h` and so on: gradients of the state that the segment started from. */
function openGradients({ builder, batch }: Context, prefix: string, gradients: Readonly<Record<string, View>>): void {
  for (const [name, view] of Object.entries(gradients)) {
    builder.port(`${prefix.replace('layers', 'dstate')}.${name}`, view, [batch, view.ld]);
  }
}

/** Before a backward scan: nothing comes from after the segment. */
function clear({ builder, batch }: Context, gradients: Readonly<Record<string, View>>): void {
  for (const view of Object.values(gradients)) {
    builder.call('fill', { x: view }, { n: batch * view.ld }, { value: 0 });
  }
}
