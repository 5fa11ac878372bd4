// CreateWorkflow: judges what is described and records it; with `start` its first execution begins in the same transaction.
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { principalOf, requestIdOf } from '../../../foundation/rpc/caller.ts';
import type { WorkflowService } from '../../../proto/gen/domainflow/orchestrator/v1/workflow_service_pb.js';
import type { WriteRecord } from '../core/audit.ts';
import { nextFiringMs, readCron } from '../core/work/cron.ts';
import type { WorkflowDocument } from '../core/work/workflow.ts';
import { readWorkflow } from '../core/work/workflow-document.ts';
import type { WorkflowKey } from '../store/store.ts';
import { notStarted, startBy } from './start-workflow-run.ts';
import { editorTenant } from './worker-access.ts';
import { type WorkflowDeps, workflowNow } from './workflow-deps.ts';
import { type Writer, writerOf } from './writer.ts';

/**
 * CreateWorkflow. `invalid_argument` or `malformed` with everything that is wrong, `failed_precondition` where it is to be started and a workflow
 * that it depends on has not completed. A request that comes again is answered the workflow that it made, also of several at once.
 */
export function createWorkflow(deps: WorkflowDeps): ServiceImpl<typeof WorkflowService>['createWorkflow'] {
  const { stores, clock, offered } = deps;
  return async ({ workflow: body = {}, start: isStarted }, context) => {
    const tenantId = editorTenant(context, 'Creating workflows');
    const writer = writerOf(context);
    const requestId = requestIdOf(context);
    const key = { tenantId, id: requestId ?? newId() };
    // What was allowed then need not be allowed any more.
    if (requestId !== undefined && (await stores.workflows.read(key, { fresh: true }))) {
      return { workflow: await workflowNow(stores.workflows, key) };
    }
    const document = readWorkflow(body);
    const atMs = clock();
    const record = { ...key, document, principal: principalOf(context), createdAtMs: atMs };
    const start = isStarted ? firstStart(context, { key, atMs, writer }) : {};
    const created = await stores.workflows.create(
      { ...record, ...firstFiring(document, atMs), ...start },
      entryOf(key, document, writer),
    );
    if (created.type === 'unknown_dependencies') throw unknownDependencies(created.places);
    if (created.type === 'under_way' || created.type === 'dependencies') throw notStarted(created);
    if (isStarted) offered?.(tenantId);
    return { workflow: await workflowNow(stores.workflows, key) };
  };
}

interface FirstStart {
  readonly key: WorkflowKey;
  readonly atMs: number;
  readonly writer: Writer;
}

function firstStart(context: HandlerContext, { key, atMs, writer }: FirstStart) {
  return { start: startBy(context, { workflowId: key.id, executionId: newId(), atMs, writer }) };
}

function firstFiring({ schedule = '' }: WorkflowDocument, atMs: number) {
  const reading = readCron(schedule);
  const nextFireAtMs = 'problem' in reading ? undefined : nextFiringMs(reading.schedule, atMs);
  return nextFireAtMs === undefined ? {} : { nextFireAtMs };
}

function unknownDependencies(places: readonly number[]) {
  return invalidArgument(
    places.map((place) => ({ field: `dependencies[${place}]`, reason: 'must be a workflow of the tenant' })),
  );
}

function entryOf({ id }: WorkflowKey, document: WorkflowDocument, writer: Writer): WriteRecord {
  const { tasks, dependencies, schedule } = document;
  const details = { tasks: tasks.length, dependencies: [...dependencies], scheduled: schedule !== undefined };
  return {
    operation: 'workflow_creation',
    entityType: 'workflow',
    entityId: id,
    message: 'Created a workflow',
    details,
    ...writer,
  };
}
