// The document of a query run: its query job, and the two messages of the session around it.
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { IndexEntry } from '../../../proto/gen/domainflow/reports/v1/index_entry_pb.js';
import { QueryMode } from '../../../proto/gen/domainflow/sessions/v1/query_job_pb.js';
import { composeAnswer, givenReferences, type QueryAnswer } from '../core/compose-answer.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import type { ExecutionState } from '../core/execution-state.ts';
import { jobOf, type QueryInput, type RecordedJob } from '../core/job-input.ts';
import { jobIdOf, messageIdOf, subjectUuidOf } from '../core/public-id.ts';
import type { VerifiedReference } from '../core/verified-reference.ts';
import { cacheStatsWire, logWire } from './log-json.ts';
import type { MeshClients } from './mesh-clients.ts';
import type { RunCalls } from './run-calls.ts';
import type { EndOfRun, RunDocument } from './run-document.ts';

const callTimeoutMs = 10_000;
/** Ids that one verification takes. */
const verifiedMax = 1_000;

function messagesOf(execution: StoredExecution): NonNullable<RecordedJob['messages']> {
  const { messages } = jobOf(execution.input);
  if (!messages) throw new Error('a query was recorded without the ids of its messages');
  return messages;
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

function answerWire({
  answers,
  mapData,
  referencesUsed,
  referencesRejected,
  referencesTotal,
  summary,
}: QueryAnswer) {
  return {
    summary,
    answers: answers.map(({ agentId, label, text, references }) => ({
      agentId,
      label,
      text,
      references: [...references],
    })),
    ...(mapData ? { mapData } : {}),
    referencesUsed: referencesUsed.map(({ referenceId, summary: words, status, location }) => ({
      referenceId,
      summary: words,
      status,
      ...(location ? { location } : {}),
    })),
    referencesRejected: referencesRejected.map((each) => ({ ...each, reason: 'unresolved' })),
    referencesTotal,
  };
}

/** Query jobs as documents of runs. */
export function createQueryDocument(
  clients: Pick<MeshClients, 'queryJobs' | 'index'>,
  callsOf: RunCalls,
): RunDocument {
  const { queryJobs, index } = clients;

  async function answerOf(execution: StoredExecution, state: ExecutionState): Promise<QueryAnswer> {
    const given = givenReferences(state).slice(0, verifiedMax);
    const request = { domainId: execution.domainId, incidentIds: given };
    const options = callsOf(execution, { timeoutMs: callTimeoutMs });
    const entries = given.length === 0 ? [] : (await index.verifyReferences(request, options)).entries;
    const { question } = jobOf(execution.input).input as unknown as QueryInput;
    return composeAnswer(
      question,
      state,
      new Map(entries.map((entry) => [entry.incidentId, referenceOf(entry)])),
    );
  }

  return {
    async place(execution) {
      const { question, domain_id: domainId } = jobOf(execution.input).input as unknown as QueryInput;
      const request = {
        id: subjectUuidOf(execution.subjectId),
        sessionId: execution.sessionId ?? '',
        domainId,
        question,
        mode: QueryMode.QUERY,
        jobId: jobIdOf(execution.id),
        createdAt: timestampFromMs(execution.createdAtMs),
        messageId: messageIdOf(messagesOf(execution).question),
      };
      await queryJobs.createQueryJob(request, callsOf(execution, { timeoutMs: callTimeoutMs }));
    },
    async apply({ execution, state, outcome, atMs }: EndOfRun) {
      const written = outcome.succeeded || outcome.partial;
      const answer = written ? answerWire(await answerOf(execution, state)) : undefined;
      const result = {
        ...(answer ?? {}),
        executionLog: logWire(state.log, execution),
        cacheStats: cacheStatsWire(state),
        error: outcome.error,
      };
      const failure = `The question could not be answered. ${outcome.error}`;
      const request = {
        queryId: execution.subjectId,
        jobId: jobIdOf(execution.id),
        succeeded: outcome.succeeded,
        result,
        messageId: messageIdOf(messagesOf(execution).answer),
        messageContent: answer?.summary ?? failure,
        at: timestampFromMs(atMs),
      };
      await queryJobs.completeQueryJob(request, callsOf(execution, { timeoutMs: callTimeoutMs }));
    },
  };
}
