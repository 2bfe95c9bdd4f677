/** How a model's weights are stored. */
export const precisions = ['f32', 'f16', 'int8'] as const;

/** 'f32' is exact, 'f16' keeps 11 significant bits, 'int8' one scale for each row of a matrix and 8 bits of each weight. */
export type Precision = (typeof precisions)[number];
