// CreateQueryJob: puts a query job and the user's message, as a step of a submission that may be repeated.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import { idOfPrefixed } from '../../../foundation/ids/ids.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type {
  CreateQueryJobRequest,
  QueryJobService,
} from '../../../proto/gen/domainflow/sessions/v1/query_job_service_pb.js';
import { checkDomainId, checkForm, checkQuestion } from '../core/input-rules.ts';
import { isMessageId } from '../core/message.ts';
import {
  isJobId,
  isSameSubmission,
  type QueryJobStart,
  queryIdOf,
  questionMessage,
  startQueryJob,
} from '../core/query-job.ts';
import { requireWriter } from '../core/run-rights.ts';
import type { SessionsStore } from '../store/store.ts';
import { isoOf } from './instant.ts';
import { ownSession } from './own-session.ts';
import { modeFrom } from './query-job-wire.ts';
import { wholeQueryJob } from './whole-query-job.ts';

type Asked = Omit<QueryJobStart, 'tenantId' | 'createdBy'>;

/** CreateQueryJob. */
export function createQueryJob(store: SessionsStore): ServiceImpl<typeof QueryJobService>['createQueryJob'] {
  return async (request, context) => {
    const principal = principalOf(context);
    const { tenantId, userId, run } = principal;
    requireWriter(run, queryIdOf(request.id));
    const wanted = startQueryJob({ ...askedIn(request), tenantId, createdBy: userId });
    await ownSession(store, principal, wanted.sessionId);
    const job = await store.insertQueryJob(wanted);
    if (!isSameSubmission(job, wanted)) throw new Fault('already_exists', 'The query id is taken');
    await store.addMessage(tenantId, questionMessage(job, request.messageId));
    return { job: await wholeQueryJob(store, principal, job) };
  };
}

/** What is asked. Throws `invalid_argument` with everything that is wrong. An id that is no session's is an unknown session. */
function askedIn(request: CreateQueryJobRequest): Asked {
  const { id, jobId, messageId, sessionId, domainId, question } = request;
  const mode = modeFrom(request.mode);
  const createdAt = isoOf(request.createdAt);
  const violations = [
    ...checkForm('id', idOfPrefixed('qry_', queryIdOf(id)) === id, 'must be a UUIDv7 in lower case'),
    ...checkDomainId(domainId),
    ...checkQuestion(question),
    ...checkForm('mode', mode !== undefined, 'must be query or management'),
    ...checkForm('job_id', isJobId(jobId), 'must be job_ and 32 hex digits'),
    ...checkForm('message_id', isMessageId(messageId), 'must be msg_ and 32 hex digits'),
    ...checkForm('created_at', createdAt !== undefined, 'must be given'),
  ];
  if (!mode || !createdAt || violations.length > 0) throw invalidArgument(violations);
  return { id, jobId, sessionId, domainId, question, mode, createdAt };
}
