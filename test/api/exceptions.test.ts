import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdaptiveError, AdaptiveException, exceptionNames } from '../../api/index.js';
import { asException } from '../../api/exceptions.js';
import { errorCodes } from '../../core/errors.js';

/** Names that the platform defines for DOMException. */
const platform = new Set([
  'AbortError',
  'DataError',
  'EncodingError',
  'InvalidStateError',
  'NetworkError',
  'NoModificationAllowedError',
  'NotAllowedError',
  'NotFoundError',
  'NotReadableError',
  'NotSupportedError',
  'OperationError',
  'QuotaExceededError',
  'TimeoutError',
  'UnknownError',
]);

test('every error code has a name of the platform', () => {
  assert.deepEqual(Object.keys(exceptionNames).sort(), [...errorCodes].sort());
  for (const code of errorCodes) {
    const cause = new AdaptiveError(code, 'What to do.', { bytes: 7 });
    const exception = new AdaptiveException(cause);
    assert.ok(exception instanceof DOMException && exception instanceof Error);
    assert.ok(platform.has(exception.name), exception.name);
    assert.equal(exception.name, exceptionNames[code]);
    assert.equal(exception.message, 'What to do.');
    assert.equal(exception.cause, cause);
    assert.equal(asException(exception), exception);
    assert.equal(asException(cause).name, exception.name);
  }
  assert.equal(asException(new Error('oh')).cause.code, 'internal');
});
