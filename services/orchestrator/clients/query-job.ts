// The query job of a run, whether it asks or commands: how it is put in place, how it is ended, and how references are verified for it.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { IndexEntry } from '../../../proto/gen/domainflow/reports/v1/index_entry_pb.js';
import type { QueryMode, QueryResultSchema } from '../../../proto/gen/domainflow/sessions/v1/query_job_pb.js';
import type { RejectedReference } from '../core/compose-answer.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import { jobOf, type QueryInput, type RecordedJob, type Repetition } from '../core/job-input.ts';
import { jobIdOf, messageIdOf, subjectUuidOf } from '../core/public-id.ts';
import type { VerifiedReference } from '../core/verified-reference.ts';
import { cacheStatsWire, logWire } from './log-json.ts';
import type { MeshClients } from './mesh-clients.ts';
import type { RunCalls } from './run-calls.ts';
import { type EndOfRun, unlessDeleted } from './run-document.ts';

/** Time for one call about a query job, in milliseconds. */
export const callTimeoutMs = 10_000;
/** Ids that one verification takes. */
const verifiedMax = 1_000;

/** What query jobs are kept with. */
export interface QueryJobReach {
  readonly clients: Pick<MeshClients, 'queryJobs' | 'index'>;
  readonly callsOf: RunCalls;
  readonly log: Log;
}

type QueryJobWriting = Omit<QueryJobReach, 'log'>;

/** What the agents found or changed, as the job shows it. */
export type JobResult = Omit<
  MessageInitShape<typeof QueryResultSchema>,
  '$typeName' | 'executionLog' | 'cacheStats' | 'error'
>;

/** The input of a run with a query job. */
export function queryInputOf({ input }: StoredExecution): QueryInput {
  return jobOf(input).input as unknown as QueryInput;
}

function messagesOf({ input }: StoredExecution): NonNullable<RecordedJob['messages']> {
  const { messages } = jobOf(input);
  if (!messages) throw new Error('a query was recorded without the ids of its messages');
  return messages;
}

/** Makes the job and the user's message; for a run that repeats another one, gives it the job that is there. */
export async function placeQueryJob(
  { clients, callsOf }: QueryJobWriting,
  execution: StoredExecution,
  mode: QueryMode,
): Promise<void> {
  const { repeats } = jobOf(execution.input);
  if (repeats) return reopenQueryJob({ clients, callsOf }, execution, repeats);
  const { question, domain_id: domainId } = queryInputOf(execution);
  const request = {
    id: subjectUuidOf(execution.subjectId),
    sessionId: execution.sessionId ?? '',
    domainId,
    question,
    mode,
    jobId: jobIdOf(execution.id),
    createdAt: timestampFromMs(execution.createdAtMs),
    messageId: messageIdOf(messagesOf(execution).question),
  };
  await clients.queryJobs.createQueryJob(request, callsOf(execution, { timeoutMs: callTimeoutMs }));
}

async function reopenQueryJob(
  { clients, callsOf }: QueryJobWriting,
  execution: StoredExecution,
  { earlierJobId }: Repetition,
): Promise<void> {
  const request = {
    queryId: execution.subjectId,
    earlierJobId,
    jobId: jobIdOf(execution.id),
    at: timestampFromMs(execution.createdAtMs),
  };
  const options = callsOf(execution, { timeoutMs: callTimeoutMs });
  await clients.queryJobs.reopenQueryJob(request, options).catch(unlessDeleted);
}

/** What the end of a run says. */
export interface JobEnd {
  /** Absent where nothing is written but the failure. */
  readonly result: JobResult | undefined;
  /** What the assistant says. */
  readonly message: string;
}

/** Writes the end of the run into the job, and the assistant's message. */
export async function completeQueryJob(
  { clients, callsOf }: QueryJobWriting,
  { execution, state, outcome, atMs }: EndOfRun,
  { result, message }: JobEnd,
): Promise<void> {
  const request = {
    queryId: execution.subjectId,
    jobId: jobIdOf(execution.id),
    succeeded: outcome.succeeded,
    result: {
      ...(result ?? {}),
      executionLog: logWire(state.log, execution),
      cacheStats: cacheStatsWire(state),
      error: outcome.error,
    },
    messageId: messageIdOf(messagesOf(execution).answer),
    messageContent: message,
    at: timestampFromMs(atMs),
  };
  await clients.queryJobs.completeQueryJob(request, callsOf(execution, { timeoutMs: callTimeoutMs }));
}

/** The reports among these ids that exist in the run's domain, by id. Ids beyond the first 1,000 count as unknown. */
export async function verifyReferences(
  { clients, callsOf, log }: QueryJobReach,
  execution: StoredExecution,
  ids: readonly string[],
): Promise<ReadonlyMap<string, VerifiedReference>> {
  if (ids.length === 0) return new Map();
  const request = { domainId: execution.domainId, incidentIds: ids.slice(0, verifiedMax) };
  const options = callsOf(execution, { timeoutMs: callTimeoutMs });
  const { entries } = await clients.index.verifyReferences(request, options);
  if (entries.length < ids.length) {
    // An agent may give any text for an id, so that only their number is told.
    const rejected = { job_id: jobIdOf(execution.id), domain_id: execution.domainId };
    log.warn(
      { ...rejected, rejected_references: ids.length - entries.length },
      'References that name no report of the domain were dropped',
    );
  }
  return new Map(entries.map((entry) => [entry.incidentId, referenceOf(entry)]));
}

function referenceOf({ incidentId, summary, status, location }: IndexEntry): VerifiedReference {
  const { longitude = 0, latitude = 0 } = location ?? {};
  return {
    referenceId: incidentId,
    summary,
    status,
    ...(location ? { location: { longitude, latitude } } : {}),
  };
}

/** References as a job shows them. */
export function referencesWire(used: readonly VerifiedReference[], rejected: readonly RejectedReference[]) {
  return {
    referencesUsed: used.map(({ referenceId, summary, status, location }) => ({
      referenceId,
      summary,
      status,
      ...(location ? { location } : {}),
    })),
    referencesRejected: rejected.map((each) => ({ ...each, reason: 'unresolved' })),
  };
}
