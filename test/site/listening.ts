/** Servers of tests' own, on any free port. */
import assert from 'node:assert/strict';
import type { Server } from 'node:http';

/** Resolves with the origin. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  return `http://127.0.0.1:${address.port}`;
}

export function end(server: Server): void {
  server.close();
  server.closeAllConnections();
}
