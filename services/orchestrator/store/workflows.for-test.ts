// Workflows for tests of their stores: recorded as requests record them, with executions that end when the test says so.
import { randomUUID } from 'node:crypto';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { WriteRecord } from '../core/audit.ts';
import { diamond, workflowBody } from '../core/work/workflow.for-test.ts';
import { readWorkflow } from '../core/work/workflow-document.ts';
import type { TestStores } from './stores.for-test.ts';
import type { NewWorkflow, WorkflowKey, WorkflowStart } from './workflow-store.ts';

/** A person of a new tenant. */
export function newOwner(): Principal {
  return { tenantId: randomUUID(), userId: randomUUID(), username: 'somebody', roles: ['editor'] };
}

/** An entry of a person for a workflow. */
export function entryOf(
  { userId }: Principal,
  entityId: string,
  operation: WriteRecord['operation'] = 'workflow_creation',
): WriteRecord {
  const about = { operation, entityType: 'workflow', entityId, message: 'Did it' } as const;
  return { ...about, details: {}, userId, startedMs: performance.now() };
}

/** A workflow of a person, the diamond unless the body says something else. */
export function newWorkflow(
  principal: Principal,
  body: JsonObject = workflowBody(diamond),
  changes: Partial<NewWorkflow> = {},
): NewWorkflow {
  const { tenantId } = principal;
  return {
    tenantId,
    id: newId(),
    document: readWorkflow(body),
    principal,
    createdAtMs: Date.now(),
    ...changes,
  };
}

/** The start of an execution by a person. */
export function startOf(principal: Principal, { id }: Pick<WorkflowKey, 'id'>): WorkflowStart {
  const entry = entryOf(principal, id, 'workflow_execution');
  return { executionId: newId(), principal, atMs: Date.now(), entry };
}

/** Ends an execution as its journal would. */
export async function endRun(
  { admin }: Pick<TestStores, 'admin'>,
  executionId: string,
  status: 'completed' | 'failed' | 'cancelled' | 'finishing' = 'completed',
): Promise<void> {
  const { rowCount } = await admin.query(
    `update orchestrator.executions set status = $2, completed_at = case when $2 <> 'finishing' then started_at + interval '90 seconds' end
     where id = $1`,
    [executionId, status],
  );
  if (rowCount !== 1) throw new Error(`There is no execution ${executionId}`);
}

/** The operations of the audit log that name a workflow, in their order. */
export async function operationsOn(
  { admin }: Pick<TestStores, 'admin'>,
  entityId: string,
): Promise<string[]> {
  const { rows } = await admin.query<{ operation_type: string }>(
    `select operation_type from orchestrator.orchestration_logs where entity_id = $1 order by "timestamp", id`,
    [entityId],
  );
  return rows.map(({ operation_type }) => operation_type);
}
