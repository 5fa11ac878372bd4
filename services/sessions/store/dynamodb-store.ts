// The store over DynamoDB: binds the port to the documents.
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { addMessage } from './add-message.ts';
import { applyOutcome, discardOutcome } from './apply-outcome.ts';
import { deleteQueryJob, purgeQueryJob } from './delete-query-job.ts';
import { deleteSession, purgeSession } from './delete-session.ts';
import { type Documents, keyOf } from './documents.ts';
import { readLog } from './execution-log.ts';
import { markDeletedReferences, markReferenceDeleted } from './mark-references.ts';
import { readMessages } from './message-documents.ts';
import { insertQueryJob, listQueryJobs, readQueryJob } from './query-job-documents.ts';
import { removeReplacedLog, reopenQueryJob } from './reopen-query-job.ts';
import { insertSession, listSessions, readSessionItem, renameSession } from './session-documents.ts';
import { storedSessionOf } from './session-item.ts';
import { keepSessionRequest } from './session-request-documents.ts';
import type { SessionsStore } from './store.ts';
import { listUnsettled } from './unsettled-documents.ts';

/** The store over three tables, which must exist. */
export function createDynamodbStore(documents: Documents): SessionsStore {
  return {
    ping: () => ping(documents),
    keepSessionRequest: (request) => keepSessionRequest(documents, request),
    insertSession: (session) => insertSession(documents, session),
    readSession: async (tenantId, sessionId) => {
      const item = await readSessionItem(documents, tenantId, sessionId);
      return item && storedSessionOf(item);
    },
    renameSession: (session, change) => renameSession(documents, session, change),
    deleteSession: (session, at) => deleteSession(documents, session, at),
    purgeSession: (tenantId, sessionId) => purgeSession(documents, tenantId, sessionId),
    listSessions: (owner, range) => listSessions(documents, owner, range),
    readMessages: (session, page) => readMessages(documents, session, page),
    addMessage: (tenantId, message) => addMessage(documents, tenantId, message),
    insertQueryJob: (job) => insertQueryJob(documents, job),
    readQueryJob: (tenantId, queryId) => readQueryJob(documents, tenantId, queryId),
    readExecutionLog: async (job) => (job.outcome?.log ? readLog(documents, job, job.outcome.log) : []),
    listQueryJobs: (filter, range) => listQueryJobs(documents, filter, range),
    applyOutcome: (job, outcome) => applyOutcome(documents, job, outcome),
    discardOutcome: (run, outcome) => discardOutcome(documents, run, outcome),
    reopenQueryJob: (reopened, earlierJobId) => reopenQueryJob(documents, reopened, earlierJobId),
    removeReplacedLog: (job) => removeReplacedLog(documents, job),
    deleteQueryJob: (job, at) => deleteQueryJob(documents, job, at),
    purgeQueryJob: (tenantId, queryId) => purgeQueryJob(documents, tenantId, queryId),
    markReferenceDeleted: (incident, at) => markReferenceDeleted(documents, incident, at),
    markDeletedReferences: (job) => markDeletedReferences(documents, job),
    listUnsettled: (tenantId, page) => listUnsettled(documents, tenantId, page),
  };
}

// A key that no tenant has: one cheap read per table.
async function ping({ client, tables }: Documents): Promise<void> {
  const read = (TableName: string) => client.send(new GetCommand({ TableName, Key: keyOf('ping') }));
  await Promise.all([read(tables.sessions), read(tables.messages), read(tables.queryJobs)]);
}
