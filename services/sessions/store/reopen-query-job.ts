// Gives an ended query job to a newer run, and removes what the earlier one left beside it.
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { isConditionFailed } from '../../../foundation/dynamodb/dynamodb-fault.ts';
import type { QueryJob } from '../core/query-job.ts';
import type { Documents } from './documents.ts';
import { removeLog } from './execution-log.ts';
import { isAlive } from './gone.ts';
import { readQueryJob } from './query-job-documents.ts';
import { queryJobItem } from './query-job-item.ts';

/** Puts the job of a newer run; see the port. */
export async function reopenQueryJob(
  documents: Documents,
  reopened: QueryJob,
  earlierJobId: string,
): Promise<QueryJob | undefined> {
  try {
    await documents.client.send(
      new PutCommand({
        TableName: documents.tables.queryJobs,
        Item: queryJobItem(reopened, documents.writeShards),
        // Settles the race of two newer runs of one job, and with a deletion. An ended job changes by nothing else but the marks of deleted
        // reports, which go with the answer.
        ConditionExpression: `${isAlive} AND #job = :job AND #status <> :processing`,
        ExpressionAttributeNames: { '#job': 'job_id', '#status': 'status' },
        ExpressionAttributeValues: { ':job': earlierJobId, ':processing': 'processing' },
      }),
    );
    return reopened;
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
  return readQueryJob(documents, reopened.tenantId, reopened.queryId);
}

/** Removes the log that no answer points at; see the port. Citations stay: the earlier run's message goes on resting on the reports. */
export async function removeReplacedLog(
  documents: Documents,
  { tenantId, queryId, replaced }: QueryJob,
): Promise<void> {
  if (replaced) await removeLog(documents, { tenantId, queryId, jobId: replaced.jobId }, replaced.log);
}
