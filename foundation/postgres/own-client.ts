// A connection of its own for one piece of administrative work, closed in any case. It belongs to no pool and knows no breaker.
import pg from 'pg';

/**
 * What the work answers on a connection that it alone uses. When the connection is lost, at rest or not, the statement under way
 * or the next one rejects: an `error` event that nobody hears would end the process instead. That the connection cannot be
 * closed in order is not told, since the work is done or has said more.
 */
export async function withOwnClient<T>(
  config: pg.ClientConfig,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(config);
  client.on('error', () => undefined); // see above: told by the statements
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
