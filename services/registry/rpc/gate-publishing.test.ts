// What may be published where a golden set is required: what changes nothing that is measured, and what a gate has passed for exactly.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId, prefixedId } from '../../../foundation/ids/ids.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { createdAgent, refusal, told } from './agent-definition.for-test.ts';
import { agentOfEachClass, domainDefinition, playbook } from './domain-definition.for-test.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
let own: Principal;
/** Runs in the query playbook. */
let listed: string;
/** The agent that it depends on, of another class. */
let needed: string;
/** Runs nowhere. */
let spare: string;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_gates'));
}, 60_000);
beforeEach(async () => {
  own = await registry.newTenant();
  needed = await createdAgent(registry, own, { agent_class: 'ingestion' });
  listed = await createdAgent(registry, own, { agent_dependencies: [needed] });
  spare = await createdAgent(registry, own);
  const agents = { ...(await agentOfEachClass(registry, own)), query: listed };
  await registry.domains.createDomain({ definition: domainDefinition(agents) }, registry.as(own));
  await putSet({ required: true });
});
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

const putSet = (changes: JsonObject) => {
  const rows = [{ input: { question: 'How many?' }, expected: { answer: '7' } }];
  const definition = { playbook: 'query', rows, thresholds: { precision: 1, recall: 1 }, ...changes };
  return registry.goldenSets.putGoldenSet(
    { domainId: 'roads', name: 'basics', definition },
    registry.as(own),
  );
};
const updateAgent = (agentId: string, definition: JsonObject) =>
  registry.agents.updateAgent({ agentId, definition }, registry.as(own));
const updateDomain = (definition: JsonObject) =>
  registry.domains.updateDomain({ domainId: 'roads', definition }, registry.as(own));
const prepare = (candidate: JsonObject) =>
  registry.goldenSets.prepareGate({ domainId: 'roads', goldenSet: 'basics', candidate }, registry.as(own));

interface Held {
  readonly passed?: boolean;
  readonly failingPaths?: string[];
}

/** A gate as the orchestrator ends it; answers its id. */
async function hold(candidate: JsonObject, { passed = true, failingPaths = [] }: Held = {}): Promise<string> {
  const prepared = await prepare(candidate);
  const gateId = prefixedId('gate_', newId());
  const run = { runId: gateId, capability: 'gate', writeTarget: '' };
  const result = {
    ...{ gateId, domainId: 'roads', goldenSet: 'basics', passed, failingPaths },
    goldenSetVersion: prepared.goldenSet?.version ?? 0,
    candidateHash: prepared.candidate?.contentHash ?? '',
    presentHash: prepared.present?.contentHash ?? '',
  };
  await registry.goldenSets.recordGateResult(result, registry.as({ ...own, run }));
  return gateId;
}

async function refused(publishing: Promise<unknown>): Promise<Fault> {
  const fault = await refusal(publishing);
  expect(fault.reason).toBe('failed_precondition');
  expect(fault.violations.map(({ field }) => field)).toEqual(['golden_sets.basics']);
  return fault;
}

