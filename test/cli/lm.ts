/** The command line as a user runs it: a child process. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface Result {
  readonly code: number | null;
  readonly out: string;
  /** What `out` is before it is read as UTF-8. */
  readonly bytes: Buffer;
  readonly error: string;
}

export interface Circumstances {
  /** Ctrl-C is pressed once this has been printed. */
  readonly interruptAfter?: RegExp;
  /** Standard input; nothing unless given. */
  readonly input?: string | Uint8Array;
  /** Variables beside those that are there. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder that holds `cli/`. */
  readonly built?: string;
  /** main: `npm run lm`; lab: `npm run lab`. */
  readonly script?: 'main' | 'lab';
}

export function lm(
  args: readonly string[],
  { interruptAfter, input = '', env, built = 'build', script = 'main' }: Circumstances = {},
): Promise<Result> {
  const child = spawn(process.execPath, [join(built, `cli/${script}.js`), ...args], {
    env: { ...process.env, ...env },
  });
  child.stdin.on('error', () => {}); // a command that takes none may have ended
  child.stdin.end(input);
  const parts: Buffer[] = [];
  let out = '';
  let error = '';
  let interrupted = false;
  const interrupt = () => {
    if (interrupted || !interruptAfter?.test(out + error)) return;
    interrupted = true;
    child.kill('SIGINT');
  };
  child.stdout.on('data', (chunk: Buffer) => {
    parts.push(chunk);
    out += chunk.toString();
    interrupt();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    error += chunk.toString();
    interrupt();
  });
  return new Promise((resolve) => {
    child.on('close', (code) => {
      const bytes = Buffer.concat(parts);
      resolve({ code, out: bytes.toString(), bytes, error });
    });
  });
}
