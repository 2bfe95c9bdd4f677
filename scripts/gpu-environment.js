/**
 * Where Node's WebGPU (npm `webgpu`, Dawn) finds a Vulkan driver. On a Linux without a GPU the browser brings one that
 * runs on the CPU, SwiftShader, and the loader for it; elsewhere there is nothing to say.
 */
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { findBrowser } from './browser.js';

const icd = 'vk_swiftshader_icd.json';
const usual = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];

function hasGpu() {
  return existsSync('/dev/dri') || readdirSync('/dev').some((name) => /^nvidia\d+$/.test(name));
}

/** Variables to add to the environment of a process that may use WebGPU. */
export function gpuEnvironment() {
  if (process.platform !== 'linux' || process.env['VK_ICD_FILENAMES'] || hasGpu()) return {};
  const folder = [dirname(realpathSync(findBrowser())), ...usual].find((name) => existsSync(join(name, icd)));
  if (!folder) return {};
  const libraries = [process.env['LD_LIBRARY_PATH'], folder].filter(Boolean).join(delimiter);
  return { VK_ICD_FILENAMES: join(folder, icd), LD_LIBRARY_PATH: libraries };
}
