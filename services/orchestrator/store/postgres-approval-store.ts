// Decisions of people as lists show them. They are written with the journals of their runs; this only reads.
import type { Postgres, ReadOptions } from '../../../foundation/postgres/pool.ts';
import type { ExecutionKind } from '../core/execution-kind.ts';
import type {
  ApprovalFilter,
  ApprovalSlice,
  ApprovalStatus,
  ApprovalStore,
  StoredApproval,
} from './store.ts';

const columns = `a.execution_id, a.node_id, a.task_id, a.domain_id, a.prompt, a.roles, a.status, a.requested_at, a.expires_at,
  a.decided_at, a.decided_by, a.comment, x.kind, x.created_by`;

const approvals = `orchestrator.approvals a
  join orchestrator.executions x on x.tenant_id = a.tenant_id and x.id = a.execution_id`;

// What is asked in a run that is its starter's alone is shown to those who may decide it (SPEC P2.2).
const matches = `a.tenant_id = $1 and a.status = $2 and ($3::uuid is null or a.execution_id = $3)
  and (x.kind not in ('query', 'management') or x.created_by = $4 or a.roles && $5::text[])`;

// The first condition on the position is what an index can begin at.
const selectSlice = `select ${columns} from ${approvals}
  where ${matches} and ($6::timestamptz is null or (a.requested_at <= $6 and (a.requested_at < $6 or a.execution_id < $7::uuid
    or (a.execution_id = $7 and a.node_id > $8))))
  order by a.requested_at desc, a.execution_id desc, a.node_id limit $9 offset $10`;

const countMatches = `select count(*)::int as total from (select from ${approvals} where ${matches} limit $6) found`;

const selectApproval = `select ${columns} from ${approvals}
  where a.tenant_id = $1 and a.execution_id = $2 and (a.node_id = $3 or a.task_id = $3)
  order by a.node_id = $3 desc limit 1`;

interface ApprovalRow {
  readonly execution_id: string;
  readonly node_id: string;
  readonly task_id: string;
  readonly domain_id: string;
  readonly prompt: string;
  readonly roles: readonly string[];
  readonly status: ApprovalStatus;
  readonly requested_at: Date;
  readonly expires_at: Date;
  readonly decided_at: Date | null;
  readonly decided_by: string | null;
  readonly comment: string;
  readonly kind: ExecutionKind;
  readonly created_by: string;
}

function approvalOf(row: ApprovalRow): StoredApproval {
  return {
    executionId: row.execution_id,
    nodeId: row.node_id,
    taskId: row.task_id,
    domainId: row.domain_id,
    prompt: row.prompt,
    roles: row.roles,
    status: row.status,
    requestedAtMs: row.requested_at.getTime(),
    expiresAtMs: row.expires_at.getTime(),
    ...(row.decided_at ? { decidedAtMs: row.decided_at.getTime() } : {}),
    ...(row.decided_by === null ? {} : { decidedBy: row.decided_by }),
    comment: row.comment,
    kind: row.kind,
    createdBy: row.created_by,
  };
}

function filterValues(tenantId: string, filter: ApprovalFilter): unknown[] {
  const { status, executionId, userId, roles } = filter;
  return [tenantId, status, executionId ?? null, userId, [...roles]];
}

function sliceValues(tenantId: string, { filter, limit, offset, after }: ApprovalSlice): unknown[] {
  const position = after
    ? [new Date(after.requestedAtMs), after.executionId, after.nodeId]
    : [null, null, null];
  return [...filterValues(tenantId, filter), ...position, limit, offset];
}

/** The store over a pool of the role `orchestrator_app`. */
export function createPostgresApprovalStore(postgres: Postgres): ApprovalStore {
  function select<Row>(name: string, text: string, values: unknown[], options?: ReadOptions) {
    const statement = { name: `orchestrator.${name}`, text, values };
    const tenantId = String(values[0]);
    return postgres.tenantRead(
      tenantId,
      async (client) => (await client.query<Row>(statement)).rows,
      options,
    );
  }
  return {
    list: async (tenantId, slice) => {
      const values = sliceValues(tenantId, slice);
      return (await select<ApprovalRow>('select_approvals', selectSlice, values)).map(approvalOf);
    },
    count: async (tenantId, filter, limit) => {
      const values = [...filterValues(tenantId, filter), limit];
      return (await select<{ total: number }>('count_approvals', countMatches, values))[0]?.total ?? 0;
    },
    read: async ({ tenantId, id }, nodeOrTaskId, options) => {
      const values = [tenantId, id, nodeOrTaskId];
      const [row] = await select<ApprovalRow>('select_approval', selectApproval, values, options);
      return row && approvalOf(row);
    },
  };
}
