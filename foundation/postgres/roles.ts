// Makes the login role that a service works under: it may use one schema, owns nothing and passes no row-level security.
// What it may do with tables is granted by the schema's own migrations, which name it `<schema>_app`.
import pg from 'pg';
import { lockDatabaseShape } from './advisory-lock.ts';
import { sqlState } from './database-fault.ts';
import { withOwnClient } from './own-client.ts';
import { scramVerifier } from './scram-verifier.ts';

const attemptsMax = 10;

/** Roles belong to all databases of a server but locks to one: duplicate names, and a row changed by another transaction. */
const statesOfRace = new Set(['23505', '42710', 'XX000']);

const withoutRights = 'nosuperuser nocreatedb nocreaterole noreplication nobypassrls';

// A new role has no special rights, and only a superuser may say so again: an administrator of a managed server is none.
const findRole = `select rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls as special
  from pg_roles where rolname = $1`;

/** Which role to make. */
export interface EnsureRoleOptions {
  /** Of a role that may create roles and schemas. */
  readonly adminUrl: string;
  readonly role: string;
  /** Printable ASCII. It is never sent: the server gets a verifier, so that no statement log shows it. */
  readonly password: string;
  /** Made when absent, owned by the admin. */
  readonly schema: string;
}

/** Makes the role when it is absent, sets its password and takes special rights from it. Safe to repeat and to race. */
export async function ensureRole(options: EnsureRoleOptions): Promise<void> {
  const verifier = await scramVerifier(options.password);
  const config = { connectionString: options.adminUrl, application_name: 'ensure role' };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await withOwnClient(config, (client) => makeRole(client, options, verifier)); // without a commit the server rolls back
    } catch (error) {
      if (attempt === attemptsMax || !statesOfRace.has(sqlState(error) ?? '')) throw error;
    }
  }
}

async function makeRole(client: pg.Client, options: EnsureRoleOptions, verifier: string): Promise<void> {
  const [role, schema] = [pg.escapeIdentifier(options.role), pg.escapeIdentifier(options.schema)];
  await client.query('begin');
  await lockDatabaseShape(client);
  const { rows } = await client.query<{ special: boolean }>(findRole, [options.role]);
  if (rows.length === 0) await client.query(`create role ${role}`);
  if (rows[0]?.special) await client.query(`alter role ${role} ${withoutRights}`);
  await client.query(`alter role ${role} login`);
  await client.query(`alter role ${role} password ${pg.escapeLiteral(verifier)}`);
  await client.query(`create schema if not exists ${schema}`);
  await client.query(`grant usage on schema ${schema} to ${role}`);
  await client.query('commit');
}
