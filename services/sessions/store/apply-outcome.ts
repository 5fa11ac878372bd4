// Ends a query job once: the log and the citations first, then one conditional write of everything else.
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isConditionFailed } from '../../../foundation/dynamodb/dynamodb-fault.ts';
import type { LogPointer, QueryJob } from '../core/query-job.ts';
import type { QueryResult } from '../core/query-result.ts';
import { removeCitations, writeCitations } from './citation-documents.ts';
import { type Documents, keyOf } from './documents.ts';
import { logPointer, removeLog, writeLog } from './execution-log.ts';
import { KeyAttribute, type RunName, tenantKey } from './keys.ts';
import { outcomeItem } from './outcome-item.ts';
import { readQueryJob } from './query-job-documents.ts';
import { type QueryJobItem, queryJobOf } from './query-job-item.ts';
import type { RunOutcome } from './store.ts';

/** Ends a job that is still processing; see the port. */
export async function applyOutcome(
  documents: Documents,
  job: QueryJob,
  outcome: RunOutcome,
): Promise<{ applied: boolean; job: QueryJob | undefined }> {
  const log = await writeLog(documents, job, outcome.log);
  const { messageId } = outcome.message;
  await writeCitations(documents, job, { incidentIds: incidentsIn(outcome.result), messageId });
  const ended = await endJob(documents, job, { outcome, log });
  if (ended) return { applied: true, job: ended };
  const stored = await readQueryJob(documents, job.tenantId, job.queryId);
  await removeUnused(documents, job, { outcome, log, stored });
  return { applied: false, job: stored };
}

/** Removes what a try left that was cut off before it found its job gone; see the port. */
export async function discardOutcome(documents: Documents, run: RunName, outcome: RunOutcome): Promise<void> {
  const log = await logPointer(outcome.log);
  await removeUnused(documents, run, { outcome, log, stored: undefined });
}

function incidentsIn({ referencesUsed }: QueryResult): string[] {
  return referencesUsed.map(({ referenceId }) => referenceId);
}

interface Unused {
  readonly outcome: RunOutcome;
  readonly log: LogPointer | undefined;
  /** The job as it stands; undefined when it is gone. */
  readonly stored: QueryJob | undefined;
}

/** Removes what was written for an outcome that did not end its job, except what another try of the same run uses. */
async function removeUnused(
  documents: Documents,
  run: RunName,
  { outcome, log, stored }: Unused,
): Promise<void> {
  const used = stored?.jobId === run.jobId ? stored.outcome : undefined;
  if (log && used?.log?.digest !== log.digest) await removeLog(documents, run, log);
  const cited = new Set(used ? incidentsIn(used.result) : []);
  const uncited = incidentsIn(outcome.result).filter((id) => !cited.has(id));
  await removeCitations(documents, run, uncited);
}

/** The ended job; undefined when it was not processing under this run any more. */
async function endJob(
  { client, tables }: Documents,
  { tenantId, queryId, jobId }: QueryJob,
  { outcome, log }: { readonly outcome: RunOutcome; readonly log: LogPointer | undefined },
): Promise<QueryJob | undefined> {
  const values = {
    ...outcomeItem(outcome, log),
    status: outcome.succeeded ? 'completed' : 'failed',
    updated_at: outcome.at,
  };
  const names = Object.keys(values);
  try {
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName: tables.queryJobs,
        Key: keyOf(tenantKey(tenantId, queryId)),
        UpdateExpression: `SET ${names.map((_, at) => `#n${at} = :v${at}`).join(', ')} REMOVE #unsettled`,
        // Settles the race of tries to end one run, of a run with the reconciler, and of an old run with a newer one of the same
        // job: the first that finds the job processing under its own run ends it. A deleted job is not brought back.
        ConditionExpression: '#job = :job AND #status = :processing',
        ExpressionAttributeNames: {
          '#job': 'job_id',
          '#status': 'status',
          '#unsettled': KeyAttribute.unsettled,
          ...Object.fromEntries(names.map((name, at) => [`#n${at}`, name])),
        },
        ExpressionAttributeValues: {
          ':job': jobId,
          ':processing': 'processing',
          ...Object.fromEntries(Object.values(values).map((value, at) => [`:v${at}`, value])),
        },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return queryJobOf(Attributes as QueryJobItem);
  } catch (error) {
    if (isConditionFailed(error)) return undefined;
    throw error;
  }
}
