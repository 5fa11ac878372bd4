// Attempts that somebody else has followed before: what was told is not told again, and what is not wanted any more is only ended.
import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ProxyTracerProvider } from '@opentelemetry/api';
import { systemClock } from '../../../foundation/clock.ts';
import { createRunTokenMint } from '../../../foundation/identity/mesh-issuers.ts';
import { generateSigningKey } from '../../../foundation/identity/signing-key.ts';
import { InvocationState } from '../../../proto/gen/domainflow/agents/v1/invocation_pb.js';
import { newRecord } from '../core/execution-record.for-test.ts';
import { jobIdOf } from '../core/public-id.ts';
import { planMessageOf } from '../engine/pinned-plan.for-test.ts';
import { openPlan, pinPlan } from '../engine/pinned-plan.ts';
import { type AttemptEnd, type AttemptNote, endedByRun, type Invocation } from './attempt.ts';
import { followAttempt } from './follow-attempt.ts';
import { createMeshClients, type MeshClients } from './mesh-clients.ts';
import { answerAtOnce, type Neighbours, startNeighbours } from './neighbours.for-test.ts';
import { createRunCalls, type RunCalls } from './run-calls.ts';

let neighbours: Neighbours;
let clients: MeshClients;
let callsOf: RunCalls;
let invoked = 0;
beforeAll(async () => {
  const key = await generateSigningKey();
  neighbours = await startNeighbours(
    JSON.stringify({ gateway: [key.publicJwk], orchestrator: [key.publicJwk] }),
  );
  clients = createMeshClients({
    targets: neighbours.targets,
    tracer: new ProxyTracerProvider().getTracer('test'),
    clock: systemClock,
  });
  callsOf = createRunCalls(createRunTokenMint(key.privateJwk, systemClock));
}, 20_000);
afterEach(() => {
  neighbours.onCancel = async () => InvocationState.UNKNOWN;
  neighbours.cancelledAttempts.length = 0;
  invoked = 0;
});
afterAll(async () => {
  clients.close();
  await neighbours.close();
});

const execution = {
  ...newRecord(),
  ...({ status: 'running', reason: '', error: '', partial: false } as const),
  ...{ isQueued: false, isParked: false },
};
const agent = openPlan(pinPlan(planMessageOf({ first: [] }))).agents.get('first');
const attemptId = `${jobIdOf(execution.id)}/task_1/2`;

/** Follows an attempt; answers how it ended, and what it told. */
async function follow(changes: Partial<Invocation> = {}): Promise<[AttemptEnd, AttemptNote[]]> {
  if (!agent) throw new Error('the plan has no agent');
  const notes: AttemptNote[] = [];
  const task = {
    execution,
    taskId: 'task_1',
    attempt: 2,
    agent,
    input: {},
    settingsRevision: '',
    mayJoin: () => true,
  };
  const limits = { timeoutMs: 60_000, repeated: true, signal: new AbortController().signal };
  const note = (told: AttemptNote): void => void notes.push(told);
  return [
    await followAttempt({ agents: clients.agents, callsOf }, { ...task, ...limits, note, ...changes }),
    notes,
  ];
}

/** The agent tells this on its way, to everybody who joins. */
function telling(...told: readonly ('uncertain' | 'search' | 'read')[]): void {
  neighbours.invoke = async function* (request, context) {
    invoked += 1;
    for (const each of told) {
      if (each === 'uncertain') yield { event: { case: 'uncertain', value: {} } };
      else yield { event: { case: 'toolCall', value: { toolName: each } } };
    }
    yield* answerAtOnce(request, context);
  };
}

describe('an attempt that was followed before', () => {
  it.each([
    ['calls of tools', ['search', 'read'], { tools: 1, uncertain: false }, ['read']],
    ['nothing, as far as it is recorded', ['search'], { tools: 0, uncertain: false }, ['search']],
    ['that it may have been made before', ['uncertain', 'search'], { tools: 0, uncertain: true }, ['search']],
    ['all of it', ['uncertain', 'search'], { tools: 1, uncertain: true }, []],
    [
      'calls before it was begun anew',
      ['uncertain', 'search'],
      { tools: 1, uncertain: false },
      ['uncertain', 'search'],
    ],
  ] as const)('and told %s tells only what follows', async (_, tells, told, expected) => {
    telling(...tells);
    const [end, notes] = await follow({ told });
    expect(end).toHaveProperty('answer');
    expect(notes.map((note) => (note.type === 'tool_called' ? note.toolName : note.type))).toEqual(expected);
  });
});

