// One checked-out connection of the pool: it runs statements, knows whether it was lost, and goes back only when it is fit for the next.
import type { PoolClient, QueryResult } from 'pg';
import { databaseUnavailable } from './database-fault.ts';
import type { PoolObserver } from './pool-observer.ts';
import type { Rows, SqlClient, Statement } from './statement.ts';
import type { StatementTracing } from './statement-span.ts';

/** A connection between checkout and release. Its errors are the driver's own, apart from a lost connection (Fault `unavailable`). */
export interface Connection extends SqlClient {
  /** Runs a word of transaction control, without a span. */
  command(text: string, values?: readonly unknown[]): Promise<QueryResult>;
  /** True once the connection broke: nothing more can be sent on it. */
  isLost(): boolean;
  /** Breaks the connection under its holder, whose statements then fail. */
  breakOff(): void;
  /** Gives the connection back; a lost one, or one still inside a transaction, is closed instead. */
  release(): void;
  /** Closes the connection instead of giving it back, whatever is still on its way. */
  discard(): void;
}

/** What the connections of a pool share. */
export interface ConnectionShared {
  readonly traced: StatementTracing;
  readonly observer: PoolObserver;
}

/** Takes over a connection that the pool has handed out. */
export function createConnection(client: PoolClient, { traced, observer }: ConnectionShared): Connection {
  let lost: Error | undefined;
  const onLost = (error: Error): void => {
    lost ??= error;
  };
  client.on('error', onLost);
  const send = async ({ name, text, values, prepare }: Statement): Promise<QueryResult> => {
    try {
      return await client.query({ text, values: values && [...values], ...(prepare && { name }) });
    } catch (error) {
      throw lost ? databaseUnavailable(error) : error;
    }
  };
  const query = async <Row>(statement: Statement): Promise<Rows<Row>> => {
    const startedMs = performance.now();
    try {
      const { rows, rowCount } = await traced(statement, () => send(statement));
      return { rows: rows as Row[], count: rowCount ?? 0 };
    } finally {
      observer.statementEnded(performance.now() - startedMs);
    }
  };
  return {
    query,
    command: (text, values = []) => send({ name: '', text, values }),
    isLost: () => lost !== undefined,
    breakOff: () => void client.connection.stream.destroy(new Error('The connection was held for too long')),
    release: () => {
      client.off('error', onLost);
      client.release(lost !== undefined || client.getTransactionStatus() !== 'I');
    },
    discard: () => {
      client.off('error', onLost);
      client.release(true); // from now on the end of the stream is expected, and told to nobody as an error
      client.connection.stream.destroy();
    },
  };
}
