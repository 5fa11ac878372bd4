// On what an agent would run, as the service tells it and as an attempt tells it afterwards; whom it tells, and what it asks the registry.
import { afterEach, describe, expect, it } from '@jest/globals';
import { AgentRuntime } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { type AgentsUnderTest, builtinAgent, type Neighbours, startAgentsForTest } from '../app.for-test.ts';
import type { ProviderSettings } from '../core/model/model-settings.ts';
import { sampleIndex } from './sample-index.for-test.ts';

const tools = ['retrieval_api', 'aggregation_api'];
const keys = ['incident_types', 'common_issues', 'summary', 'answer'];
const agent = builtinAgent('builtin-query-what', tools, keys);
const input = { question: 'Tell me about potholes' };

const open: AgentsUnderTest[] = [];
async function start(neighbours: Neighbours): Promise<AgentsUnderTest> {
  const agents = await startAgentsForTest({ index: sampleIndex, ...neighbours });
  open.push(agents);
  return agents;
}
afterEach(async () => {
  for (const agents of open.splice(0)) await agents.close();
});

/** The fingerprint that an attempt tells; undefined where it has no result. */
async function ranOn(agents: AgentsUnderTest, tellFingerprint = true): Promise<string | undefined> {
  const last = (await agents.invoke({ request: { agent, input, tellFingerprint } })).at(-1);
  return last?.case === 'result' ? last.value.fingerprint : undefined;
}

describe('what an agent runs on', () => {
  it('is told beforehand as an attempt tells it afterwards, when it is asked for', async () => {
    const agents = await start({});
    const { runtime, fingerprint } = await agents.describe({ request: { agent } });
    expect([runtime, fingerprint]).toEqual([AgentRuntime.BUILTIN, expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(await ranOn(agents)).toBe(fingerprint);
    expect(await ranOn(agents, false)).toBe('');
  });

  it('is something else once a grant has changed, for the next question at once', async () => {
    let granted = tools;
    const agents = await start({ granted: () => granted });
    const before = await agents.describe({ request: { agent } });
    granted = ['retrieval_api'];
    const after = await agents.describe({ request: { agent } });
    expect(after.fingerprint).not.toBe(before.fingerprint);
    granted = [...tools, 'spatial_api']; // which the agent does not list
    expect(await agents.describe({ request: { agent } })).toEqual(before);
  });

  it('is a model where the deployment moves the agents of the platform to one, and another one with another default', async () => {
    const provider: ProviderSettings = {
      ...{ name: 'main', kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:1/v1' },
      ...{ structuredOutput: 'json', images: false },
    };
    const models = { ...{ provider: 'main', prices: {} }, callTimeoutMs: 1_000, callsMax: 2 };
    const described = [];
    for (const model of ['small', 'large']) {
      const providers = [{ ...provider, model }];
      const agents = await start({ builtinRuntime: 'model', models: { ...models, providers } });
      described.push(await agents.describe({ request: { agent } }));
    }
    const skill = await (await start({})).describe({ request: { agent } });
    expect(described.map(({ runtime }) => runtime)).toEqual([AgentRuntime.MODEL, AgentRuntime.MODEL]);
    expect(new Set([skill, ...described].map(({ fingerprint }) => fingerprint)).size).toBe(3);
  }, 30_000);

  it('is something else with an AWS service behind a tool that it lists, and no other', async () => {
    const reader = builtinAgent('builtin-ingestion-entity', ['comprehend', 'location_service'], keys);
    const service = { region: 'eu-central-1' };
    const granted = () => ['comprehend', 'location_service', ...tools];
    const described = [];
    const choices: readonly Required<Neighbours>['aws'][] = [
      {},
      { location: service },
      { comprehend: service },
    ];
    for (const aws of choices) {
      const agents = await start({ granted, aws });
      const [own, other] = [{ agent: reader }, { agent }];
      described.push([await agents.describe({ request: own }), await agents.describe({ request: other })]);
    }
    expect(new Set(described.map(([own]) => own?.fingerprint)).size).toBe(3);
    expect(new Set(described.map(([, other]) => other?.fingerprint)).size).toBe(1);
  }, 30_000);

  it('is told to the run alone, and not while the registry cannot say what was granted', async () => {
    const agents = await start({});
    const stranger = agents.describe({ request: { agent }, runId: 'job_2' });
    await expect(stranger).rejects.toMatchObject({ reason: 'permission_denied' });
    await expect(agents.describe({ request: {} })).rejects.toMatchObject({ reason: 'invalid_argument' });
    await agents.stopRegistry();
    await expect(agents.describe({ request: { agent } })).rejects.toMatchObject({ reason: 'unavailable' });
  });
});
