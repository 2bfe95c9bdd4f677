import assert from 'node:assert/strict';
import { AdaptiveError, type ErrorCode } from '../../core/errors.js';

/** Asserts that `action` throws an AdaptiveError `code` whose message fits each pattern; returns it. */
export function refuses(
  action: () => unknown,
  code: ErrorCode,
  ...patterns: readonly (RegExp | string)[]
): AdaptiveError {
  const error = thrownBy(action);
  assert.ok(error instanceof AdaptiveError, `expected an AdaptiveError, got ${String(error)}`);
  assert.equal(error.code, code, error.message);
  for (const pattern of patterns) {
    if (typeof pattern === 'string') assert.ok(error.message.includes(pattern), `no "${pattern}" in: ${error.message}`);
    else assert.match(error.message, pattern);
  }
  assert.ok(error.message.length < 800, `a message of ${error.message.length} characters`);
  return error;
}

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return assert.fail('nothing was thrown');
}
