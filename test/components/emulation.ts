/** What a reader may have set in the browser or the system: the page's side of scripts/emulation.js. */
import { executeServerCommand } from '@web/test-runner-commands';

export interface Settings {
  /** Media features and their values: `forced-colors` and its like. */
  readonly features?: Readonly<Record<string, string>>;
  /** Of the window, in CSS px: to zoom a window of 1280 × 1024 to 400 % is to make it 320 × 256. */
  readonly width?: number;
  readonly height?: number;
}

/** Without settings the window is as it was. */
export async function emulate({ features = {}, width = 800, height = 600 }: Settings = {}): Promise<void> {
  await executeServerCommand('emulate', { features, width, height });
}
