// StartQuery: records the run of a question or a command and starts it. The session must be the caller's own.
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { context as contextApi } from '@opentelemetry/api';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { onBehalfOf, principalOf } from '../../../foundation/rpc/caller.ts';
import { storeTrace } from '../../../foundation/telemetry/propagation.ts';
import {
  type ExecutionService,
  type StartQueryRequest,
  StartQueryRequestSchema,
} from '../../../proto/gen/domainflow/orchestrator/v1/execution_service_pb.js';
import { AgentClass } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { type Message, MessageRole } from '../../../proto/gen/domainflow/sessions/v1/message_pb.js';
import { QueryMode } from '../../../proto/gen/domainflow/sessions/v1/query_job_pb.js';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { recordJob } from '../core/job-input.ts';
import { pendingExchange } from '../core/management-questions.ts';
import { requireEditor, requirePerson } from '../core/person.ts';
import { jobIdOf, queryIdOf } from '../core/public-id.ts';
import { checkRequestId, type RequestName } from '../core/request-name.ts';
import { type AskedMode, checkQuestion } from '../core/submission.ts';
import type { StartDeps } from './start-deps.ts';
import { requestHash, startOnce } from './start-once.ts';

/** Messages looked through for the newest answer and the questions before. */
const messagesRead = 10;

const modes: Partial<Record<QueryMode, AskedMode>> = {
  [QueryMode.UNSPECIFIED]: 'query',
  [QueryMode.QUERY]: 'query',
  [QueryMode.MANAGEMENT]: 'management',
};

const playbooks: Readonly<Record<AskedMode, AgentClass>> = {
  query: AgentClass.QUERY,
  management: AgentClass.MANAGEMENT,
};

/** StartQuery. */
export function startQuery(deps: StartDeps): ServiceImpl<typeof ExecutionService>['startQuery'] {
  return async (request, context) => {
    const principal = principalOf(context);
    requirePerson(principal);
    const mode = modes[request.mode];
    const { sessionId, domainId, question } = request;
    const violations = [
      ...checkQuestion({ sessionId, domainId, question, mode }),
      ...checkRequestId(request.requestId),
    ];
    if (mode === undefined || violations.length > 0) throw invalidArgument(violations);
    if (mode === 'management') requireEditor(principal, 'Changing reports by a command');
    const started = await startOnce(deps, {
      name: nameOf(request, principal),
      prepare: () => prepare(deps, { request, mode }, context),
    });
    const { executionId, subjectId, acceptedAtMs, replayed } = started;
    const acceptedAt = timestampFromMs(acceptedAtMs);
    return { jobId: jobIdOf(executionId), queryId: subjectId, acceptedAt, replayed };
  };
}

// The mode of questions asks for the same as a mode that is not given, and is hashed like one.
function nameOf(request: StartQueryRequest, { tenantId, userId }: Principal): RequestName | undefined {
  const { requestId: key } = request;
  if (key === '') return undefined;
  const mode = request.mode === QueryMode.QUERY ? QueryMode.UNSPECIFIED : request.mode;
  return {
    tenantId,
    userId,
    route: 'start_query',
    key,
    bodyHash: requestHash(StartQueryRequestSchema, { ...request, mode }),
  };
}

interface CheckedRequest {
  readonly request: StartQueryRequest;
  readonly mode: AskedMode;
}

async function prepare(
  deps: StartDeps,
  { request: { domainId, sessionId, question }, mode }: CheckedRequest,
  context: HandlerContext,
): Promise<ExecutionRecord> {
  const principal = principalOf(context);
  const options = onBehalfOf(context);
  const { tenantId } = principal;
  const resolved = deps.plans.resolve({ tenantId, domainId, playbook: playbooks[mode] }, options);
  const session = deps.sessions.getSession({ sessionId, messageLimit: messagesRead }, options);
  // Where both are wrong, the same one is told each time, whichever was found first.
  session.catch(() => undefined);
  const { domainVersion, pinned } = await resolved;
  const { messages } = await session;
  const createdAtMs = deps.clock();
  const input = {
    question,
    domain_id: domainId,
    user_id: principal.userId,
    reference_time: new Date(createdAtMs).toISOString(),
    context: mode === 'management' ? exchangeOf(messages) : [],
    session_references: newestReferences(messages),
    earlier_questions: earlierQuestions(messages),
  };
  const trace = storeTrace(contextApi.active());
  return {
    tenantId,
    id: newId(),
    kind: mode,
    domainId,
    domainVersion,
    plan: pinned,
    subjectId: queryIdOf(newId()),
    sessionId,
    input: recordJob(input, { messages: { question: newId(), answer: newId() } }),
    principal,
    ...(trace ? { trace } : {}),
    createdAtMs,
  };
}

// A command that was asked about goes along with its answer.
function exchangeOf(messages: readonly Message[]): JsonObject[] {
  const spoken = messages.map(({ role, content }) => ({
    role: role === MessageRole.ASSISTANT ? ('assistant' as const) : ('user' as const),
    content,
  }));
  return pendingExchange(spoken).map((message) => ({ ...message }));
}

function earlierQuestions(messages: readonly Message[]): string[] {
  return messages.filter(({ role }) => role === MessageRole.USER).map(({ content }) => content);
}

function newestReferences(messages: readonly Message[]): string[] {
  const newest = messages.findLast(({ role }) => role === MessageRole.ASSISTANT);
  return newest?.references.map(({ referenceId }) => referenceId) ?? [];
}
