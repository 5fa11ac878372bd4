// The store over DynamoDB: binds the port to the documents.
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { addMessage } from './add-message.ts';
import { applyOutcome } from './apply-outcome.ts';
import { type Documents, keyOf } from './documents.ts';
import { readLog } from './execution-log.ts';
import { readMessages } from './message-documents.ts';
import { insertQueryJob, listQueryJobs, listUnsettled, readQueryJob } from './query-job-documents.ts';
import { insertSession, listSessions, readSessionItem } from './session-documents.ts';
import { storedSessionOf } from './session-item.ts';
import type { SessionsStore } from './store.ts';

/** The store over three tables, which must exist. */
export function createDynamodbStore(documents: Documents): SessionsStore {
  return {
    ping: () => ping(documents),
    insertSession: (session) => insertSession(documents, session),
    readSession: async (tenantId, sessionId) => {
      const item = await readSessionItem(documents, tenantId, sessionId);
      return item && storedSessionOf(item);
    },
    listSessions: (owner, range) => listSessions(documents, owner, range),
    readMessages: (session, page) => readMessages(documents, session, page),
    addMessage: (tenantId, message) => addMessage(documents, tenantId, message),
    insertQueryJob: (job) => insertQueryJob(documents, job),
    readQueryJob: (tenantId, queryId) => readQueryJob(documents, tenantId, queryId),
    readExecutionLog: async (job) => (job.outcome?.log ? readLog(documents, job, job.outcome.log) : []),
    listQueryJobs: (filter, range) => listQueryJobs(documents, filter, range),
    applyOutcome: (job, outcome) => applyOutcome(documents, job, outcome),
    listUnsettled: (tenantId, page) => listUnsettled(documents, tenantId, page),
  };
}

// A key that no tenant has: one cheap read per table.
async function ping({ client, tables }: Documents): Promise<void> {
  const read = (TableName: string) => client.send(new GetCommand({ TableName, Key: keyOf('ping') }));
  await Promise.all([read(tables.sessions), read(tables.messages), read(tables.queryJobs)]);
}
