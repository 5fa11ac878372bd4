// A statement of a read with its tenant in front, sent as one message and answered as one: the server runs both in one transaction of its
// own, which ends with the answer. A read that begins and commits sends three messages more for each statement.
import { type PoolClient, Query, type QueryResult } from 'pg';
import type { Statement } from './statement.ts';

// The third argument makes both local to the transaction, so that they cannot outlive it on a pooled connection.
const prelude = {
  name: 'tenant_of_a_read',
  text: `select set_config('app.tenant', $1, true), set_config('transaction_read_only', 'on', true)`,
};

/** What the driver's connection takes; its type does not tell. */
interface WireConnection {
  readonly submittedNamedStatements: Readonly<Record<string, string>>;
  bind(portal: { readonly statement: string; readonly values: readonly string[] }): void;
  execute(portal: object): void;
}

/** What the driver's query does; its type does not tell. */
interface WireQuery {
  callback: (error: Error | null, result: QueryResult) => void;
  prepare(connection: WireConnection): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: WireConnection): void;
}

const DriverQuery = Query as unknown as new (config: object) => WireQuery;

class TenantQuery extends DriverQuery {
  readonly #tenantId: string;
  #isTenantSet = false;

  constructor(tenantId: string, { name, text, values, prepare }: Statement) {
    super({ text, values: values && [...values], queryMode: 'extended', ...(prepare && { name }) });
    this.#tenantId = tenantId;
  }

  override prepare(connection: WireConnection): void {
    connection.bind({ statement: prelude.name, values: [this.#tenantId] });
    connection.execute({});
    super.prepare(connection);
  }

  // What comes before the first completion answers the prelude.
  override handleDataRow(message: unknown): void {
    if (this.#isTenantSet) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: WireConnection): void {
    if (this.#isTenantSet) super.handleCommandComplete(message, connection);
    this.#isTenantSet = true;
  }
}

/** Runs one statement under a tenant (a UUID), read only. Rejects with the driver's error. */
export function tenantQuery(
  client: PoolClient,
  tenantId: string,
  statement: Statement,
): Promise<QueryResult> {
  // The first read on a connection has the prelude parsed by a statement of its own, so that the driver knows of it.
  const { submittedNamedStatements } = client.connection as unknown as WireConnection;
  if (!submittedNamedStatements[prelude.name])
    client.query({ ...prelude, values: [tenantId] }).catch(() => undefined); // what ails it ails the statement behind it
  const { promise, resolve, reject } = Promise.withResolvers<QueryResult>();
  const query = new TenantQuery(tenantId, statement);
  query.callback = (error, result) => (error ? reject(error) : resolve(result));
  client.query(query as unknown as Query);
  return promise;
}
