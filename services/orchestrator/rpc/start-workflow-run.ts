// What a person's start of a workflow is, and what is said when nothing was started.
import type { HandlerContext } from '@connectrpc/connect';
import { context as contextApi } from '@opentelemetry/api';
import { Fault } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import { storeTrace } from '../../../foundation/telemetry/propagation.ts';
import { jobIdOf } from '../core/public-id.ts';
import { type NotStarted, notStartedBecause } from '../core/work/workflow.ts';
import type { WorkflowStart } from '../store/store.ts';
import type { Writer } from './writer.ts';

/** Which execution of which workflow, when and by whom. */
export interface AskedStart {
  readonly workflowId: string;
  /** UUIDv7. */
  readonly executionId: string;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly writer: Writer;
}

/** The start of an execution by the caller. */
export function startBy(context: HandlerContext, asked: AskedStart): WorkflowStart {
  const { workflowId, executionId, atMs, writer } = asked;
  const trace = storeTrace(contextApi.active());
  return {
    executionId,
    principal: principalOf(context),
    ...(trace ? { trace } : {}),
    atMs,
    entry: {
      operation: 'workflow_execution',
      entityType: 'workflow',
      entityId: workflowId,
      message: 'Started an execution of a workflow',
      details: { job_id: jobIdOf(executionId), by: 'person' },
      ...writer,
    },
  };
}

/** The fault of a start that a state does not allow. */
export function notStarted(why: NotStarted): Fault {
  return new Fault('failed_precondition', notStartedBecause(why));
}
