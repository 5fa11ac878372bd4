// Reads what a database really holds of the registry's schema, from PostgreSQL's catalog. It judges nothing.
import type { ClientBase } from 'pg';
import { type MigrationRecord, selectRecords } from '../../../foundation/postgres/migration-records.ts';

/** A table of the schema. */
export interface CatalogTable {
  readonly name: string;
  /** True when row-level security binds everybody, its owner included. */
  readonly forced: boolean;
}

/** The registry's schema as it is. Definitions are as the catalog prints them with nothing on the search path. */
export interface Catalog {
  /** `15.18`, `18.4` … */
  readonly serverVersion: string;
  /** Version of the installed extension; null when it is not installed. */
  readonly postgis: string | null;
  /** True when the server could install PostGIS. */
  readonly postgisAvailable: boolean;
  readonly tables: readonly CatalogTable[];
  /** `<table>.<name>` to type, `not null` and default. */
  readonly columns: ReadonlyMap<string, string>;
  /** Name to what the index is on. */
  readonly indexes: ReadonlyMap<string, string>;
  /** Name to what the trigger does; disabled ones are left out. */
  readonly triggers: ReadonlyMap<string, string>;
  /** Name to definition; those that are not valid for all rows are left out. */
  readonly constraints: ReadonlyMap<string, string>;
  /** Name to the type it answers. */
  readonly functions: ReadonlyMap<string, string>;
  readonly migrations: readonly MigrationRecord[];
  /** Rights of the role `registry_app` that it must not have; null when there is no such role. */
  readonly appRole: readonly string[] | null;
}

const inSchema = `(select oid from pg_namespace where nspname = 'registry')`;

const selectServer = `select current_setting('server_version') as server_version,
  (select extversion from pg_extension where extname = 'postgis') as postgis,
  exists (select from pg_available_extensions where name = 'postgis') as postgis_available`;

const selectTables = `select relname as name, relrowsecurity and relforcerowsecurity as forced from pg_class
where relnamespace = ${inSchema} and relkind in ('r', 'p')
order by relname limit 1000`;

const selectColumns = `select c.relname || '.' || a.attname as name,
  format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
    || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as definition
from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
where c.relnamespace = ${inSchema} and c.relkind in ('r', 'p')
order by c.relname, a.attnum limit 10000`;

const selectIndexes = `select c.relname as name, regexp_replace(pg_get_indexdef(c.oid), '^.* ON ', '') as definition
from pg_class c
join pg_index i on i.indexrelid = c.oid and i.indisvalid
where c.relnamespace = ${inSchema}
order by c.relname limit 10000`;

const selectTriggers = `select t.tgname as name,
  regexp_replace(pg_get_triggerdef(t.oid), '^CREATE TRIGGER \\S+ ', '') as definition
from pg_trigger t
join pg_class c on c.oid = t.tgrelid
where c.relnamespace = ${inSchema} and not t.tgisinternal and t.tgenabled in ('O', 'A')
order by t.tgname limit 10000`;

const selectConstraints = `select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
where connamespace = ${inSchema} and contype in ('p', 'u', 'f', 'c') and convalidated
order by conname limit 10000`;

const selectFunctions = `select proname as name, format_type(prorettype, null) as definition from pg_proc
where pronamespace = ${inSchema}
order by proname limit 10000`;

const selectAppRole = `select array_remove(array[
  case when rolsuper then 'superuser' end,
  case when rolbypassrls then 'bypasses row-level security' end,
  case when rolcreaterole then 'creates roles' end,
  case when exists (
    select from pg_class where relowner = r.oid and relnamespace = ${inSchema}
  ) then 'owns tables' end
], null) as rights
from pg_roles r where rolname = 'registry_app'`;

/** Reads the catalog inside the caller's transaction, whose search path must hold nothing but `pg_catalog`. */
export async function readCatalog(client: ClientBase): Promise<Catalog> {
  const definitions = async (text: string): Promise<ReadonlyMap<string, string>> => {
    const { rows } = await client.query<{ name: string; definition: string }>(text);
    return new Map(rows.map(({ name, definition }) => [name, definition]));
  };
  const server = (await client.query(selectServer)).rows[0];
  const tables = (await client.query<CatalogTable>(selectTables)).rows;
  const records = tables.some(({ name }) => name === 'migrations')
    ? await client.query<MigrationRecord>(selectRecords('registry.migrations'))
    : { rows: [] };
  const appRole = (await client.query<{ rights: readonly string[] }>(selectAppRole)).rows[0];
  return {
    serverVersion: server.server_version,
    postgis: server.postgis,
    postgisAvailable: server.postgis_available,
    tables,
    columns: await definitions(selectColumns),
    indexes: await definitions(selectIndexes),
    triggers: await definitions(selectTriggers),
    constraints: await definitions(selectConstraints),
    functions: await definitions(selectFunctions),
    migrations: records.rows,
    appRole: appRole?.rights ?? null,
  };
}
