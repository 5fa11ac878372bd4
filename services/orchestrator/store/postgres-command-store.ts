// What people ask of runs, stored until the run's owner has decided it, so that it is not lost with a process.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { CommandStore } from './store.ts';
import { writeCommand } from './write-command.ts';
import { writeEntry } from './write-entry.ts';

/** The store over a pool of the role `orchestrator_app`. */
export function createPostgresCommandStore(postgres: Postgres): CommandStore {
  return {
    add: (key, stored, entry) =>
      postgres.tenantTransaction(key.tenantId, async (client) => {
        if (!(await writeCommand(client, key, stored))) return 'full';
        if (entry) await writeEntry(client, key.tenantId, entry);
        return 'stored';
      }),
  };
}
