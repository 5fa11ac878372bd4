// PostgreSQL as a service sees it: transactions and single statements over a bounded pool. Tenants are set per transaction and never survive it.
import { createCheckout } from './checkout.ts';
import { asDatabaseFault } from './database-fault.ts';
import { silentObserver } from './pool-observer.ts';
import type { PostgresOptions } from './postgres-options.ts';
import type { SqlClient } from './statement.ts';
import { runTransaction, type TransactionKind, type Work } from './transaction.ts';

/** Every method throws Fault `unavailable` while the database is away or the pool exhausted; a Fault's cause is the driver's error. */
export interface Postgres extends SqlClient {
  /** Runs the work in a transaction under the tenant (a UUID): committed when it answers, rolled back when it throws. Work may run up to 4 times. */
  tenantTransaction<T>(tenantId: string, work: Work<T>): Promise<T>;
  /** The same, read only, in one round trip when the statements do not wait for each other. */
  tenantRead<T>(tenantId: string, work: Work<T>): Promise<T>;
  /** A transaction under no tenant, for what belongs to all of them; row-level security then shows no tenant's rows. */
  systemTransaction<T>(work: Work<T>): Promise<T>;
  /** Answers once the server has answered. */
  ping(): Promise<void>;
  /** Waits for running transactions, then for every connection to be closed. New work is refused at once. */
  close(): Promise<void>;
}

/** A pool that opens its connections when they are first needed. */
export function createPostgres(options: PostgresOptions): Postgres {
  const { acquire, close } = createCheckout(options);
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
    ping: async () => {
      await query({ name: 'ping', text: 'select 1' });
    },
    close,
  };
}

function operationOf({ tenantId, readOnly }: TransactionKind): 'read' | 'write' | 'system' {
  if (tenantId === undefined) return 'system';
  return readOnly ? 'read' : 'write';
}
