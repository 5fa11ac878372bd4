// An empty store for each measurement, so that none pays for what another one left behind.
import pg from 'pg';
import { withOwnClient } from '../../foundation/postgres/own-client.ts';
import type { MeasuredStore } from '../measured-engine.ts';

/** A running store. */
export interface StartedStore {
  readonly store: MeasuredStore;
  /** Kills the server, if it is the engine's own; PostgreSQL goes on. */
  kill(): Promise<void>;
  /** Starts a killed server again on its data and answers how it is reached now. */
  restart(): Promise<MeasuredStore>;
  /** Ends what was started and removes the data. */
  remove(): Promise<void>;
}

/** Makes an empty database; the name is new, of lower-case letters, digits and underscores. */
export async function createDatabase(adminUrl: string, name: string): Promise<StartedStore> {
  const identifier = pg.escapeIdentifier(name);
  const run = (text: string): Promise<unknown> =>
    withOwnClient({ connectionString: adminUrl }, (client) => client.query(text));
  await run(`create database ${identifier}`);
  const url = Object.assign(new URL(adminUrl), { pathname: `/${name}` }).toString();
  const store: MeasuredStore = { kind: 'postgres', url };
  return {
    store,
    kill: async () => undefined,
    restart: async () => store,
    // Connections of a killed process may not have been noticed to be gone.
    remove: async () => {
      await run(`drop database ${identifier} with (force)`);
    },
  };
}
