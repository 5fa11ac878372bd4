// Attempts over a real socket: what is asked of the agents service, what it tells on the way, and how an attempt is ended, joined again or
// left alone.
import { durationFromMs, durationMs } from '@bufbuild/protobuf/wkt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ProxyTracerProvider } from '@opentelemetry/api';
import { createBreakerBoard } from '../../../foundation/breaker/breaker-board.ts';
import { systemClock } from '../../../foundation/clock.ts';
import { Fault } from '../../../foundation/fault/fault.ts';
import { createRunTokenMint } from '../../../foundation/identity/mesh-issuers.ts';
import { generateSigningKey } from '../../../foundation/identity/signing-key.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import { createMetrics } from '../../../foundation/telemetry/metrics.ts';
import { InvocationState } from '../../../proto/gen/domainflow/agents/v1/invocation_pb.js';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import { jobIdOf } from '../core/public-id.ts';
import { planMessageOf } from '../engine/pinned-plan.for-test.ts';
import { openPlan, pinPlan } from '../engine/pinned-plan.ts';
import { type AttemptNote, endedByRun, type Invocation, type InvokeAgent } from './attempt.ts';
import { createInvokeAgent } from './invoke-agent.ts';
import { createMeshClients, type MeshClients } from './mesh-clients.ts';
import { answerAtOnce, type Neighbours, startNeighbours } from './neighbours.for-test.ts';
import { createRunCalls, type RunCalls } from './run-calls.ts';

const tracer = new ProxyTracerProvider().getTracer('test');

let neighbours: Neighbours;
let clients: MeshClients;
let unreachable: MeshClients;
let invoke: InvokeAgent;
let invokeNobody: InvokeAgent;
let callsOf: RunCalls;
beforeAll(async () => {
  const key = await generateSigningKey();
  neighbours = await startNeighbours(
    JSON.stringify({ gateway: [key.publicJwk], orchestrator: [key.publicJwk] }),
  );
  clients = createMeshClients({ targets: neighbours.targets, tracer, clock: systemClock });
  unreachable = createMeshClients({
    targets: { ...neighbours.targets, agents: '127.0.0.1:1' },
    tracer,
    clock: systemClock,
  });
  callsOf = createRunCalls(createRunTokenMint(key.privateJwk, systemClock));
  invoke = createInvokeAgent({ agents: clients.agents, callsOf, tracer });
  invokeNobody = createInvokeAgent({ agents: unreachable.agents, callsOf, tracer });
}, 20_000);
afterEach(() => {
  neighbours.invoke = answerAtOnce;
  neighbours.onCancel = async () => InvocationState.UNKNOWN;
  neighbours.cancelledAttempts.length = 0;
});
afterAll(async () => {
  clients.close();
  unreachable.close();
  await neighbours.close();
});

const execution: StoredExecution = {
  ...newRecord(),
  ...{ status: 'running', reason: '', error: '', partial: false, isQueued: false, isParked: false },
};
const agent = openPlan(pinPlan(planMessageOf({ first: [] }))).agents.get('first');

interface Attempted extends Invocation {
  readonly notes: AttemptNote[];
  readonly abort: AbortController;
}

function attemptOf(changes: Partial<Invocation> = {}): Attempted {
  if (!agent) throw new Error('the plan has no agent');
  const abort = new AbortController();
  const notes: AttemptNote[] = [];
  const task = { execution, taskId: 'task_1', attempt: 2, agent, input: { text: 'A' } };
  const given = {
    timeoutMs: 60_000,
    repeated: false,
    settingsRevision: '7',
    mayJoin: () => true,
    signal: abort.signal,
  };
  return { ...task, ...given, note: (told) => notes.push(told), notes, abort, ...changes };
}

const attemptId = `${jobIdOf(execution.id)}/task_1/2`;

/** Agents are held up until they are let go; who leaves is noticed. */
function holdAgents() {
  const [asked, left, letGo] = [
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
  ];
  neighbours.invoke = async function* (request, context) {
    context.signal.addEventListener('abort', () => left.resolve());
    asked.resolve();
    await Promise.race([letGo.promise, left.promise]);
    yield* answerAtOnce(request, context);
  };
  return { asked: asked.promise, left: left.promise, letGo: letGo.resolve };
}

