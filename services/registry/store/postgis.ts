// The two things that need PostGIS, made whenever the server can: also when PostGIS came to it after the first migration had left them out.
import type { ClientBase } from 'pg';
import { lockDatabaseShape } from '../../../foundation/postgres/advisory-lock.ts';
import { sqlState } from '../../../foundation/postgres/database-fault.ts';

const findPostgis = `select
  exists (select from pg_available_extensions where name = 'postgis') as available,
  (select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace
    where e.extname = 'postgis') as schema,
  to_regclass('registry.idx_incidents_location') is not null as indexed`;

const insufficientPrivilege = '42501';

const without = 'registry.incidents.location and idx_incidents_location are left out; nothing else needs it';

/** Why `incidents.location` and its index had to be left out; undefined when they are there. Safe to repeat and to race. */
export async function ensureIncidentLocation(client: ClientBase): Promise<string | undefined> {
  await client.query('begin');
  try {
    await lockDatabaseShape(client);
    const warning = await makeLocation(client);
    await client.query('commit');
    return warning;
  } catch (error) {
    await client.query('rollback').catch(() => undefined); // the first error says more
    if (sqlState(error) !== insufficientPrivilege) throw error;
    return `PostGIS may not be installed by this role: ${without}`;
  }
}

interface PostgisFound {
  readonly available: boolean;
  /** Where it is installed; null when it is not. */
  readonly schema: string | null;
  readonly indexed: boolean;
}

async function makeLocation(client: ClientBase): Promise<string | undefined> {
  const found = (await client.query<PostgisFound>(findPostgis)).rows[0];
  if (found?.indexed) return undefined; // and so the column, without which there is no index
  if (!found?.available && !found?.schema) return `PostGIS is not available on this server: ${without}`;
  if (!found.schema) await client.query('create extension if not exists postgis');
  await client.query(addColumn);
  await client.query(
    'create index if not exists idx_incidents_location on registry.incidents using gist (location)',
  );
  return undefined;
}

// The same as in the first migration: the extension may lie in any schema.
const addColumn = `do $$
declare
  postgis_schema text;
begin
  select n.nspname into postgis_schema
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace
    where e.extname = 'postgis';
  execute format(
    'alter table registry.incidents add column if not exists location %I.geography(point)', postgis_schema);
end
$$`;