describe('publishing what is measured', () => {
  it('is refused without a gate, and the refusal says what to do', async () => {
    const { message } = await refused(updateDomain({ query_playbook: playbook([spare]) }));
    expect(message).toBe(
      'The golden set basics is required for the query playbook of roads, and no gate was held for this definition; run POST /domains/roads/gate with this definition',
    );
  });

  it('is open for exactly what passed', async () => {
    const query_playbook = playbook([spare]);
    await hold({ playbook: query_playbook });
    await refused(updateDomain({ query_playbook: playbook([spare, listed]) }));
    expect((await updateDomain({ query_playbook })).domain?.version).toBe(2);
  });

  it('is refused with the fields of the newest gate that did not pass', async () => {
    const query_playbook = playbook([spare]);
    const gateId = await hold({ playbook: query_playbook }, { passed: false, failingPaths: ['answer', 'b'] });
    const { message } = await refused(updateDomain({ query_playbook }));
    expect(message).toContain(`its newest gate ${gateId} did not pass (below the thresholds: answer, b)`);
  });

  it('is refused when the set has another version since', async () => {
    const query_playbook = playbook([spare]);
    await hold({ playbook: query_playbook });
    await putSet({ required: true });
    const { message } = await refused(updateDomain({ query_playbook }));
    expect(message).toContain('passed by version 1 of the set, which has version 2 now');
  });

  it.each(['the agent listed', 'the agent that it depends on'])(
    'concerns %s, in any class',
    async (which) => {
      const agentId = which === 'the agent listed' ? listed : needed;
      const definition = { system_prompt: 'Answer better.' };
      await refused(updateAgent(agentId, definition));
      await hold({ agent: { agent_id: agentId, ...definition } });
      expect((await updateAgent(agentId, definition)).agent?.version).toBe(2);
      await refused(registry.agents.rollbackAgent({ agentId, version: 1 }, registry.as(own)));
      await hold({ agent_id: agentId, version: 1 });
      const back = await registry.agents.rollbackAgent({ agentId, version: 1 }, registry.as(own));
      expect(back.agent?.version).toBe(3);
    },
  );

  it('concerns a rollback of the domain', async () => {
    await putSet({ required: false });
    await updateDomain({ query_playbook: playbook([spare]) });
    await putSet({ required: true });
    const rollback = () =>
      registry.domains.rollbackDomain({ domainId: 'roads', version: 1 }, registry.as(own));
    await refused(rollback());
    await hold({ version: 1 });
    expect((await rollback()).domain?.version).toBe(3);
  });

  it('is not dodged by disabling an agent, changing it meanwhile and enabling it again', async () => {
    await refused(updateAgent(needed, { enabled: false }));
    await putSet({ required: false });
    await updateAgent(needed, { enabled: false });
    await putSet({ required: true });
    await updateAgent(needed, { system_prompt: 'Anything.' });
    await refused(updateAgent(needed, { enabled: true }));
  });

  it('does not concern what changes nothing that is measured', async () => {
    expect(
      (await updateDomain({ description: 'Roads', ingestion_playbook: playbook([needed]) })).domain?.version,
    ).toBe(2);
    expect((await updateAgent(spare, { system_prompt: 'Anything.' })).agent?.version).toBe(2);
    expect((await updateAgent(listed, { agent_name: 'Answerer' })).agent?.version).toBe(2);
  });

  it('does not concern anybody once the set is deleted, or not required any more', async () => {
    await putSet({ required: false });
    await updateAgent(listed, { system_prompt: 'One.' });
    await putSet({ required: true });
    await refused(updateAgent(listed, { system_prompt: 'Two.' }));
    await registry.goldenSets.deleteGoldenSet({ domainId: 'roads', name: 'basics' }, registry.as(own));
    await updateAgent(listed, { system_prompt: 'Two.' });
  });

  it('lets one of two pass that were both measured against the same version', async () => {
    const prompts = ['One.', 'Two.'].map((system_prompt) => ({ system_prompt }));
    for (const prompt of prompts) await hold({ agent: { agent_id: listed, ...prompt } });
    const ends = await Promise.allSettled(prompts.map((prompt) => updateAgent(listed, prompt)));
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const at = ends.findIndex(({ status }) => status === 'rejected');
    const { message } = await refused(updateAgent(listed, prompts[at] ?? {}));
    expect(message).toContain('compared it with what is not published any more');
  });
});

describe('what a gate compares', () => {
  it('is judged as a save, with every problem by its path in the candidate', async () => {
    const asPlaybook = await refusal(prepare({ playbook: playbook(['agent-x', 'agent-x'], [['a', 'b']]) }));
    const asSave = await registry.domains.checkDomain(
      { domainId: 'roads', definition: { query_playbook: playbook(['agent-x', 'agent-x'], [['a', 'b']]) } },
      registry.as(own),
    );
    const moved = told(asSave.violations).map((each) => each.replace('query_playbook', 'candidate.playbook'));
    expect(moved.length).toBeGreaterThan(2);
    expect(told(asPlaybook.violations)).toEqual(moved);
    const asAgent = await refusal(prepare({ agent: { agent_id: listed, agent_name: ' ', tools: ['none'] } }));
    expect(asAgent.violations.map(({ field }) => field)).toEqual([
      'candidate.agent.agent_name',
      'candidate.agent.tools[0]',
    ]);
  });

  it.each<[string, JsonObject, string]>([
    ['nothing', {}, 'candidate'],
    ['two things', { playbook: {}, version: 1 }, 'candidate'],
    ['a version that is none', { version: 0 }, 'candidate.version'],
    ['an agent without its id', { agent: { agent_name: 'Any' } }, 'candidate.agent.agent_id'],
  ])('is refused when it is %s', async (_name, candidate, field) => {
    const { reason, violations } = await refusal(prepare(candidate));
    expect([reason, violations.map((each) => each.field)]).toEqual(['invalid_argument', [field]]);
  });

  it('is refused when the playbook does not run the agent', async () => {
    const { violations } = await refusal(prepare({ agent: { agent_id: spare, agent_name: 'Any' } }));
    expect(told(violations)).toEqual([
      'candidate.agent.agent_id: is not run by the query playbook of roads, which basics measures',
    ]);
  });

  it('stores nothing', async () => {
    const { candidate, present } = await prepare({ agent: { agent_id: listed, system_prompt: 'Better.' } });
    expect(candidate?.contentHash).not.toBe(present?.contentHash);
    expect((await registry.agents.getAgent({ agentId: listed }, registry.as(own))).agent?.version).toBe(1);
  });
});

describe('evidence', () => {
  it('is refused under the token of another gate, and of a run', async () => {
    const prepared = await prepare({ version: 1 });
    const result = {
      ...{ gateId: 'gate_x', domainId: 'roads', goldenSet: 'basics', passed: true, goldenSetVersion: 1 },
      candidateHash: prepared.candidate?.contentHash ?? '',
    };
    for (const run of [
      { runId: 'gate_y', capability: 'gate', writeTarget: '' },
      { runId: 'gate_x', capability: 'shadow_query', writeTarget: '' },
    ]) {
      const { reason } = await refusal(
        registry.goldenSets.recordGateResult(result, registry.as({ ...own, run })),
      );
      expect(reason).toBe('permission_denied');
    }
  });
});
