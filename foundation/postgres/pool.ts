// PostgreSQL as a service sees it: transactions and single statements over a bounded pool. Tenants are set per transaction and never survive it.
import type { Breaker } from '../breaker/breaker.ts';
import { createCheckout, type PoolFigures } from './checkout.ts';
import type { Connection } from './connection.ts';
import { asDatabaseFault } from './database-fault.ts';
import { createPoolBreaker } from './pool-breaker.ts';
import { silentObserver } from './pool-observer.ts';
import type { PostgresOptions } from './postgres-options.ts';
import type { SqlClient } from './statement.ts';
import { runTransaction, type TransactionKind } from './transaction.ts';
import type { Work } from './transaction-client.ts';

const trialsMax = 10;

/** How a read is answered. */
export interface ReadOptions {
  /** True reads where writes go, so that it sees every write before it; false may read a replica that lags behind [false]. */
  readonly fresh?: boolean;
}

/** Every method throws Fault `unavailable` while the database is away or the pool exhausted; a Fault's cause is the driver's error. */
export interface Postgres extends SqlClient {
  /** Runs the work in a transaction under the tenant (a UUID): committed when it answers, rolled back when it throws. Work may run up to 4 times. */
  tenantTransaction<T>(tenantId: string, work: Work<T>): Promise<T>;
  /** The same for reading: each statement by itself, read only, in one round trip when they do not wait for each other. */
  tenantRead<T>(tenantId: string, work: Work<T>, options?: ReadOptions): Promise<T>;
  /** A transaction under no tenant, for what belongs to all of them; row-level security then shows no tenant's rows. */
  systemTransaction<T>(work: Work<T>): Promise<T>;
  /** How many connections there are; of a replica's pool nothing. Asks nobody. */
  figures(): PoolFigures;
  /** Answers once the server has answered. */
  ping(): Promise<void>;
  /** Waits for running transactions, then for every connection to be closed. New work is refused at once. */
  close(): Promise<void>;
}

/** A pool that opens its connections when they are first needed. */
export function createPostgres(options: PostgresOptions): Postgres {
  const checkout = createCheckout(options);
  const breaker = createPoolBreaker(options);
  const acquire = (): Promise<Connection> => breaker.run(checkout.acquire);
  const { observer = silentObserver } = options;
  const transaction = async <T>(kind: TransactionKind, work: Work<T>): Promise<T> => {
    const startedMs = performance.now();
    try {
      return await runTransaction(acquire, kind, work);
    } finally {
      observer.transactionEnded(operationOf(kind), performance.now() - startedMs);
    }
  };
  const query: SqlClient['query'] = async (statement) => {
    const connection = await acquire();
    try {
      return await connection.query(statement);
    } catch (error) {
      throw asDatabaseFault(error);
    } finally {
      connection.release();
    }
  };
  return {
    tenantTransaction: (tenantId, work) => transaction({ tenantId, readOnly: false }, work),
    tenantRead: (tenantId, work) => transaction({ tenantId, readOnly: true }, work),
    systemTransaction: (work) => transaction({ readOnly: false }, work),
    query,
    figures: checkout.figures,
    ping: () => pingThrough(breaker, query),
    close: checkout.close,
  };
}

/** While the breaker tries, a ping makes the trials that are left, so that health checks alone bring a database back. */
async function pingThrough(breaker: Breaker, query: SqlClient['query']): Promise<void> {
  const ping = (): Promise<unknown> => query({ name: 'ping', text: 'select 1' });
  await ping();
  for (let trials = 1; trials < trialsMax && breaker.mode() === 'half_open'; trials += 1) {
    await ping().catch(() => undefined); // the server has answered; a trial of someone else may be under way
  }
}

function operationOf({ tenantId, readOnly }: TransactionKind): 'read' | 'write' | 'system' {
  if (tenantId === undefined) return 'system';
  return readOnly ? 'read' : 'write';
}
