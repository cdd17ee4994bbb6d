/** Whatever is thrown while a request is served, as a problem. Nothing unknown gets out. */
import { Refusal } from '../../chaincode/errors.js';
import { ClockRefused, LedgerConflict, LedgerUnavailable, ProvincesDisagree, TransactionInvalid } from '../../network/errors.js';
import { Unauthenticated } from '../auth/unauthenticated.js';
import { LookNotRecorded } from '../store/read-log.js';
import { Problem } from './problem.js';
import type { ProblemCode } from './problem-table.js';

const FRAMEWORK_CODES: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request.too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.media-type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request.invalid',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request.invalid',
  FST_ERR_BAD_URL: 'request.invalid',
  FST_ERR_MAX_PARAM_LENGTH: 'request.id-invalid',
  FST_ERR_ASYNC_CONSTRAINT: 'request.invalid',
  FST_ERR_HANDLER_TIMEOUT: 'ledger.unavailable',
  FST_UNDER_PRESSURE: 'ledger.unavailable',
};

/** What is wrong with a request that never came to a check of ours. */
const FRAMEWORK_MESSAGES: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'the body is not as long as Content-Length says',
  FST_ERR_BAD_URL: 'the address cannot be decoded',
  FST_ERR_MAX_PARAM_LENGTH: 'a part of the address is too long',
};

/** What the framework blames on the client stays the client's, named here or not: a body that broke off, say. */
function ofFramework(error: unknown): Problem | undefined {
  const { code: name = '', statusCode = 500 } = (error ?? {}) as { code?: string; statusCode?: number };
  const isOfClient = statusCode >= 400 && statusCode < 500;
  const code = FRAMEWORK_CODES[name] ?? (isOfClient ? 'request.invalid' : undefined);
  const message = FRAMEWORK_MESSAGES[name];
  return code && new Problem(code, message === undefined ? {} : { errors: [{ path: '', message }] });
}

function ofRefusal({ code, facts }: Refusal): Problem {
  return new Problem(code, {
    ...(facts.fields && { errors: facts.fields }),
    ...(facts.id !== undefined && { id: facts.id }),
    ...(facts.state !== undefined && { state: facts.state }),
    ...(facts.transaction !== undefined && { transaction: { id: facts.transaction } }),
  });
}

/** SQLite's codes for a disk that fails, and for one that is full: nothing was written, and an operator can help. */
const DISK_FAULTS = [10, 13];

function isDiskFault(error: unknown): boolean {
  const { code, errcode = 0 } = (error ?? {}) as { code?: string; errcode?: number };
  // The extended codes have the plain one in their lowest byte.
  return code === 'ERR_SQLITE_ERROR' && DISK_FAULTS.includes(errcode & 0xff);
}

/** The problem that an error is; undefined for one that nobody foresaw. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof Refusal) return ofRefusal(error);
  if (error instanceof Unauthenticated) return new Problem(error.code);
  if (error instanceof ClockRefused) return new Problem('ledger.clock');
  if (error instanceof ProvincesDisagree) return new Problem('ledger.disagreement', { said: error.said });
  if (isDiskFault(error)) return new Problem('ledger.unavailable');
  if (error instanceof LedgerConflict) return new Problem('ledger.conflict');
  if (error instanceof LookNotRecorded) return new Problem('ledger.unavailable');
  if (error instanceof LedgerUnavailable || error instanceof TransactionInvalid) return new Problem('ledger.unavailable');
  return ofFramework(error);
}
