// CompleteQueryJob: ends a query job and adds the assistant's message, as a step of a run that may be repeated.
import type { ServiceImpl } from '@connectrpc/connect';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type {
  CompleteQueryJobRequest,
  QueryJobService,
} from '../../../proto/gen/domainflow/sessions/v1/query_job_service_pb.js';
import { checkForm } from '../core/input-rules.ts';
import { isMessageId } from '../core/message.ts';
import { requireOwner } from '../core/ownership.ts';
import { outcomeSizeViolations } from '../core/query-result.ts';
import { checkReferences } from '../core/reference-rules.ts';
import { requireWriter } from '../core/run-rights.ts';
import { endQueryJob } from '../engine/end-query-job.ts';
import type { RunOutcome, SessionsStore } from '../store/store.ts';
import { isoOf } from './instant.ts';
import { resultFrom } from './result-wire.ts';

/** CompleteQueryJob. */
export function completeQueryJob(
  store: SessionsStore,
): ServiceImpl<typeof QueryJobService>['completeQueryJob'] {
  return async (request, context) => {
    const { tenantId, userId, run } = principalOf(context);
    const { queryId, jobId } = request;
    requireWriter(run, queryId);
    const outcome = outcomeIn(request);
    const stored = await store.readQueryJob(tenantId, queryId);
    if (!stored) {
      await store.discardOutcome({ tenantId, queryId, jobId }, outcome);
      return { applied: false };
    }
    const own = requireOwner(stored, { noun: 'query', ownerOf: (job) => job.createdBy, userId });
    return { applied: await endQueryJob(store, own, { jobId, outcome }) };
  };
}

/** The outcome of a run. Throws `invalid_argument` with everything that is wrong. */
function outcomeIn(request: CompleteQueryJobRequest): RunOutcome {
  const { succeeded, messageId, messageContent: content } = request;
  const at = isoOf(request.at);
  const result = resultFrom(request.result);
  const log = request.result?.executionLog ?? [];
  const violations = [
    ...checkForm('message_id', isMessageId(messageId), 'must be msg_ and 32 hex digits'),
    ...checkForm('message_content', content !== '', 'must be given'),
    ...checkForm('at', at !== undefined, 'must be given'),
    ...checkForm(
      'result',
      !succeeded || request.result !== undefined,
      'must be given for a run that succeeded',
    ),
    ...checkReferences(result.referencesUsed),
    ...outcomeSizeViolations(result, { log, content }),
  ];
  if (at === undefined || violations.length > 0) throw invalidArgument(violations);
  return { succeeded, result, log, message: { messageId, content }, at };
}
