/** The WASM modules, found beside this script. Bundlers look for exactly these `new URL` expressions. */
import { relaxedSimd } from 'wasm-feature-detect';
import { AdaptiveError } from '../core/errors.js';
import { browserThreads, canShareMemory } from './threads/browser-threads.js';
import type { ThreadSupport } from './threads/thread-support.js';

export interface Modules {
  /** For one thread; where there is thread support, its module is used instead. */
  readonly kernels: WebAssembly.Module;
  readonly threads: ThreadSupport | null;
  readonly text: WebAssembly.Module;
}

/**
 * Fetches and compiles what suits the platform: kernels with fused multiply-add where there is relaxed SIMD, for shared
 * memory where the page is isolated.
 * @throws AdaptiveError 'worker' with what to check.
 */
export async function fetchModules(): Promise<Modules> {
  const shared = canShareMemory();
  const [kernels, text] = await Promise.all([
    compile(kernelUrl(await relaxedSimd(), shared)),
    compile(new URL('./text.wasm', import.meta.url)),
  ]);
  return { kernels, text, threads: shared ? browserThreads(kernels) : null };
}

function kernelUrl(relaxed: boolean, shared: boolean): URL {
  if (shared) {
    return relaxed
      ? new URL('./kernels-shared-relaxed.wasm', import.meta.url)
      : new URL('./kernels-shared.wasm', import.meta.url);
  }
  return relaxed ? new URL('./kernels-relaxed.wasm', import.meta.url) : new URL('./kernels.wasm', import.meta.url);
}

async function compile(url: URL): Promise<WebAssembly.Module> {
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    // Compiling from bytes, unlike compileStreaming, does not depend on the server's Content-Type.
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AdaptiveError(
      'worker',
      `${url.pathname} could not be loaded (${reason}). Serve the .wasm files beside worker.js, and allow ` +
        `'wasm-unsafe-eval' in script-src if the page has a content security policy.`,
      { url: url.href },
      { cause },
    );
  }
}