describe('calls of tools that have ended', () => {
  const begun = (number: number) => ({
    event: { case: 'toolCall' as const, value: { toolName: 'search', number } },
  });
  const over = (number: number) => {
    const value = { toolName: 'search', number, duration: { nanos: 1_000_000 } };
    return { event: { case: 'toolCall' as const, value } };
  };
  const numbersOf = (notes: readonly AttemptNote[]) =>
    notes.map((note) => ('number' in note ? `${note.type} ${note.number}` : note.type));

  it('and are on record are not told again, those that followed are', async () => {
    neighbours.invoke = async function* (request, context) {
      yield* [begun(1), begun(2), over(2), over(1), begun(3), over(3)];
      yield* answerAtOnce(request, context);
    };
    const [, notes] = await follow({ told: { tools: 2, toolEnds: 1, uncertain: false } });
    expect(numbersOf(notes)).toEqual(['tool_ended 1', 'tool_called 3', 'tool_ended 3']);
  });

  it('of an attempt that has begun anew are told from the beginning', async () => {
    neighbours.invoke = async function* (request, context) {
      yield { event: { case: 'uncertain', value: {} } };
      yield* [begun(1), over(1)];
      yield* answerAtOnce(request, context);
    };
    const [, notes] = await follow({ told: { tools: 1, toolEnds: 1, uncertain: false } });
    expect(numbersOf(notes)).toEqual(['uncertain', 'tool_called 1', 'tool_ended 1']);
  });

  it('are bounded by what the run has left, which the service is told', async () => {
    const seen: unknown[] = [];
    neighbours.invoke = async function* (request, context) {
      seen.push(request.toolCalls);
      yield* answerAtOnce(request, context);
    };
    await follow({ toolCalls: { left: 7, executionMax: 100 } });
    await follow({});
    expect(seen).toMatchObject([{ left: 7, executionMax: 100 }, undefined]);
  });
});

describe('an attempt that is not wanted any more before it is followed', () => {
  const signal = AbortSignal.abort(endedByRun);

  it('is not asked for at all when it has not begun', async () => {
    telling();
    expect(await follow({ signal, repeated: false })).toEqual([
      { fault: { code: 'cancelled', message: expect.any(String) } },
      [],
    ]);
    expect([invoked, neighbours.cancelledAttempts]).toEqual([0, []]);
  });

  it('is only ended, and waited for as long as it runs', async () => {
    telling('search');
    const found = [InvocationState.RUNNING, InvocationState.ENDED];
    neighbours.onCancel = async () => found.shift() ?? InvocationState.UNKNOWN;
    expect(await follow({ signal })).toEqual([
      { fault: { code: 'cancelled', message: expect.any(String) } },
      [],
    ]);
    expect([invoked, neighbours.cancelledAttempts]).toEqual([0, [attemptId, attemptId]]);
  });

  it('is not waited for when its service does not know it', async () => {
    telling();
    expect(await follow({ signal })).toEqual([
      { fault: { code: 'cancelled', message: expect.any(String) } },
      [],
    ]);
    expect([invoked, neighbours.cancelledAttempts]).toEqual([0, [attemptId]]);
  });
});

describe('an attempt whose connection breaks', () => {
  const breaking = (): never => {
    invoked += 1;
    throw new ConnectError('The service goes away', Code.Unavailable);
  };

  it('is joined again, and as a repeated one', async () => {
    const repeated: boolean[] = [];
    neighbours.invoke = async function* (request, context) {
      repeated.push(request.repeated);
      yield* repeated.length === 1 ? breaking() : answerAtOnce(request, context);
    };
    expect((await follow({ repeated: false }))[0]).toHaveProperty('answer');
    expect(repeated).toEqual([false, true]);
  });

  it("is not joined while the run may be another replica's, and joined again when it is not", async () => {
    const mayJoin = [true, false, false, true];
    let joins = 0;
    neighbours.invoke = async function* (request, context) {
      joins += 1;
      yield* mayJoin.length === 3 ? breaking() : answerAtOnce(request, context);
    };
    const [end] = await follow({ mayJoin: () => mayJoin.shift() ?? false });
    expect(end).toHaveProperty('answer');
    expect([joins, mayJoin]).toEqual([2, []]);
  });

  it('is left when another replica has taken the run over', async () => {
    neighbours.invoke = breaking;
    const taken = new AbortController();
    const mayJoin = (): boolean => {
      if (invoked === 0) return true;
      taken.abort();
      return false;
    };
    await expect(follow({ mayJoin, signal: taken.signal })).rejects.toMatchObject({ reason: 'unavailable' });
    expect(invoked).toBe(1);
  });
});
