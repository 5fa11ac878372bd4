// Listens to the news of writes on a connection of its own: one that is lent from a pool would be taken back. It needs a session of the
// server's, so nothing that shares sessions between clients may stand in between.
import pg from 'pg';
import { readChange } from '../core/change.ts';
import { changeChannel } from './record-write.ts';
import type { ChangeConnection, ChangeEvents, ChangeSource } from './store.ts';

const connectTimeoutMs = 5_000;
const keepAliveDelayMs = 10_000;
const goodbyeMsMax = 1_000;

/** Connections that each process listens on, beyond its pool. */
export const changeListeners = 1;

/** What the connection is called in the server's session list. */
export const changeListenerName = 'registry changes';

/** Where connections go; asked anew for each, so that a rotated password is found. */
export function createChangeSource(url: () => Promise<string>): ChangeSource {
  return {
    listen: async (events) => {
      const client = new pg.Client({
        connectionString: await url(),
        application_name: changeListenerName,
        connectionTimeoutMillis: connectTimeoutMs,
        keepAlive: true,
        keepAliveInitialDelayMillis: keepAliveDelayMs,
      });
      const connection = follow(client, events);
      try {
        await client.connect();
        await client.query(`listen ${changeChannel}`);
        return connection;
      } catch (error) {
        await connection.close();
        throw error;
      }
    },
  };
}

function follow(client: pg.Client, { changed, broke }: ChangeEvents): ChangeConnection {
  let over = false;
  const breakOff = (error: Error): void => {
    if (over) return;
    over = true;
    broke(error);
  };
  client.on('error', breakOff);
  client.on('end', () => breakOff(new Error('The connection that listens has ended')));
  client.on('notification', ({ payload = '' }) => {
    const change = readChange(payload);
    if (change) changed(change);
    // Something was written, and nobody knows what: everybody has to begin anew.
    else breakOff(new Error('A notification tells of no change'));
  });
  return {
    ping: async () => {
      await client.query('');
    },
    close: async () => {
      over = true;
      const cut = setTimeout(() => client.connection.stream.destroy(), goodbyeMsMax);
      await client.end().catch(() => undefined); // a connection that is broken has ended too
      clearTimeout(cut);
    },
  };
}
