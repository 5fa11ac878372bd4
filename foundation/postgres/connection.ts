// One checked-out connection of the pool: it runs statements, knows whether it was lost, and goes back only when it is fit for the next.
import type { PoolClient, QueryResult } from 'pg';
import { databaseUnavailable } from './database-fault.ts';
import type { PoolObserver } from './pool-observer.ts';
import type { Rows, SqlClient, Statement } from './statement.ts';
import type { StatementTracing } from './statement-span.ts';
import { tenantQuery } from './tenant-query.ts';

/** A connection between checkout and release. Its errors are the driver's own, apart from a lost connection (Fault `unavailable`). */
export interface Connection extends SqlClient {
  /** Runs a statement of a read by itself, under the tenant. */
  read<Row>(tenantId: string, statement: Statement): Promise<Rows<Row>>;
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
  /** What the connection was lost to; undefined while it is not. */
  readonly lossOf: (client: PoolClient) => Error | undefined;
  readonly traced: StatementTracing;
  readonly observer: PoolObserver;
}

/** Takes over a connection that the pool has handed out. */
export function createConnection(client: PoolClient, shared: ConnectionShared): Connection {
  const { traced, observer } = shared;
  const isLost = (): boolean => shared.lossOf(client) !== undefined;
  // All that is sent in one go leaves in one packet.
  let gathering = false;
  const gather = (): void => {
    if (gathering) return;
    const { stream } = client.connection;
    gathering = true;
    stream.cork();
    process.nextTick(() => {
      gathering = false;
      stream.uncork();
    });
  };
  const sent = async (send: () => Promise<QueryResult>): Promise<QueryResult> => {
    gather();
    try {
      return await send();
    } catch (error) {
      throw isLost() ? databaseUnavailable(error) : error;
    }
  };
  const send = ({ name, text, values, prepare }: Statement): Promise<QueryResult> =>
    sent(() => client.query({ text, values: values && [...values], ...(prepare && { name }) }));
  const measured = async <Row>(statement: Statement, run: () => Promise<QueryResult>): Promise<Rows<Row>> => {
    const startedMs = performance.now();
    try {
      const { rows, rowCount } = await traced(statement, run);
      return { rows: rows as Row[], count: rowCount ?? 0 };
    } finally {
      observer.statementEnded(performance.now() - startedMs);
    }
  };
  return {
    query: (statement) => measured(statement, () => send(statement)),
    read: (tenantId, statement) =>
      measured(statement, () => sent(() => tenantQuery(client, tenantId, statement))),
    command: (text, values = []) => send({ name: '', text, values }),
    isLost,
    breakOff: () => void client.connection.stream.destroy(new Error('The connection was held for too long')),
    release: () => client.release(isLost() || client.getTransactionStatus() !== 'I'),
    discard: () => {
      client.release(true); // from now on the end of the stream is expected, and told to nobody as an error
      client.connection.stream.destroy();
    },
  };
}
