/**
 * Starts workers whose scripts lie on another origin (a CDN), and on pages that require Trusted Types.
 *
 * Bundlers know a worker by the expression `new Worker(new URL('./x.js', import.meta.url))`, and replace all of it. So every
 * worker is started by just that, and the address that became of it is seen where it arrives: in the constructor, which is
 * another one while `start` runs.
 */
export function startAnywhere(start: () => Worker): Worker {
  const { Worker } = globalThis;
  const construct = (_: unknown, [url, options]: [string | URL, WorkerOptions?]): object =>
    // eslint-disable-next-line @typescript-eslint/no-unsafe-return -- the types of Worker know no TrustedScriptURL
    Reflect.construct(Worker, [trusted(sameOrigin(new URL(url, location.href), options)), options]);
  Reflect.set(globalThis, 'Worker', new Proxy(Worker, { construct }));
  try {
    return start();
  } finally {
    Reflect.set(globalThis, 'Worker', Worker);
  }
}

/** A worker of another origin may not be started, but one of our own may import it. */
function sameOrigin({ protocol, origin, href }: URL, options?: WorkerOptions): string {
  if (!/^https?:$/.test(protocol) || origin === location.origin) return href;
  const url = JSON.stringify(href);
  // Some bundlers make workers that are no modules.
  const source = options?.type === 'module' ? `import ${url}` : `importScripts(${url})`;
  const address = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  // The fetch of the script begins with the constructor; the address itself is no longer needed soon after.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  return address;
}

let policy: Pick<TrustedTypePolicy, 'createScriptURL'> | undefined;

/** What pages with `require-trusted-types-for 'script'` ask of an address. Their `trusted-types` has to name `adaptive-lm`. */
function trusted(address: string): string | TrustedScriptURL {
  try {
    policy ??= self.trustedTypes?.createPolicy('adaptive-lm', { createScriptURL: (url: string) => url });
    return policy?.createScriptURL(address) ?? address;
  } catch {
    return address; // Where it is refused, so is the worker, and the caller says so.
  }
}
