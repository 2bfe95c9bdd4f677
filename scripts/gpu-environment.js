/**
 * Where Node's WebGPU (npm `webgpu`, Dawn) finds a Vulkan driver on Linux: that of the machine's GPU if it has one; else
 * the browser's, SwiftShader, which runs on the CPU. Other systems bring what Dawn needs.
 */
import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { installedBrowser, webgpuFlags } from './browser.js';

const loader = 'libvulkan.so.1';
const software = 'vk_swiftshader_icd.json';

/** Where the loader looks for drivers by itself, and where containers have NVIDIA's. */
const usualManifests = ['/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d', '/usr/share/vulkan/icd.d'];
const otherManifests = ['/usr/local/nvidia/share/vulkan/icd.d'];
const browserFolders = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];
const libraryFolders = [
  '/lib',
  '/usr/lib',
  '/usr/local/lib',
  '/lib64',
  '/usr/lib64',
  '/usr/local/nvidia/lib64',
].flatMap((folder) => [folder, join(folder, process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu')]);

/** Whether a command line asks for what needs a driver. */
export function wantsGpu(args) {
  return / --backend[= ]webgpu( |$)/.test(` ${args.join(' ')}`);
}

/**
 * Variables to add to the environment of a process that may use WebGPU.
 * @param find looks for a browser where there is no GPU; `findBrowser` may install one.
 */
export function gpuEnvironment(find = installedBrowser) {
  if (process.platform !== 'linux') return {};
  if (process.env['VK_DRIVER_FILES'] || process.env['VK_ICD_FILENAMES']) return withLoader({});
  const driver = hardwareDriver();
  if (driver) return withLoader(usualManifests.includes(dirname(driver)) ? {} : { VK_ICD_FILENAMES: driver });
  const folder = browserFolder(find(), software);
  return folder ? { VK_ICD_FILENAMES: join(folder, software), LD_LIBRARY_PATH: libraryPath(folder) } : {};
}

/** Flags of a Chromium that shall use the GPU if the machine has one, and SwiftShader if not. */
export function webgpuBrowserFlags() {
  if (process.platform !== 'linux') return ['--enable-unsafe-webgpu'];
  return hardwareDriver() ? ['--enable-unsafe-webgpu', '--enable-features=Vulkan'] : webgpuFlags;
}

/**
 * The manifest of a driver for a GPU that is there, or undefined: NVIDIA's own for theirs, else the first that is not for
 * the CPU, as lavapipe is. `root` is where the file system begins.
 */
export function hardwareDriver(root = '/') {
  const manifests = [...usualManifests, ...otherManifests]
    .flatMap((folder) => list(root, folder).map((name) => join(folder, name)))
    .filter((file) => file.endsWith('.json'));
  const readsLike = (pattern) => (file) => pattern.test(readFileSync(join(root, file), 'utf8'));
  const devices = list(root, '/dev');
  const nvidia = devices.some((name) => /^nvidia\d+$/.test(name)) ? manifests.find(readsLike(/nvidia/i)) : undefined;
  const others = devices.includes('dxg') || list(root, '/dev/dri').some((name) => name.startsWith('renderD'));
  const unfit = readsLike(/lvp|lavapipe|swiftshader|nvidia/i);
  return nvidia ?? (others ? manifests.find((file) => !unfit(file)) : undefined);
}

/** A machine with a driver may lack the loader, which a browser that is there already has too. */
function withLoader(environment) {
  const folders = [...(process.env['LD_LIBRARY_PATH'] ?? '').split(delimiter), ...libraryFolders];
  if (folders.some((folder) => folder !== '' && existsSync(join(folder, loader)))) return environment;
  const folder = browserFolder(installedBrowser(), loader);
  return folder ? { ...environment, LD_LIBRARY_PATH: libraryPath(folder) } : environment;
}

function browserFolder(browser, file) {
  const own = browser ? [dirname(realpathSync(browser))] : [];
  return [...own, ...browserFolders].find((folder) => existsSync(join(folder, file)));
}

function libraryPath(folder) {
  return [process.env['LD_LIBRARY_PATH'], folder].filter(Boolean).join(delimiter);
}

function list(root, folder) {
  const path = join(root, folder);
  return existsSync(path) ? readdirSync(path) : [];
}
