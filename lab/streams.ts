/** Who draws random numbers in the laboratory, beside those of core/random.ts: each use of a seed has a stream of its own. */
export const streams = {
  matrices: 0x5000,
  inputs: 0x5001,
  policies: 0x5002,
  order: 0x5003,
  samples: 0x5004,
  noise: 0x5005,
  shifts: 0x5006,
  weights: 0x5007,
  dropouts: 0x5008,
} as const;
