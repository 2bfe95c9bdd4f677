/** The WASM modules, found beside this script. Bundlers look for exactly these `new URL` expressions. */
import { relaxedSimd } from 'wasm-feature-detect';
import { AdaptiveError } from '../core/errors.js';

export interface Modules {
  readonly kernels: WebAssembly.Module;
  readonly text: WebAssembly.Module;
}

/**
 * Fetches and compiles both: of the kernels the variant with fused multiply-add where the platform has relaxed SIMD.
 * @throws AdaptiveError 'worker' with what to check.
 */
export async function fetchModules(): Promise<Modules> {
  const plain = new URL('./kernels.wasm', import.meta.url);
  const relaxed = new URL('./kernels-relaxed.wasm', import.meta.url);
  const [kernels, text] = await Promise.all([
    compile((await relaxedSimd()) ? relaxed : plain),
    compile(new URL('./text.wasm', import.meta.url)),
  ]);
  return { kernels, text };
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
