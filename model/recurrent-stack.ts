/**
 * Layers of the recurrent stack, composed. Static layers run one after the other. Adaptive ones walk through time
 * together, since their latents form one chain through layers and time (paper section 4, the hybrid RHN-LSTM policy):
 * ζ_l = z_{l−1, t} for l > 0, and ζ_0 = z_{L−1, t−1}.
 */
import type { Dropout } from '../core/config.js';
import type { Stack, View } from '../core/program.js';
import { AdaptiveLstm, type Input } from './adaptive-lstm.js';
import type { Context } from './context.js';
import { inputSizes, policyRows, type StackConfig } from '../core/parameters.js';
import { StaticLstm } from './static-lstm.js';

export interface RecurrentStack {
  /** What stands above reads this: the top layer's unmasked output, [T, B, H]. */
  readonly output: Input;
  /** Runs all layers over all steps, from the state in slot 0. */
  forward(): void;
  /** From dy [T, B, H], the gradient of `output`, to dx [T, B, I], which is written. */
  backward(dy: Stack, dx: Stack): void;
  /** The last state becomes the first of the next segment. To be called when the gradients are done. */
  carry(): void;
}

export type StackDropout = Pick<Dropout, 'hidden' | 'latent'>;

export function recurrentStack(context: Context, config: StackConfig, x: Stack, dropout: StackDropout): RecurrentStack {
  return config.adaptation === 'static'
    ? staticStack(context, config, x, dropout)
    : adaptiveStack(context, config, x, dropout);
}

function unmasked({ h, y }: { readonly h: Stack; readonly y: Stack | null }): Input {
  return y ? { stack: y, slot: 0 } : { stack: h, slot: 1 };
}

function adaptiveStack(context: Context, config: StackConfig, x: Stack, dropout: StackDropout): RecurrentStack {
  const { builder } = context;
  const sizes = inputSizes(x.width, config.hiddenSizes);
  const layers = config.hiddenSizes.map((hiddenSize, index) => {
    const inputSize = sizes[index] ?? x.width;
    return new AdaptiveLstm(context, {
      prefix: `layers.${index}`,
      inputSize,
      hiddenSize,
      latentSize: config.latentSize,
      policy: policyRows(config, inputSize, hiddenSize),
      hoistInput: index === 0,
      hiddenDropout: dropout.hidden,
      latentDropout: dropout.latent,
      keepOutput: index === config.hiddenSizes.length - 1,
    });
  });
  const top = lastOf(layers);

  const wired = layers.map((layer, index) => {
    const below = layers[index - 1];
    const input: Input = below ? { stack: below.h, slot: 1 } : { stack: x, slot: 0 };
    // The latent below at this step; for the bottom layer, the top one's a step ago.
    const zeta: Input | null =
      layers.length === 1 ? null : below ? { stack: below.z, slot: 1 } : { stack: top.z, slot: 0 };
    return { layer, below, input, zeta };
  });
  for (const { layer } of wired) {
    openStatePorts(context, layer.options.prefix, { h: layer.h, c: layer.c, z: layer.z, zc: layer.zc });
    if (layer.gradients) {
      const { dh, dc, dz, dzc } = layer.gradients;
      openGradientPorts(context, layer.options.prefix, { h: dh, c: dc, z: dz, zc: dzc });
    }
  }

  return {
    output: unmasked(top),

    forward() {
      for (const { layer, input } of wired) layer.hoistForward(input);
      builder.scan('forward', (scan) => {
        for (const { layer, input, zeta } of wired) layer.forwardStep(scan, input, zeta);
      });
    },

    backward(dy, dx) {
      builder.call('fill', { x: dx.all() }, { n: { perStep: dx.rows * dx.width } }, { value: 0 });
      for (const layer of layers) layer.clearGradients();
      builder.scan('backward', (scan) => {
        for (const { layer, below, input, zeta } of [...wired].reverse()) {
          // Whoever fed this layer's ζ collects its gradient; below and top have overwritten theirs by now.
          const feeder = below ?? top;
          layer.backwardStep(
            scan,
            input,
            layer === top ? dy.at() : null,
            below?.gradients?.dh ?? dx.at(),
            zeta && (feeder.gradients?.dz ?? null),
          );
        }
      });
      for (const { layer, below, input, zeta } of wired) layer.weightGradients(input, zeta, below ? null : dx);
    },

    carry() {
      for (const { h, c, z, zc } of layers) for (const state of [h, c, z, zc]) carryState(context, state);
    },
  };
}

function staticStack(context: Context, config: StackConfig, x: Stack, dropout: StackDropout): RecurrentStack {
  const sizes = inputSizes(x.width, config.hiddenSizes);
  const layers = config.hiddenSizes.map(
    (hiddenSize, index) =>
      new StaticLstm(context, {
        prefix: `layers.${index}`,
        inputSize: sizes[index] ?? x.width,
        hiddenSize,
        hiddenDropout: dropout.hidden,
        keepOutput: index === config.hiddenSizes.length - 1,
      }),
  );
  const top = lastOf(layers);
  const wired = layers.map((layer, index) => {
    const below = layers[index - 1];
    const input: Input = below ? { stack: below.h, slot: 1 } : { stack: x, slot: 0 };
    return { layer, below, input };
  });
  for (const { layer } of wired) {
    openStatePorts(context, layer.options.prefix, { h: layer.h, c: layer.c });
    if (layer.gradients) {
      const { dh, dc } = layer.gradients;
      openGradientPorts(context, layer.options.prefix, { h: dh, c: dc });
    }
  }

  return {
    output: unmasked(top),

    forward() {
      for (const { layer, input } of wired) layer.forward(input);
    },

    backward(dy, dx) {
      let gradient = dy;
      for (const { layer, below, input } of [...wired].reverse()) {
        const { batch, builder, rows } = context;
        const next = below ? builder.stack(`${below.options.prefix}.dy`, batch, below.options.hiddenSize) : dx;
        layer.backward(input, gradient, next);
        // x was the masked output of the layer below; its cell wants the gradient of the unmasked one.
        if (below?.mask) {
          const view = next.all();
          builder.call('applyMask', { x: view, mask: below.mask, y: view }, { m: rows, n: next.width, period: batch });
        }
        gradient = next;
      }
    },

    carry() {
      for (const { h, c } of layers) for (const state of [h, c]) carryState(context, state);
    },
  };
}

function lastOf<T>(items: readonly T[]): T {
  const last = items.at(-1);
  if (last === undefined) throw new TypeError('A recurrent stack needs a layer.');
  return last;
}

/** Slot `steps` becomes slot 0. */
function carryState({ builder, batch }: Context, state: Stack): void {
  builder.call('copy', { x: state.at(0), y: state.all(0) }, { m: batch, n: state.width });
}

/** `state.0.h` and so on: what the next segment starts from. */
function openStatePorts({ builder, batch }: Context, prefix: string, states: Record<string, Stack>): void {
  for (const [name, stack] of Object.entries(states)) {
    builder.port(`${prefix.replace('layers', 'state')}.${name}`, stack.all(0), [batch, stack.width]);
  }
}

/** `dstate.0.h` and so on: gradients of the state that the segment started from. */
function openGradientPorts({ builder, batch }: Context, prefix: string, gradients: Record<string, View>): void {
  for (const [name, view] of Object.entries(gradients)) {
    builder.port(`${prefix.replace('layers', 'dstate')}.${name}`, view, [batch, view.ld]);
  }
}