describe('an attempt', () => {
  it('that an open breaker refuses does not count, and waits until the service is tried again', async () => {
    const log = { info: () => undefined, warn: () => undefined };
    const metrics = createMetrics({ processMetrics: false });
    const breakers = createBreakerBoard({ metrics, log, nowMs: () => 0 });
    const { targets } = neighbours;
    const guarded = createMeshClients({ targets, breakers, tracer, clock: systemClock });
    breakers.obey([{ id: 'one', key: 'agents', mode: 'open', agoMs: 0 }]);
    const invokeGuarded = createInvokeAgent({ agents: guarded.agents, callsOf, tracer });
    expect(await invokeGuarded(attemptOf())).toMatchObject({
      fault: { code: 'dependency_unavailable' },
      notBeforeMs: 60_000,
    });
    breakers.obey([{ id: 'two', key: 'agents', mode: 'half_open', agoMs: 0 }]);
    expect(await invokeGuarded(attemptOf())).toHaveProperty('answer');
    guarded.close();
  });

  it('is asked for with its time, whether it is repeated and what it may not lag behind, by the run it belongs to', async () => {
    const seen: unknown[] = [];
    neighbours.invoke = async function* (request, context) {
      const { attempt, repeated, timeout, settingsRevision } = request;
      const { run } = principalOf(context);
      const timeoutMs = timeout && durationMs(timeout);
      seen.push({ attempt, repeated, settingsRevision, timeoutMs, runId: run?.runId });
      yield* answerAtOnce(request, context);
    };
    await invoke(attemptOf({ timeoutMs: 5_000 }));
    await invoke(attemptOf({ repeated: true }));
    const runId = jobIdOf(execution.id);
    expect(seen).toEqual([
      { attempt: 2, repeated: false, settingsRevision: '7', timeoutMs: expect.any(Number), runId },
      { attempt: 2, repeated: true, settingsRevision: '7', timeoutMs: expect.any(Number), runId },
    ]);
    const [{ timeoutMs }] = seen as [{ timeoutMs: number }];
    expect(timeoutMs).toBeLessThanOrEqual(5_000);
    expect(timeoutMs).toBeGreaterThan(4_000);
  });

  it('tells each call of a tool when it starts and when it has ended, text as it is written, and doubts', async () => {
    neighbours.invoke = async function* (request, context) {
      yield { event: { case: 'uncertain', value: {} } };
      yield { event: { case: 'toolCall', value: { toolName: 'search', number: 1 } } };
      const given = { text: '{"q":1}', bytes: 7n };
      const answered = { text: '"x', bytes: 9_000n, sha256: 'ab' };
      const ended = { toolName: 'search', number: 1, duration: { nanos: 5_000_000 }, given, answered };
      yield { event: { case: 'toolCall', value: ended } };
      yield { event: { case: 'token', value: { offset: 3n, text: 'abc' } } };
      yield { event: { case: 'progress', value: { message: 'Thinking' } } };
      yield* answerAtOnce(request, context);
    };
    const attempt = attemptOf();
    expect(await invoke(attempt)).toMatchObject({ answer: { output: { answer: 'first was here' } } });
    expect(attempt.notes).toEqual([
      { type: 'uncertain' },
      { type: 'tool_called', toolName: 'search', number: 1 },
      {
        ...{ type: 'tool_ended', toolName: 'search', number: 1, durationMs: 5, errorCode: '' },
        given: { text: '{"q":1}', bytes: 7, sha256: '' },
        answered: { text: '"x', bytes: 9_000, sha256: 'ab' },
      },
      { type: 'text', offset: 3, text: 'abc' },
    ]);
  });

  it('that is not wanted any more is ended in its service, and what it still answers is taken', async () => {
    const { asked, letGo } = holdAgents();
    neighbours.onCancel = async () => {
      letGo();
      return InvocationState.RUNNING;
    };
    const attempt = attemptOf();
    const ending = invoke(attempt);
    await asked;
    attempt.abort.abort(endedByRun);
    expect(await ending).toHaveProperty('answer');
    expect(neighbours.cancelledAttempts).toEqual([attemptId]);
  });

  it.each([
    ['is unknown to its service', async () => InvocationState.UNKNOWN],
    [
      'cannot be ended there',
      async () => {
        throw new Fault('internal', 'A bug');
      },
    ],
  ])('that is not wanted any more and %s is left', async (_, onCancel) => {
    const { asked, left } = holdAgents();
    neighbours.onCancel = onCancel;
    const attempt = attemptOf();
    const ending = invoke(attempt);
    await asked;
    attempt.abort.abort(endedByRun);
    expect(await ending).toEqual({ fault: { code: 'cancelled', message: expect.any(String) } });
    await left;
    expect(neighbours.cancelledAttempts).toEqual([attemptId]);
  });

  it('whose caller goes away is left to go on', async () => {
    const { asked, left } = holdAgents();
    const attempt = attemptOf();
    const ending = invoke(attempt);
    await asked;
    attempt.abort.abort();
    expect(await ending).toMatchObject({ fault: { code: 'cancelled' } });
    await left;
    expect(neighbours.cancelledAttempts).toEqual([]);
  });

  it('whose stream breaks is joined again under the same key, and what was told is not told again', async () => {
    const joined: boolean[] = [];
    neighbours.invoke = async function* (request, context) {
      joined.push(request.repeated);
      yield { event: { case: 'toolCall', value: { toolName: 'search' } } };
      if (joined.length === 1) throw new Fault('unavailable', 'The connection is lost');
      yield { event: { case: 'toolCall', value: { toolName: 'read' } } };
      yield* answerAtOnce(request, context);
    };
    const attempt = attemptOf();
    expect(await invoke(attempt)).toHaveProperty('answer');
    expect(joined).toEqual([false, true]);
    expect(attempt.notes).toEqual([
      { type: 'tool_called', toolName: 'search' },
      { type: 'tool_called', toolName: 'read' },
    ]);
  });

  it('whose stream breaks again and again is joined as long as it has time, and ends as a fault that is worth another attempt', async () => {
    let joins = 0;
    neighbours.invoke = async function* () {
      joins += 1;
      yield { event: { case: 'progress', value: { message: 'Thinking' } } };
      throw new Fault('unavailable', 'The connection is lost');
    };
    const end = await invoke(attemptOf({ timeoutMs: 1_200 }));
    expect(end).toEqual({ fault: { code: 'dependency_unavailable', message: 'The connection is lost' } });
    expect(joins).toBe(3); // at once, after 250 ms and after 500 ms more; for the next one there is no time
  });

  it('that the service has not begun waits as long as it says, or until it can be reached', async () => {
    // biome-ignore lint/correctness/useYield: it is refused before it tells anything
    neighbours.invoke = async function* () {
      throw new Fault('resource_exhausted', 'Too many attempts run', { retryAfterMs: 1_200 });
    };
    expect(await invoke(attemptOf())).toEqual({
      fault: { code: 'dependency_unavailable', message: 'Too many attempts run' },
      notBeforeMs: 1_200,
    });
    expect(await invokeNobody(attemptOf())).toMatchObject({
      fault: { code: 'dependency_unavailable' },
      notBeforeMs: 5_000,
    });
    // Of one that was begun before nobody knows that.
    expect(await invokeNobody(attemptOf({ repeated: true, timeoutMs: 400 }))).toEqual({
      fault: { code: 'dependency_unavailable', message: expect.any(String) },
    });
  });

  it.each([
    ['dependency_unavailable', 40_000, 40_000],
    ['dependency_unavailable', 5, 1_000],
    ['dependency_unavailable', undefined, undefined],
    ['model_error', 40_000, undefined],
  ])('that failed as %s with %s ms to wait is not before %s ms', async (errorCode, askedMs, notBeforeMs) => {
    neighbours.invoke = async function* () {
      const wait = askedMs === undefined ? {} : { retryAfter: durationFromMs(askedMs) };
      yield { event: { case: 'failure', value: { errorCode, message: 'Left alone', ...wait } } };
    };
    const fault = { code: errorCode, message: 'Left alone' };
    expect(await invoke(attemptOf())).toEqual(notBeforeMs === undefined ? { fault } : { fault, notBeforeMs });
  });
});
