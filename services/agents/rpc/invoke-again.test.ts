// Invoke with a key that was invoked before, over a real socket: what runs once, what goes on without its caller, and what late callers are
// told.
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { newId } from '../../../foundation/ids/ids.ts';
import type { InvokeRequestSchema } from '../../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { InvocationState } from '../../../proto/gen/domainflow/agents/v1/invocation_pb.js';
import { AgentSchema } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { type AgentsUnderTest, type Attempt, startAgentsForTest } from '../app.for-test.ts';
import { createHeldRuntime, type HeldRuntime } from '../runtimes/held-runtime.for-test.ts';

const agent = create(AgentSchema, { agentId: 'agent-1', agentName: 'Triage', version: 1 });
const request: MessageInitShape<typeof InvokeRequestSchema> = {
  taskId: 'task',
  agent,
  domainId: 'civic_complaints',
  input: { text: 'A pothole', lang: 'en' },
};
const answered = (text: string) =>
  expect.objectContaining({
    case: 'result',
    value: expect.objectContaining({ output: { answer: text }, runtime: 'held' }),
  });
const failed = (errorCode: string) =>
  expect.objectContaining({ case: 'failure', value: expect.objectContaining({ errorCode }) });

let held: HeldRuntime;
let agents: AgentsUnderTest;
beforeEach(async () => {
  held = createHeldRuntime();
  agents = await startAgentsForTest({ runtimes: () => held.run, invocationsMax: 2 });
});
afterEach(async () => {
  for (const run of held.runs) run.answer('late');
  await agents.close();
});

async function start(attempt: Attempt = { request }) {
  const at = held.runs.length;
  const ended = agents.invoke(attempt);
  return { ended, run: await held.begun(at) };
}

