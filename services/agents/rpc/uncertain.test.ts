// Invoke of an attempt that the caller has invoked before and the service does not know: it may have been paid.
import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AgentRuntime,
  AgentSchema,
  UncertainPolicy,
} from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { type AgentsUnderTest, startAgentsForTest } from '../app.for-test.ts';
import { createHeldRuntime, type HeldRuntime } from '../runtimes/held-runtime.for-test.ts';

let held: HeldRuntime;
let agents: AgentsUnderTest;
beforeAll(async () => {
  agents = await startAgentsForTest({
    runtimes:
      () =>
      (...run) =>
        held.run(...run),
  });
});
beforeEach(() => {
  held = createHeldRuntime();
});
afterAll(() => agents.close());

function agentWith(runtime: AgentRuntime, onUncertain = UncertainPolicy.UNSPECIFIED) {
  return create(AgentSchema, { agentId: 'agent-1', agentName: 'Triage', settings: { runtime, onUncertain } });
}

async function casesOf(request: Parameters<AgentsUnderTest['invoke']>[0]['request']) {
  const ended = agents.invoke({ request });
  void held.begun().then((run) => run.answer('done'));
  return (await ended).map((event) => event.case);
}

describe('a repeated invocation that is unknown', () => {
  it.each([
    ['a model', AgentRuntime.MODEL],
    ['a worker', AgentRuntime.WORKER],
  ])('of %s says first that it is uncertain, then runs', async (_name, runtime) => {
    const taskId = `on ${runtime}`;
    const request = { agent: agentWith(runtime), taskId, repeated: true };
    expect(await casesOf(request)).toEqual(['uncertain', 'result']);
    expect(await casesOf({ ...request, repeated: false })).toEqual(['uncertain', 'result']);
    expect(held.runs).toHaveLength(1);
  });

  it('is not run where the agent forbids it, and says so each time', async () => {
    const agent = agentWith(AgentRuntime.MODEL, UncertainPolicy.FAIL);
    const request = { agent, taskId: 'forbidden', repeated: true };
    const failure = [{ case: 'failure', value: expect.objectContaining({ errorCode: 'uncertain' }) }];
    expect(await agents.invoke({ request })).toEqual(failure);
    expect(await agents.invoke({ request })).toEqual(failure);
    expect(held.runs).toHaveLength(0);
  });

  it('simply runs where the agent is a builtin one', async () => {
    const agent = agentWith(AgentRuntime.BUILTIN, UncertainPolicy.FAIL);
    expect(await casesOf({ agent, repeated: true })).toEqual(['result']);
  });
});

describe('an invocation that is not uncertain', () => {
  it('is one that is not repeated, or that is known', async () => {
    const agent = agentWith(AgentRuntime.MODEL, UncertainPolicy.FAIL);
    const request = { agent, taskId: 'known' };
    expect(await casesOf(request)).toEqual(['result']);
    expect(await casesOf({ ...request, repeated: true })).toEqual(['result']);
    expect(held.runs).toHaveLength(1);
  });
});
