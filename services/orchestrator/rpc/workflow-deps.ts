// What the RPCs on workflows share.
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Clock } from '../../../foundation/clock.ts';
import { notFound } from '../../../foundation/fault/fault.ts';
import type { WorkflowSchema } from '../../../proto/gen/domainflow/orchestrator/v1/workflow_pb.js';
import type { Engine } from '../engine/engine.ts';
import type { WorkflowKey, WorkflowStore } from '../store/store.ts';
import { taskMessage } from './task-wire.ts';
import { workflowMessage } from './workflow-wire.ts';

/** What they need. */
export interface WorkflowDeps {
  readonly stores: { readonly workflows: WorkflowStore };
  readonly clock: Clock;
  readonly deliver: Engine['deliver'];
  /** Told that tasks of a tenant can be given to workers; absent tells nobody. */
  readonly offered?: (tenantId: string) => void;
}

/** The workflow as it stands now, with its tasks. Fault `not_found`. */
export async function workflowNow(
  workflows: Pick<WorkflowStore, 'read' | 'tasks'>,
  key: WorkflowKey,
): Promise<MessageInitShape<typeof WorkflowSchema>> {
  const workflow = await workflows.read(key, { fresh: true });
  if (!workflow) throw notFound('workflow');
  const tasks = await workflows.tasks(workflow, { fresh: true });
  return workflowMessage(workflow, tasks.map(taskMessage));
}

/** Reads workflows for those who tell of them beside something else, without their tasks; undefined when the tenant has none of this id. */
export function readWorkflowMessage(workflows: Pick<WorkflowStore, 'read'>) {
  return async (key: WorkflowKey): Promise<MessageInitShape<typeof WorkflowSchema> | undefined> => {
    const workflow = await workflows.read(key, { fresh: true });
    return workflow && workflowMessage(workflow);
  };
}
