/** `npm start`, from outside. */
import { spawn, type ChildProcess } from 'node:child_process';

export interface Served {
  readonly server: ChildProcess;
  readonly url: string;
}

/** Serves the page, which is built, as `npm start` does, and resolves with the URL that it prints. */
export async function start(...args: string[]): Promise<Served> {
  const server = spawn(process.execPath, ['scripts/start.js', '--built', ...args], {
    env: { ...process.env, PORT: '0' },
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    server.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const printed = /http:\/\/127\.0\.0\.1:\d+\//.exec(output)?.[0];
      if (printed !== undefined) resolve(printed);
    });
    server.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    server.on('close', (code) => reject(new Error(`npm start ended with ${code}: ${output}`)));
  });
  return { server, url };
}

/** Ends the server and resolves with its exit code. */
export async function stop({ server }: Served): Promise<unknown> {
  server.kill('SIGTERM');
  return new Promise((resolve) => server.on('close', resolve));
}
