// Owners on PostgreSQL. All times are the database's: replicas need not agree on theirs. Beside its signs of life an owner holds an advisory
// lock for as long as its session lives, so that a process that is gone can be told from one that is slow.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { OwnerStore } from './store.ts';

const endNamesakes = `update orchestrator.owners set ended_at = clock_timestamp() where replica_name = $1 and ended_at is null`;
const insertOwner = `insert into orchestrator.owners (owner_id, replica_name, address) values ($1, $2, $3)`;

const insertBeat = `insert into orchestrator.owner_beats (owner_id) values ($1)`;

/** Key of the lock of an owner `o`. */
const lockKey = `hashtextextended('orchestrator.owner ' || o.owner_id::text, 0)`;

// A session that was replaced takes the lock again with its next sign of life.
const beatOwner = `with living as (
    select o.owner_id, case when not exists (
      select from pg_catalog.pg_locks l where l.locktype = 'advisory' and l.pid = pg_backend_pid()
        and l.objsubid = 1 and ((l.classid::bigint << 32) | l.objid::bigint) = ${lockKey}
    ) then pg_try_advisory_lock(${lockKey}) end
    from orchestrator.owners o where o.owner_id = $1 and o.ended_at is null
  ), beaten as (
    update orchestrator.owner_beats b set beat_at = clock_timestamp() from living where b.owner_id = living.owner_id
    returning b.owner_id
  )
  select (select count(*)::int from orchestrator.owners where ended_at is null) as living from beaten`;

const endOwner = `update orchestrator.owners set ended_at = clock_timestamp() where owner_id = $1 and ended_at is null`;
const unlockAll = 'select pg_advisory_unlock_all()';

const endSilentOwners = `update orchestrator.owners o set ended_at = clock_timestamp()
  from orchestrator.owner_beats b
  where o.ended_at is null and b.owner_id = o.owner_id and o.owner_id <> $3
    and pg_postmaster_start_time() < clock_timestamp() - make_interval(secs => $1)
    and case when b.beat_at < clock_timestamp() - make_interval(secs => $1) then true
      when b.beat_at < clock_timestamp() - make_interval(secs => $2) then pg_try_advisory_xact_lock(${lockKey})
      else false end`;
const dropBeats = `delete from orchestrator.owner_beats b using orchestrator.owners o
  where o.owner_id = b.owner_id and o.ended_at < clock_timestamp() - interval '10 minutes'`;

/** The store over a pool of one connection of the role `orchestrator_engine`: it is the session that holds the lock. */
export function createPostgresOwnerStore(postgres: Postgres): OwnerStore {
  const change = async (name: string, text: string, values: unknown[]): Promise<number> =>
    (await postgres.query({ name: `orchestrator.${name}`, text, values })).count;
  return {
    async register({ ownerId, replicaName, address }) {
      await postgres.systemTransaction(async (client) => {
        await client.query({ name: 'orchestrator.end_namesakes', text: endNamesakes, values: [replicaName] });
        const values = [ownerId, replicaName, address];
        await client.query({ name: 'orchestrator.insert_owner', text: insertOwner, values });
        await client.query({ name: 'orchestrator.insert_beat', text: insertBeat, values: [ownerId] });
        await client.query({ name: 'orchestrator.drop_beats', text: dropBeats });
      });
    },
    async beat(ownerId) {
      const statement = { name: 'orchestrator.beat_owner', text: beatOwner, values: [ownerId] };
      return (await postgres.query<{ living: number }>(statement)).rows[0]?.living;
    },
    async end(ownerId) {
      await change('end_owner', endOwner, [ownerId]);
      await change('unlock_owner', unlockAll, []);
    },
    endSilent: ({ ownerId, silentMs, goneMs }) =>
      change('end_silent_owners', endSilentOwners, [silentMs / 1000, goneMs / 1000, ownerId]),
  };
}