describe('a running attempt', () => {
  it('is joined: it runs once, and the late caller is told all of it', async () => {
    const call = { toolName: 'retrieval_api', number: 1, arguments: { limit: 1 }, errorCode: '' };
    const given = { text: '{"limit":1}', bytes: 11, sha256: '' };
    const { ended, run } = await start();
    const { tell } = run.circumstances;
    tell({ kind: 'text', text: 'Pot' });
    tell({ kind: 'progress', message: 'Reading' });
    tell({ kind: 'tool_call', call });
    tell({ kind: 'tool_call', call: { ...call, arguments: {}, durationMs: 3, given, answered: given } });
    tell({ kind: 'text', text: 'ho' });
    const joined = agents.open({ request })[Symbol.asyncIterator]();
    const told = [(await joined.next()).value.event];
    tell({ kind: 'text', text: 'le' });
    run.answer('done');
    for (let step = await joined.next(); !step.done; step = await joined.next()) told.push(step.value.event);
    const [progress, begun, over, ...written] = told;
    expect(progress).toMatchObject({ case: 'progress', value: { message: 'Reading' } });
    expect([begun, over]).toMatchObject([
      { case: 'toolCall', value: { toolName: 'retrieval_api', arguments: { limit: 1 } } },
      { case: 'toolCall', value: { number: 1, duration: { nanos: 3_000_000 }, given: { text: given.text } } },
    ]);
    expect(over?.value).toMatchObject({ answered: { bytes: 11n, sha256: '' } });
    expect(over?.value).not.toHaveProperty('arguments', expect.anything());
    expect(written).toMatchObject([
      { case: 'token', value: { offset: 0n, text: 'Potho' } },
      { case: 'token', value: { offset: 5n, text: 'le' } },
      answered('done'),
    ]);
    const live = ['token', 'progress', 'toolCall', 'toolCall', 'token', 'token', 'result'];
    expect((await ended).map((event) => event.case)).toEqual(live);
    expect(held.runs).toHaveLength(1);
  });

  it.each([
    ['cancelled its call', {}],
    ['ran out of time', { timeoutMs: 300 }],
    ['lost the connection', {}],
  ])('goes on when its caller has %s', async (how, more) => {
    const leaving = new AbortController();
    const timed = { ...request, timeout: durationFromMs(20_000) };
    const { ended, run } = await start({ request: timed, signal: leaving.signal, ...more });
    if (how.startsWith('cancelled')) leaving.abort();
    if (how.startsWith('lost')) agents.loseConnection();
    await ended.catch(() => undefined);
    const joined = agents.open({ request: timed })[Symbol.asyncIterator]();
    const next = joined.next();
    run.circumstances.tell({ kind: 'progress', message: 'Still here' });
    expect((await next).value.event.case).toBe('progress');
    expect(run.circumstances.signal.aborted).toBe(false);
    run.answer('done');
    expect((await joined.next()).value.event).toEqual(answered('done'));
    expect(await joined.next()).toMatchObject({ done: true });
    expect(held.runs).toHaveLength(1);
  });

  it('asks its neighbours under the token of its newest caller', async () => {
    const { ended, run } = await start({ request, capability: 'query' });
    const bearer = () => new Headers(run.circumstances.callOptions().headers).get('authorization') ?? '';
    const first = bearer();
    run.circumstances.tell({ kind: 'progress', message: 'Reading' });
    const joined = agents.open({ request, capability: 'ingestion' })[Symbol.asyncIterator]();
    const told = [(await joined.next()).value.event.case];
    expect(decodeJwt(first.slice(7)).run).toMatchObject({ capability: 'query' });
    expect(decodeJwt(bearer().slice(7)).run).toMatchObject({ capability: 'ingestion' });
    run.answer('done');
    await ended;
    for (let step = await joined.next(); !step.done; step = await joined.next())
      told.push(step.value.event.case);
    expect(told).toEqual(['progress', 'result']);
  });

  it('ends when its time is up, counted from its first caller, though its runtime hangs', async () => {
    const { ended, run } = await start({ request: { ...request, timeout: durationFromMs(400) } });
    const joined = agents.invoke({ request: { ...request, timeout: durationFromMs(20_000) } });
    expect(await ended).toEqual([failed('attempt_timeout')]);
    expect(await joined).toEqual([failed('attempt_timeout')]);
    expect(run.circumstances.signal.aborted).toBe(true);
    run.answer('too late');
    expect(await agents.invoke({ request })).toEqual([failed('attempt_timeout')]);
    expect(held.runs).toHaveLength(1);
  });

  it('is one of a bounded number; one more is told when to come again', async () => {
    const first = await start();
    const second = await start({ request: { ...request, attempt: 2 } });
    const third = { request: { ...request, attempt: 3 } };
    const refused = { reason: 'resource_exhausted', retryAfterMs: expect.any(Number) };
    await expect(agents.invoke(third)).rejects.toMatchObject(refused);
    first.run.answer('done');
    await first.ended;
    const { ended, run } = await start(third);
    run.answer('at last');
    expect(await ended).toEqual([answered('at last')]);
    second.run.answer('done');
    await second.ended;
  });
});

describe('an attempt that has ended', () => {
  it('answers its result again with its calls of tools, and runs no more', async () => {
    const { ended, run } = await start();
    const call = { toolName: 'retrieval_api', number: 1, arguments: {}, durationMs: 3, errorCode: '' };
    run.circumstances.tell({ kind: 'tool_call', call });
    run.circumstances.tell({ kind: 'progress', message: 'Reading' });
    run.answer('done');
    await ended;
    const again = await agents.invoke({ request: { ...request, input: { lang: 'en', text: 'A pothole' } } });
    expect(again).toMatchObject([
      { case: 'toolCall', value: { duration: { nanos: 3_000_000 } } },
      answered('done'),
    ]);
    expect(held.runs).toHaveLength(1);
  });

  it('answers its failure again', async () => {
    const { ended, run } = await start();
    run.end({ failure: { code: 'model_error', message: 'No', retryAfterMs: 1_500 } });
    const first = await ended;
    expect(first).toEqual([failed('model_error')]);
    expect(await agents.invoke({ request })).toEqual(first);
    expect(held.runs).toHaveLength(1);
  });

  it('is not the attempt after it, nor one of another tenant', async () => {
    const { ended, run } = await start();
    run.answer('done');
    await ended;
    for (const attempt of [
      { request: { ...request, attempt: 2 } },
      { request: { ...request, taskId: 'task_2' } },
      { request: { ...request, jobId: 'job_2' }, runId: 'job_2' },
      { request, tenantId: newId() },
    ]) {
      const other = await start(attempt);
      other.run.answer('other');
      expect(await other.ended).toEqual([answered('other')]);
    }
  });
});

