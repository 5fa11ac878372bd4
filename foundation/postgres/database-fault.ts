// What an error of PostgreSQL or of the way to it means for a caller, decided by SQLSTATE and system error codes alone.
import { DatabaseError } from 'pg';
import { Fault } from '../fault/fault.ts';

const retryAfterMs = 1_000;
const conflictRetryAfterMs = 100;

const systemCodesOfUnavailability = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** connection_exception, insufficient_resources, and the server ending sessions or not taking any. */
const statesOfUnavailability = /^(08...|53...|57P0[1-5])$/;
const stateOfStatementTimeout = '57014';
const statesOfConflict = new Set(['40001', '40P01', '55P03']); // serialization, deadlock, lock not available

/** A broken rule of a table. */
export interface ConstraintViolation {
  readonly kind: 'unique' | 'foreign_key' | 'check' | 'not_null' | 'exclusion';
  /** The constraint's name; for `not_null` the column's. */
  readonly name: string;
}

const constraintKinds: Readonly<Record<string, ConstraintViolation['kind']>> = {
  '23505': 'unique',
  '23503': 'foreign_key',
  '23514': 'check',
  '23502': 'not_null',
  '23P01': 'exclusion',
};

/** The rule that a statement broke, or undefined for every other error. */
export function violatedConstraint(error: unknown): ConstraintViolation | undefined {
  const kind = constraintKinds[sqlState(error) ?? ''];
  if (!kind || !(error instanceof DatabaseError)) return undefined;
  return { kind, name: error.constraint ?? error.column ?? '' };
}

/** The five-character SQLSTATE of a server's error; undefined for every other error. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.code : undefined;
}

/** True when the server gave up a transaction that may well succeed when it is run again. */
export function isSerializationConflict(error: unknown): boolean {
  const state = sqlState(error);
  return state === '40001' || state === '40P01';
}

/** True when the server refused the password (invalid_password). */
export function isRefusedPassword(error: unknown): boolean {
  return sqlState(error) === '28P01';
}

/** True when the error says that the server or the way to it is away or full. */
export function isUnavailability(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') return false;
  return error instanceof DatabaseError
    ? statesOfUnavailability.test(code)
    : systemCodesOfUnavailability.has(code);
}

/** The Fault for a database that is away, or whose connections are all taken. */
export function databaseUnavailable(cause: unknown): Fault {
  return new Fault('unavailable', 'The database is not available', { retryAfterMs, cause });
}

/** The Fault for a commit whose answer was lost: the write may or may not have happened. */
export function commitUnknown(cause: unknown): Fault {
  return new Fault('unavailable', 'The outcome of the write is not known', { retryAfterMs, cause });
}

/** The Fault that an error means, or the error itself when it is a broken rule, wrong SQL or no matter of the database. */
export function asDatabaseFault(error: unknown): unknown {
  const state = sqlState(error);
  if (isUnavailability(error)) return databaseUnavailable(error);
  if (state === stateOfStatementTimeout) {
    return new Fault('deadline_exceeded', 'The database took too long', { cause: error });
  }
  if (state && statesOfConflict.has(state)) {
    const options = { retryAfterMs: conflictRetryAfterMs, cause: error };
    return new Fault('aborted', 'Another request changed the same data', options);
  }
  return error;
}
