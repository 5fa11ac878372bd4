// Tenants as an operator makes and lists them, on an admin's connection. No RPC uses it: services only ever see one tenant at a time.
import type { ClientBase } from 'pg';
import { Fault } from '../../../foundation/fault/fault.ts';
import { violatedConstraint } from '../../../foundation/postgres/database-fault.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { NewTenant } from '../core/new-tenant.ts';
import { systemUserId } from '../core/system-tenant.ts';
import { recordWrite } from './record-write.ts';

const pageSize = 500;

const insertTenant = 'insert into registry.tenants (id, tenant_name) values ($1, $2)';

const selectTenants = `select id, tenant_name, created_at from registry.tenants
where id > $1 order by id limit ${pageSize}`;

const beforeAllIds = '00000000-0000-0000-0000-000000000000';

/** A tenant as it is stored. */
export interface StoredTenant {
  readonly id: string;
  readonly tenant_name: string;
  readonly created_at: Date;
}

/** Stores the tenant and, in the same transaction, an entry in its audit log in the name of the platform's user. Fault `already_exists` for an id that is taken. */
export async function createTenant(client: ClientBase, { id, name }: NewTenant): Promise<void> {
  const actor = {
    tenantId: id,
    userId: systemUserId,
    role: 'admin',
    traceId: undefined,
    startedMs: performance.now(),
  } as const;
  await client.query('begin');
  try {
    await client.query(insertTenant, [id, name]);
    await recordWrite(statementsOf(client), actor, {
      operation: 'create',
      entityType: 'tenant',
      entityId: id,
      message: 'Tenant created by the tenant command',
      after: { id, tenant_name: name },
    });
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined); // the first error says more
    if (violatedConstraint(error)?.name !== 'tenants_pkey') throw error;
    throw new Fault('already_exists', `A tenant with the id ${id} exists already`, { cause: error });
  }
}

/** Every tenant in order of ids, the system tenant among them, read in pages. */
export async function* listTenants(client: ClientBase): AsyncGenerator<StoredTenant> {
  for (let after = beforeAllIds; ; ) {
    const { rows } = await client.query<StoredTenant>(selectTenants, [after]);
    yield* rows;
    const last = rows.at(-1);
    if (rows.length < pageSize || last === undefined) return;
    after = last.id;
  }
}

function statementsOf(client: ClientBase): SqlClient {
  return {
    query: async <Row>({ text, values = [] }: Parameters<SqlClient['query']>[0]) => {
      const { rows, rowCount } = await client.query(text, [...values]);
      return { rows: rows as Row[], count: rowCount ?? 0 };
    },
  };
}
