// Why no connection could be had: a closed word for metrics and a private cause for logs.
import { SecretError } from '../secrets/secret-source.ts';
import { sqlState } from './database-fault.ts';

/** No connection came within the time that a caller waits. */
export class AcquireTimeout extends Error {
  constructor() {
    super('No connection to the database came in time');
    this.name = 'AcquireTimeout';
  }
}

/** No connection came in time because callers hold them all: the database itself may be well. */
export class PoolExhausted extends Error {
  constructor(sizeMax: number, cause: unknown) {
    super(`All ${sizeMax} connections of the pool are in use`, { cause });
    this.name = 'PoolExhausted';
  }
}

/** The pool is being closed, or is closed already. */
export class PoolClosed extends Error {
  constructor() {
    super('The pool is closed');
    this.name = 'PoolClosed';
  }
}

/** One failed wait for a connection. */
export interface FailedAcquire {
  /** A SQLSTATE, a system code such as `ECONNREFUSED`, or `pool_exhausted`, `pool_closed`, `timeout`, `secret`, `other`. */
  readonly type: string;
  readonly cause: unknown;
}

/** What an error on the way to a connection means. */
export function failureOf(cause: unknown): FailedAcquire {
  return { type: typeOf(cause), cause };
}

function typeOf(error: unknown): string {
  if (error instanceof PoolExhausted) return 'pool_exhausted';
  if (error instanceof PoolClosed) return 'pool_closed';
  if (error instanceof AcquireTimeout) return 'timeout';
  if (error instanceof SecretError) return 'secret';
  const { code } = error as { code?: unknown };
  return sqlState(error) ?? (typeof code === 'string' ? code : 'other');
}
