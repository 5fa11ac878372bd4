// The document that a run is about, as far as a re-run needs it: which run it names now, and whether that one has ended.
import type { Client, HandlerContext } from '@connectrpc/connect';
import { asFault, Fault } from '../../../foundation/fault/fault.ts';
import { onBehalfOf } from '../../../foundation/rpc/caller.ts';
import type { ReportService } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import type { QueryJobService } from '../../../proto/gen/domainflow/sessions/v1/query_job_service_pb.js';
import type { StoredExecution } from '../core/execution-record.ts';
import { executionIdOf } from '../core/public-id.ts';
import { hasEndedAs } from '../core/run-control.ts';
import type { ExecutionStore } from '../store/store.ts';

/** Where documents are looked at. */
export interface DocumentDeps {
  readonly executions: Pick<ExecutionStore, 'read'>;
  readonly reports: Pick<Client<typeof ReportService>, 'getReport'>;
  readonly queryJobs: Pick<Client<typeof QueryJobService>, 'getQueryJob'>;
}

/**
 * The `job_` id that the run's document names now. Fault `failed_precondition` when the document is deleted, or a run of it goes on, and for
 * runs without one: what those rest on is more than their plan.
 */
export async function earlierJobOf(
  deps: DocumentDeps,
  execution: StoredExecution,
  context: HandlerContext,
): Promise<string> {
  const jobId = await jobOfDocument(deps, execution, context).catch(unlessDeleted);
  const id = executionIdOf(jobId);
  const newest = id && (await deps.executions.read(execution.tenantId, id, { fresh: true }));
  if (newest && !hasEndedAs(newest.status)) {
    throw new Fault('failed_precondition', `Another run of the same goes on: ${jobId} is ${newest.status}`);
  }
  return jobId;
}

async function jobOfDocument(
  { reports, queryJobs }: DocumentDeps,
  { kind, subjectId }: StoredExecution,
  context: HandlerContext,
): Promise<string> {
  const options = onBehalfOf(context);
  switch (kind) {
    case 'ingest':
      return (await reports.getReport({ incidentId: subjectId }, options)).report?.jobId ?? '';
    case 'query':
    case 'management':
      return (await queryJobs.getQueryJob({ queryId: subjectId }, options)).job?.jobId ?? '';
    case 'workflow':
      throw new Fault('failed_precondition', 'The run belongs to a workflow: execute that instead');
    case 'task':
      throw new Fault('failed_precondition', 'The run belongs to a task: create that anew instead');
    case 'shadow_ingest':
    case 'shadow_query':
      throw new Fault('failed_precondition', 'The run belongs to a gate: start the gate anew instead');
  }
}

function unlessDeleted(error: unknown): never {
  if (asFault(error).reason !== 'not_found') throw error;
  throw new Fault('failed_precondition', 'What the run was about has been deleted: it cannot be repeated');
}
