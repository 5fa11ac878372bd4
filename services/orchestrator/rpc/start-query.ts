// StartQuery: records a question's run and starts it. The session must be the caller's own.
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import { context as contextApi } from '@opentelemetry/api';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { onBehalfOf, principalOf } from '../../../foundation/rpc/caller.ts';
import { storeTrace } from '../../../foundation/telemetry/propagation.ts';
import type { ExecutionService } from '../../../proto/gen/domainflow/orchestrator/v1/execution_service_pb.js';
import { AgentClass } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { type Message, MessageRole } from '../../../proto/gen/domainflow/sessions/v1/message_pb.js';
import { recordJob } from '../core/job-input.ts';
import { jobIdOf, queryIdOf } from '../core/public-id.ts';
import { checkQuestion } from '../core/submission.ts';
import type { StartDeps } from './start-deps.ts';

/** Messages looked through for the newest answer. */
const messagesRead = 10;

/** StartQuery. */
export function startQuery(deps: StartDeps): ServiceImpl<typeof ExecutionService>['startQuery'] {
  return async (request, context) => {
    const principal = principalOf(context);
    const { domainId, sessionId, question } = request;
    const violations = checkQuestion({ domainId, sessionId, question });
    if (violations.length > 0) throw invalidArgument(violations);

    const options = onBehalfOf(context);
    const { tenantId } = principal;
    const [{ domainVersion, pinned }, { messages }] = await Promise.all([
      deps.plans.resolve({ tenantId, domainId, playbook: AgentClass.QUERY }, options),
      deps.sessions.getSession({ sessionId, messageLimit: messagesRead }, options),
    ]);
    const [id, queryUuid, createdAtMs] = [newId(), newId(), deps.clock()];
    const input = {
      question,
      domain_id: domainId,
      user_id: principal.userId,
      reference_time: new Date(createdAtMs).toISOString(),
      context: [],
      session_references: newestReferences(messages),
    };
    const trace = storeTrace(contextApi.active());
    await deps.start({
      tenantId,
      id,
      kind: 'query',
      domainId,
      domainVersion,
      plan: pinned,
      subjectId: queryIdOf(queryUuid),
      sessionId,
      input: recordJob(input, { question: newId(), answer: newId() }),
      principal,
      ...(trace ? { trace } : {}),
      createdAtMs,
    });
    return { jobId: jobIdOf(id), queryId: queryIdOf(queryUuid), acceptedAt: timestampFromMs(createdAtMs) };
  };
}

function newestReferences(messages: readonly Message[]): string[] {
  const newest = messages.findLast(({ role }) => role === MessageRole.ASSISTANT);
  return newest?.references.map(({ referenceId }) => referenceId) ?? [];
}