describe('a key', () => {
  it.each([
    ['agent', 'agent.agent_id', { agent: { ...agent, agentId: 'agent-2' } }],
    ['version', 'agent.version', { agent: { ...agent, version: 2 } }],
    ['domain', 'domain_id', { domainId: 'elsewhere' }],
    ['input', 'input', { input: { text: 'Another' } }],
  ])('is refused for another %s, while it runs and when it has ended', async (_name, field, other) => {
    const { ended, run } = await start();
    const changed = { request: { ...request, ...other } };
    const refused = { reason: 'invalid_argument', violations: [{ field }] };
    await expect(agents.invoke(changed)).rejects.toMatchObject(refused);
    run.answer('done');
    expect(await ended).toEqual([answered('done')]);
    await expect(agents.invoke(changed)).rejects.toMatchObject(refused);
    expect(held.runs).toHaveLength(1);
  });
});

describe('cancelling', () => {
  it('ends a running attempt for all its callers, and for later ones', async () => {
    const { ended, run } = await start();
    expect(await agents.cancel({ request })).toBe(InvocationState.RUNNING);
    expect(run.circumstances.signal.aborted).toBe(true);
    run.answer('never told');
    expect(await ended).toEqual([failed('cancelled')]);
    expect(await agents.cancel({ request })).toBe(InvocationState.ENDED);
    expect(await agents.invoke({ request })).toEqual([failed('cancelled')]);
  });

  it('changes nothing for an attempt that is unknown, has ended, or is of another tenant', async () => {
    expect(await agents.cancel({ request })).toBe(InvocationState.UNKNOWN);
    const { ended, run } = await start();
    expect(await agents.cancel({ request, tenantId: newId() })).toBe(InvocationState.UNKNOWN);
    expect(run.circumstances.signal.aborted).toBe(false);
    run.answer('done');
    await ended;
    expect(await agents.cancel({ request })).toBe(InvocationState.ENDED);
    expect(await agents.invoke({ request })).toEqual([answered('done')]);
  });
});

describe('the measurements', () => {
  it('count what runs, who joined, and how attempts ended', async () => {
    const { ended, run } = await start();
    expect(await agents.metrics()).toContain('domainflow_invocations_running 1\n');
    run.answer('done');
    await ended;
    await agents.invoke({ request });
    const second = await start({ request: { ...request, attempt: 2 } });
    await agents.cancel({ request: { ...request, attempt: 2 } });
    second.run.answer('done');
    await second.ended;
    const measured = await agents.metrics();
    expect(measured).toContain('domainflow_invocations_running 0\n');
    expect(measured).toContain('domainflow_invocations_joined_total{state="running"} 0\n');
    expect(measured).toContain('domainflow_invocations_joined_total{state="ended"} 1\n');
    expect(measured).toContain('domainflow_invocations_ended_total{outcome="result"} 1\n');
    expect(measured).toContain('domainflow_invocations_ended_total{outcome="cancelled"} 1\n');
  });
});

describe('a service that stops', () => {
  it('gives running attempts its drain time, then ends them and tells their callers to ask elsewhere', async () => {
    const { ended, run } = await start();
    const told = expect(ended).rejects.toMatchObject({ reason: 'unavailable' });
    const finishing = await start({ request: { ...request, attempt: 2 } });
    const stopped = agents.stop();
    finishing.run.answer('done');
    expect(await finishing.ended).toEqual([answered('done')]);
    await stopped;
    await told;
    expect(run.circumstances.signal.reason).toMatchObject({ reason: 'cancelled' });
  }, 20_000);
});
