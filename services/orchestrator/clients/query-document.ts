// The document of a query run: its query job, and the two messages of the session around it.
import type { Log } from '../../../foundation/telemetry/log.ts';
import { QueryMode } from '../../../proto/gen/domainflow/sessions/v1/query_job_pb.js';
import { composeAnswer, givenReferences, type QueryAnswer } from '../core/compose-answer.ts';
import type { MeshClients } from './mesh-clients.ts';
import {
  completeQueryJob,
  type JobResult,
  placeQueryJob,
  queryInputOf,
  referencesWire,
  verifyReferences,
} from './query-job.ts';
import type { RunCalls } from './run-calls.ts';
import type { EndOfRun, RunDocument } from './run-document.ts';

function answerWire(answer: QueryAnswer): JobResult {
  const { answers, mapData, referencesUsed, referencesRejected, referencesTotal, summary } = answer;
  return {
    summary,
    answers: answers.map((each) => ({ ...each, references: [...each.references] })),
    ...(mapData ? { mapData } : {}),
    ...referencesWire(referencesUsed, referencesRejected),
    referencesTotal,
  };
}

/** Query jobs as documents of runs. */
export function createQueryDocument(
  clients: Pick<MeshClients, 'queryJobs' | 'index'>,
  callsOf: RunCalls,
  log: Log,
): RunDocument {
  const reach = { clients, callsOf, log };

  async function answerOf({ execution, state }: EndOfRun): Promise<QueryAnswer> {
    const verified = await verifyReferences(reach, execution, givenReferences(state));
    return composeAnswer(queryInputOf(execution).question, state, verified);
  }

  return {
    place: (execution) => placeQueryJob(reach, execution, QueryMode.QUERY),
    async apply(end) {
      const { outcome } = end;
      const answer = outcome.succeeded || outcome.partial ? await answerOf(end) : undefined;
      const message = answer?.summary ?? `The question could not be answered. ${outcome.error}`;
      await completeQueryJob(reach, end, { result: answer && answerWire(answer), message });
      return { summary: answer ? closingLineOf(answer) : '' };
    },
  };
}

function closingLineOf({ summary }: QueryAnswer): string {
  return (summary.split('\n').at(-1) ?? '').replace(/^Summary: /, '');
}
