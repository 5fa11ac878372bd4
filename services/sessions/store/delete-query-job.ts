// Deletes a query job at once, and what belonged to it afterwards. Its messages stay in their session.
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { isConditionFailed } from '../../../foundation/dynamodb/dynamodb-fault.ts';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { QueryJob } from '../core/query-job.ts';
import { removeCitations } from './citation-documents.ts';
import type { Documents } from './documents.ts';
import { removeLog } from './execution-log.ts';
import { isAlive } from './gone.ts';
import { readGoneQueryJob, readQueryJob } from './query-job-documents.ts';
import { tombstoneItem } from './query-job-tombstone.ts';
import { readSessionItem } from './session-documents.ts';

/** A run may end the job between the reading and the deleting, and a further run may do so again. */
const attemptsMax = 8;

/** Deletes a job; see the port. */
export async function deleteQueryJob(documents: Documents, job: QueryJob, at: string): Promise<boolean> {
  const { tenantId, queryId } = job;
  let stored: QueryJob | undefined = job;
  for (let attempt = 1; stored && attempt <= attemptsMax; attempt += 1) {
    if (await bury(documents, stored, at)) return true;
    stored = await readQueryJob(documents, tenantId, queryId);
  }
  if (stored) throw new Fault('unavailable', 'The query is too busy', { retryAfterMs: 1_000 });
  return false;
}

async function bury({ client, tables }: Documents, job: QueryJob, at: string): Promise<boolean> {
  try {
    await client.send(
      new PutCommand({
        TableName: tables.queryJobs,
        Item: tombstoneItem(job, at),
        // Settles the race with the end of a run, whose log and citations the tombstone must know, and of two deletions.
        ConditionExpression: `${isAlive} AND #job = :job AND #status = :status`,
        ExpressionAttributeNames: { '#job': 'job_id', '#status': 'status' },
        ExpressionAttributeValues: { ':job': job.jobId, ':status': job.status },
      }),
    );
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}

/**
 * Removes what belonged to a deleted job; see the port. Citations stay while the session is there, because its message goes on
 * resting on the reports.
 */
export async function purgeQueryJob(
  documents: Documents,
  tenantId: string,
  queryId: string,
): Promise<string | undefined> {
  const left = await readGoneQueryJob(documents, tenantId, queryId);
  if (!left) return undefined;
  if (left.log) await removeLog(documents, left.run, left.log);
  const { replaced } = left;
  if (replaced) await removeLog(documents, { ...left.run, jobId: replaced.jobId }, replaced.log);
  if (!(await readSessionItem(documents, tenantId, left.sessionId)))
    await removeCitations(documents, left.run, left.incidentIds);
  return left.run.jobId;
}
