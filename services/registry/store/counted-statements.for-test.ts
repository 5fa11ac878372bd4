// A database that keeps the names of the statements sent to it, so that a test can count them.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { TransactionClient } from '../../../foundation/postgres/transaction-client.ts';

/** A database that remembers. */
export interface CountedStatements {
  readonly postgres: Postgres;
  /** Names of the statements sent since it was last asked, those apart that only begin, bind or end a transaction. */
  taken(): readonly string[];
}

/** The same database, remembering what is sent within transactions of tenants. */
export function countStatements(postgres: Postgres): CountedStatements {
  let names: string[] = [];
  const counted = (client: TransactionClient): TransactionClient => ({
    ...client,
    query: (statement) => {
      names.push(statement.name);
      return client.query(statement);
    },
  });
  return {
    postgres: {
      ...postgres,
      tenantRead: (tenantId, work, options) =>
        postgres.tenantRead(tenantId, (client) => work(counted(client)), options),
      tenantTransaction: (tenantId, work) =>
        postgres.tenantTransaction(tenantId, (client) => work(counted(client))),
    },
    taken: () => {
      const taken = names;
      names = [];
      return taken;
    },
  };
}
