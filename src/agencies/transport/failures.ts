import { errorCodes } from '../../domain/failure.ts';
import type { FailureCode } from '../../domain/failure.ts';
import type { Failure } from '../agency.ts';

/** A failure with the code's own answer to whether a later try may succeed. `message` is the hub's words, never the agency's. */
export function failure(code: FailureCode, message: string): Failure {
  return { code, retryable: errorCodes[code].retryable, message };
}

/** An agency that does not know the cursor of its feed any more. Adapters answer with this very object. */
export const unknownCursor: Failure = { code: 'AGENCY_ERROR', retryable: false, message: 'The agency does not know the cursor of its feed any more: it must be read from the beginning.' };

/** The failure that an HTTP status stands for; null for a success. */
export function failureOfStatus(status: number): Failure | null {
  if (status >= 200 && status < 300) return null;
  if (status === 401 || status === 403) return failure('AGENCY_REFUSED', `The agency refused the hub (HTTP ${status}).`);
  if (status === 410) return unknownCursor;
  if (status === 429) return failure('AGENCY_QUOTA_EXCEEDED', 'The agency says that the quota is used up (HTTP 429).');
  if (status >= 500) return failure('AGENCY_ERROR', `The agency answered with HTTP ${status}.`);
  return failure('AGENCY_INVALID_ANSWER', `The agency answered with HTTP ${status}, which its protocol does not have.`);
}

/**
 * The failure that an exception of the connection stands for. Only the error's code is kept, and only where it is one of a library's fixed words:
 * messages may hold addresses and remote text.
 */
export function failureOfError(error: unknown): Failure {
  const code = fixedCode(error);
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return failure('AGENCY_TIMEOUT', 'The agency took no connection in time.');
  if (code?.startsWith('HPE_') === true || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' || code === 'UND_ERR_HEADERS_OVERFLOW') {
    return failure('AGENCY_INVALID_ANSWER', `The agency's answer is no proper HTTP (${code}).`);
  }
  return failure('AGENCY_UNREACHABLE', code === null ? 'No connection to the agency, or it broke.' : `No connection to the agency, or it broke (${code}).`);
}

function fixedCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  return /^[A-Z][A-Z0-9_]{2,50}$/.test(error.code) ? error.code : null;
}
