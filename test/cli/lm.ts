/** The command line as a user runs it: a child process. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

export interface Circumstances {
  /** Ctrl-C is pressed once this has been printed. */
  readonly interruptAfter?: RegExp;
  /** Variables beside those that are there. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder that holds `cli/`. */
  readonly built?: string;
  /** main: `npm run lm`; lab: `npm run lab`. */
  readonly script?: 'main' | 'lab';
}

export function lm(
  args: readonly string[],
  { interruptAfter, env, built = 'build', script = 'main' }: Circumstances = {},
): Promise<Result> {
  const child = spawn(process.execPath, [join(built, `cli/${script}.js`), ...args], {
    env: { ...process.env, ...env },
  });
  let out = '';
  let error = '';
  let interrupted = false;
  const interrupt = () => {
    if (interrupted || !interruptAfter?.test(out + error)) return;
    interrupted = true;
    child.kill('SIGINT');
  };
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    interrupt();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    error += chunk.toString();
    interrupt();
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, error })));
}
