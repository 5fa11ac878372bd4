// Owners on PostgreSQL. All times are the database's: replicas need not agree on theirs.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { OwnerStore } from './store.ts';

const endNamesakes = `update orchestrator.owners set ended_at = clock_timestamp() where replica_name = $1 and ended_at is null`;
const insertOwner = `insert into orchestrator.owners (owner_id, replica_name, address) values ($1, $2, $3)`;
const beatOwner = `update orchestrator.owners set beat_at = clock_timestamp() where owner_id = $1 and ended_at is null`;
const endOwner = `update orchestrator.owners set ended_at = clock_timestamp() where owner_id = $1 and ended_at is null`;
const endSilentOwners = `update orchestrator.owners set ended_at = clock_timestamp()
  where ended_at is null and beat_at < clock_timestamp() - make_interval(secs => $1)`;

/** The store over a pool of the role `orchestrator_engine`. */
export function createPostgresOwnerStore(postgres: Postgres): OwnerStore {
  const change = async (name: string, text: string, values: unknown[]): Promise<number> =>
    (await postgres.query({ name: `orchestrator.${name}`, text, values })).count;
  return {
    async register({ ownerId, replicaName, address }) {
      await postgres.systemTransaction(async (client) => {
        await client.query({ name: 'orchestrator.end_namesakes', text: endNamesakes, values: [replicaName] });
        const values = [ownerId, replicaName, address];
        await client.query({ name: 'orchestrator.insert_owner', text: insertOwner, values });
      });
    },
    beat: async (ownerId) => (await change('beat_owner', beatOwner, [ownerId])) > 0,
    end: async (ownerId) => void (await change('end_owner', endOwner, [ownerId])),
    endSilent: (silentMs) => change('end_silent_owners', endSilentOwners, [silentMs / 1000]),
  };
}
