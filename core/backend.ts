/** Which backend is asked for, which one it became, and why. */
import type { Backend } from './executor.js';

/** 'auto' measures and takes the faster; a backend's name takes that one wherever it can be had. */
export const backendChoices = ['auto', 'webgpu', 'wasm'] as const;

/** What it may compute on: the faster of both, or one by name. */
export type BackendChoice = (typeof backendChoices)[number];

/**
 * Why a model is on the backend that it is on:
 *
 * - `asked`: it was asked for by name
 * - `faster`: both were measured with this very configuration, and this one was `times` as fast as the other
 * - `small`: on WASM a token takes less time than a GPU's answer would be under way
 *
 * and, of WASM instead of WebGPU:
 *
 * - `no-webgpu`, `no-adapter`, `software-adapter`: the platform has no WebGPU, no adapter for it (none, or one that the
 *   browser does not trust), or only one that computes on the CPU
 * - `slow-start`: WebGPU was not ready in time
 * - `memory`, `device-lost`, `failed`: the GPU had too little memory, was lost, or refused the work
 */
export type BackendReason =
  | {
      /** Measured. */
      readonly code: 'faster';
      /** How many times as fast as the other one. */
      readonly times: number;
    }
  | {
      /** Not measured, and why. */
      readonly code:
        | 'asked'
        | 'small'
        | 'no-webgpu'
        | 'no-adapter'
        | 'software-adapter'
        | 'slow-start'
        | 'memory'
        | 'device-lost'
        | 'failed';
    };

/** A model goes on on another backend, or on a new device of the same. */
export interface BackendChange {
  /** Where it stood. */
  readonly from: Backend;
  /** Where it goes on. */
  readonly to: Backend;
  /** Why it stands there. */
  readonly reason: BackendReason;
  /** What went wrong, in words; '' when nothing did. */
  readonly message: string;
}
