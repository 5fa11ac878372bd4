// Calls a worker for one attempt of a task, through the agents service: it alone calls where tenants say, keeps what is known of workers in its
// breakers, and lets who comes again join the attempt. It records nothing.
import { create } from '@bufbuild/protobuf';
import type { Tracer } from '@opentelemetry/api';
import { isJsonObject, type JsonObject } from '../../../foundation/json/json.ts';
import { Attribute, spanName } from '../../../foundation/telemetry/names.ts';
import { restoreTrace } from '../../../foundation/telemetry/propagation.ts';
import { inSpan } from '../../../foundation/telemetry/spans.ts';
import {
  type Agent,
  AgentRuntime,
  AgentSchema,
  UncertainPolicy,
} from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { AgentAnswer, TaskFault } from '../core/agent-answer.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { jobIdOf } from '../core/public-id.ts';
import { workerProtocols, workerRoute } from './check-worker.ts';
import { type FollowDeps, followAttempt } from './follow-attempt.ts';
import { endOf } from './invoke-agent.ts';

/** A call to make. */
export interface WorkerCall {
  /** The run that the task belongs to. */
  readonly run: Pick<
    ExecutionRecord,
    'tenantId' | 'id' | 'kind' | 'domainId' | 'subjectId' | 'principal' | 'trace'
  >;
  /** UUID of the task; with the attempt the key under which the worker is called. */
  readonly taskId: string;
  readonly attempt: number;
  readonly worker: {
    readonly id: string;
    readonly protocol: keyof typeof workerProtocols;
    readonly endpoint: string;
  };
  readonly taskType: string;
  readonly input: JsonObject;
  /** What the worker is told besides; of an agent its definition too. */
  readonly context: JsonObject;
  /** True when a repeated call of an agent's task that is not known any more fails with `uncertain`, and is not made. */
  readonly failsUncertain: boolean;
  readonly timeoutMs: number;
  /** Somebody else called before, and what came of it is not known. */
  readonly repeated: boolean;
  /** Ends the wait; with the reason `endedByRun` the attempt itself too. */
  readonly signal: AbortSignal;
}

/**
 * What a call came to. It is never thrown. Refused calls have not begun: by the worker's circuit breaker, or on the way to the agents service;
 * it is worth trying again after so many milliseconds.
 */
export type WorkerCallEnd =
  | { readonly answer: AgentAnswer }
  | { readonly fault: TaskFault }
  | { readonly refusedBy: 'breaker' | 'way'; readonly retryAfterMs: number };

/** Calls workers. */
export type CallWorker = (call: WorkerCall) => Promise<WorkerCallEnd>;

/** What calling needs. */
export interface CallWorkerDeps extends FollowDeps {
  readonly tracer: Tracer;
}

/** Calls over the mesh; the span covers the whole attempt and belongs to the run's trace. */
export function createCallWorker({ tracer, ...follow }: CallWorkerDeps): CallWorker {
  return (call) => {
    const { run, taskId, attempt, worker } = call;
    const attributes = {
      [Attribute.agentRuntime]: 'worker',
      [Attribute.executionId]: jobIdOf(run.id),
      [Attribute.taskId]: taskId,
      [Attribute.taskAttempt]: attempt,
    };
    const parent = restoreTrace(run.trace);
    const options = { kind: 'client', attributes, parent } as const;
    return inSpan(tracer, spanName.callWorker(worker.protocol), options, async (span) => {
      const end = await endOfCall(follow, call);
      if ('fault' in end) span.fail(end.fault.code);
      return end;
    });
  };
}

async function endOfCall(follow: FollowDeps, call: WorkerCall): Promise<WorkerCallEnd> {
  try {
    const end = await followAttempt(follow, followed(call));
    if ('answer' in end) return { answer: end.answer };
    const { fault, notBeforeMs } = end;
    return notBeforeMs === undefined ? { fault } : { refusedBy: 'breaker', retryAfterMs: notBeforeMs };
  } catch (error) {
    const { fault, notBeforeMs } = endOf(error);
    return notBeforeMs === undefined ? { fault } : { refusedBy: 'way', retryAfterMs: notBeforeMs };
  }
}

function followed(call: WorkerCall): Parameters<typeof followAttempt>[1] {
  const { run, taskId, attempt, worker, taskType, context, input, timeoutMs, repeated, signal } = call;
  const { id: workerId, endpoint, protocol } = worker;
  const isAgents = run.kind !== 'task' && run.kind !== 'workflow';
  const place = { workerId, endpoint, protocol: workerProtocols[protocol], taskType };
  const route = workerRoute({ tenantId: run.tenantId, id: workerId });
  return {
    ...{ execution: run, taskId, attempt, input, settingsRevision: '', timeoutMs, repeated, signal },
    ...(isAgents ? { agent: agentOf(call) } : {}),
    onWorker: {
      worker: place,
      route,
      ...(isAgents ? {} : { work: { taskType, context: mutable(context) } }),
    },
    mayJoin: () => true,
    note: () => undefined,
  };
}

/** The agent as its task describes it. */
function agentOf({ context, failsUncertain }: WorkerCall): Agent {
  const text = (name: string): string => (typeof context[name] === 'string' ? context[name] : '');
  const { agent_version: version, output_schema: outputSchema } = context;
  return create(AgentSchema, {
    ...{ agentId: text('agent_id'), agentName: text('agent_name'), systemPrompt: text('system_prompt') },
    version: typeof version === 'number' ? version : 0,
    outputSchema: isJsonObject(outputSchema) ? mutable(outputSchema) : {},
    settings: {
      runtime: AgentRuntime.WORKER,
      onUncertain: failsUncertain ? UncertainPolicy.FAIL : UncertainPolicy.RETRY,
    },
  });
}

type MutableJson = NonNullable<Agent['outputSchema']>;

function mutable(value: JsonObject): MutableJson {
  return value as MutableJson;
}
