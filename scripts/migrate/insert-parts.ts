// What inserters of all kinds work with.
import type { Principal } from '../../foundation/identity/principal.ts';
import type { Network } from '../../foundation/net/address.ts';
import type { Postgres } from '../../foundation/postgres/pool.ts';
import type { WriteRecord } from '../../services/orchestrator/core/audit.ts';
import type { LegacyRecord } from './legacy-record.ts';

/** What inserting needs. */
export interface InsertDeps {
  /** Of the role that serves requests. */
  readonly postgres: Postgres;
  readonly tenantId: string;
  /** Networks whose private addresses workers may name. */
  readonly networks: readonly Network[];
  /** Milliseconds since the Unix epoch. */
  readonly clock: () => number;
  /** Finds other records of the same source. */
  readonly find: (kind: 'workflows' | 'tasks', id: string) => Promise<LegacyRecord | undefined>;
}

/** The same, with in whose name it is done. */
export interface InsertParts extends InsertDeps {
  readonly principal: Principal;
}

/** Names an object. */
export interface ImportedKey {
  readonly tenantId: string;
  readonly id: string;
}

/** Whether it was imported before. */
export async function isThere(
  postgres: Postgres,
  table: 'workers' | 'tasks' | 'workflows',
  { tenantId, id }: ImportedKey,
): Promise<boolean> {
  const text = `select from orchestrator.${table} where tenant_id = $1 and id = $2`;
  const statement = { name: `orchestrator.import_find_${table}`, text, values: [tenantId, id] };
  return postgres.tenantRead(tenantId, async (client) => (await client.query(statement)).count > 0);
}

/** Who writes, as the audit log tells it. */
export function writerOf({ userId }: Principal): Pick<WriteRecord, 'userId' | 'startedMs'> {
  return { userId, startedMs: performance.now() };
}
