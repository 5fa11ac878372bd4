// Invoke when it cannot answer: who may call it, what an agent may not do, and what becomes of an attempt whose neighbours are gone.
import { create } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AgentRuntime, AgentSchema } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import {
  type AgentsUnderTest,
  type Attempt,
  builtinAgent,
  type Neighbours,
  startAgentsForTest,
} from '../app.for-test.ts';
import { taskIdLengthMax } from '../core/invocation-key.ts';
import { sampleIndex } from './sample-index.for-test.ts';

const what = builtinAgent(
  'builtin-query-what',
  ['retrieval_api', 'aggregation_api'],
  ['incident_types', 'common_issues', 'summary', 'answer'],
);
const input = { question: 'Tell me about potholes' };

const open: AgentsUnderTest[] = [];
async function start(neighbours: Neighbours = {}): Promise<AgentsUnderTest> {
  const agents = await startAgentsForTest(neighbours);
  open.push(agents);
  return agents;
}
afterEach(async () => {
  for (const agents of open.splice(0)) await agents.close();
});

async function failureOf(agents: AgentsUnderTest, attempt: Attempt) {
  const events = await agents.invoke(attempt);
  const last = events.at(-1);
  if (last?.case !== 'failure') throw new Error(`no failure but ${last?.case}`);
  return last.value;
}

describe('a caller', () => {
  it('that is no run is refused', async () => {
    const agents = await start();
    const call = Array.fromAsync(agents.client.invoke({ agent: what, input }, agents.asPerson()));
    await expect(call).rejects.toMatchObject({ reason: 'permission_denied' });
  });

  it('that names no agent is told so', async () => {
    const agents = await start();
    const call = agents.invoke({ request: { input } });
    await expect(call).rejects.toMatchObject({
      reason: 'invalid_argument',
      violations: [{ field: 'agent' }],
    });
  });

  it('is told everything that is wrong with its request', async () => {
    const agents = await start();
    const request = { taskId: 'x'.repeat(taskIdLengthMax + 1), attempt: 0, timeout: durationFromMs(0) };
    const violations = ['task_id', 'attempt', 'agent', 'timeout'].map((field) => ({ field }));
    await expect(agents.invoke({ request })).rejects.toMatchObject({
      reason: 'invalid_argument',
      violations,
    });
    await expect(agents.cancel({ request })).rejects.toMatchObject({
      reason: 'invalid_argument',
      violations: [{ field: 'task_id' }, { field: 'attempt' }],
    });
  });

  it('that is another run is refused', async () => {
    const agents = await start();
    const attempt = { request: { agent: what, input, taskId: 'task' }, runId: 'job_2' };
    await expect(agents.invoke(attempt)).rejects.toMatchObject({ reason: 'permission_denied' });
    await expect(agents.cancel(attempt)).rejects.toMatchObject({ reason: 'permission_denied' });
  });
});

describe('the leash', () => {
  it('refuses a tool that is not on the list of the agent, and tells that it did', async () => {
    const agents = await start({ index: sampleIndex });
    const agent = { ...what, tools: ['aggregation_api'] };
    const events = await agents.invoke({ request: { agent, input } });
    expect(events.map((event) => event.case)).toEqual(['toolCall', 'failure']);
    expect(events[0]?.value).toMatchObject({ toolName: 'retrieval_api', errorCode: 'permission_denied' });
    expect(events[1]?.value).toMatchObject({ errorCode: 'permission_denied' });
    expect(agents.seen.map(({ method }) => method).sort()).toEqual(['getTenantSettings', 'listToolAccess']);
  });

  it('refuses every tool in a run of a class that may call none', async () => {
    const agents = await start({ index: sampleIndex });
    const failure = await failureOf(agents, { request: { agent: what, input }, capability: 'gardening' });
    expect(failure).toMatchObject({ errorCode: 'permission_denied' });
    expect(failure.message).toContain('retrieval_api');
  });
});

describe('an agent without a skill', () => {
  it.each([
    ['model', AgentRuntime.MODEL, 'set MODEL_PROVIDER'],
    ['worker', AgentRuntime.WORKER, 'use one of the builtin agents'],
    ['model, as agents of tenants have by default,', AgentRuntime.UNSPECIFIED, 'set MODEL_PROVIDER'],
  ])('of runtime %s says what to do', async (_name, runtime, remedy) => {
    const agents = await start();
    const agent = create(AgentSchema, { agentId: 'agent-1', agentName: 'Triage', settings: { runtime } });
    const failure = await failureOf(agents, { request: { agent, input }, capability: 'query' });
    expect(failure.errorCode).toBe('model_unavailable');
    expect(failure.message).toContain('Triage');
    expect(failure.message).toContain(remedy);
    expect(agents.seen).toEqual([]);
  });

  it('is not found among the properties that every object has', async () => {
    const agents = await start();
    const agent = builtinAgent('constructor', [], []);
    expect(await failureOf(agents, { request: { agent } })).toMatchObject({ errorCode: 'agent_missing' });
  });
});

describe('an output', () => {
  it('outside the schema of the agent is refused with every problem', async () => {
    const agents = await start();
    const agent = create(AgentSchema, {
      ...builtinAgent('builtin-ingestion-entity', [], []),
      outputSchema: {
        sentiment: { type: 'integer' },
        key_phrases: { type: 'array', maxItems: 0 },
        entities: {},
      },
    });
    const { errorCode, message } = await failureOf(agents, {
      request: { agent, input: { text: 'The traffic light is broken' } },
    });
    expect(errorCode).toBe('output_invalid');
    expect(message).toContain('/sentiment must be integer');
    expect(message).toContain('/key_phrases must NOT have more than 0 items');
    expect(message).toContain('must NOT have additional properties');
  });
});

describe('a neighbour', () => {
  it('that is away makes a failure that is tried again', async () => {
    const agents = await start({ index: sampleIndex });
    await agents.stopReports();
    const events = await agents.invoke({ request: { agent: what, input }, timeoutMs: 5_000 });
    expect(events.map((event) => event.case)).toEqual(['toolCall', 'toolCall', 'failure']);
    expect(events[1]?.value).toMatchObject({ errorCode: 'dependency_unavailable' });
    expect(events[2]?.value).toMatchObject({ errorCode: 'dependency_unavailable' });
  });

  it('that never answers is left when the time is up', async () => {
    const left = Promise.withResolvers<void>();
    const agents = await start({ index: { retrieve: (_request, { signal }) => hang(signal, left.resolve) } });
    const ended = await Array.fromAsync(
      agents.open({ request: { agent: what, input }, timeoutMs: 1_000 }),
    ).then(
      (events) => events.at(-1)?.event,
      (fault: unknown) => fault,
    );
    const timely = [
      { case: 'failure', value: expect.objectContaining({ errorCode: 'attempt_timeout' }) },
      expect.objectContaining({ reason: 'deadline_exceeded' }),
    ];
    expect(timely).toContainEqual(ended);
    await left.promise;
  });
});

// Answers only when the caller has gone.
function hang(signal: AbortSignal, gone: () => void): Promise<never> {
  return new Promise((_resolve, reject) => {
    const leave = () => {
      gone();
      reject(signal.reason);
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
}
