// Lets one process at a time change the shape of a database: a lock of the server that ends with its transaction.
import type { ClientBase } from 'pg';

/** Any fixed number will do, as long as no other program takes the same one: these are the bytes of "domainfl". */
const shapeLock = '7237123391355774572';

/** Waits until no other transaction changes the shape of this database, and keeps others waiting until this one ends. */
export async function lockDatabaseShape(client: ClientBase): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1::bigint)', [shapeLock]);
}
