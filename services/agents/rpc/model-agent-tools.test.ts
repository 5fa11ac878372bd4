// Agents on models with tools, through the service: what a model is offered, and that its calls reach the reports on the leash.
import { create } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ModelServer, startModelServer } from '../../../local/model-server/model-server.ts';
import { AgentSchema } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { type AgentsUnderTest, noModels, startAgentsForTest } from '../app.for-test.ts';
import type { ProviderSettings } from '../core/model/model-settings.ts';
import { sampleIndex } from './sample-index.for-test.ts';

let server: ModelServer;
let agents: AgentsUnderTest;
beforeEach(async () => {
  server = await startModelServer();
  const provider: ProviderSettings = {
    ...{ name: 'local', kind: 'openai-compatible', baseUrl: server.openAiUrl, model: 'small' },
    ...{ structuredOutput: 'schema', images: false },
  };
  const models = { ...noModels, provider: 'local', providers: [provider] };
  agents = await startAgentsForTest({
    models,
    index: sampleIndex,
    granted: () => ['retrieval_api', 'comprehend'],
  });
});
afterEach(async () => {
  await agents.close();
  await server.close();
});

const agent = create(AgentSchema, {
  ...{ agentId: 'agent-1', agentName: 'Analyst', version: 1, systemPrompt: 'You answer.' },
  tools: ['retrieval_api', 'spatial_api'],
  outputSchema: { kind: { type: 'string' } },
});
const attempt = { request: { agent, input: { question: 'Why?' } }, capability: 'query' };

describe('an agent on a model', () => {
  it('is offered the tools that it lists and was granted, and its calls are made and told', async () => {
    const call = { name: 'retrieval_api', arguments: { text: 'pothole', limit: 5 } };
    server.meet({ kind: 'tools', calls: [call] }, { kind: 'answer', text: '{"output": {"kind": "leak"}}' });
    const events = await agents.invoke(attempt);
    expect(events.at(-1)).toMatchObject({ case: 'result', value: { output: { kind: 'leak' } } });
    const [first, second] = server.calls;
    expect(JSON.stringify(first?.body.tools)).toContain('"retrieval_api"');
    expect(JSON.stringify(first?.body.tools)).not.toMatch(/spatial_api|comprehend/);
    expect(JSON.stringify(second?.body.messages)).toContain('a cyclist fell');
    const told = events.filter((event) => event.case === 'toolCall').map(({ value }) => value);
    expect(told).toMatchObject([
      { toolName: 'retrieval_api', arguments: call.arguments, errorCode: '' },
      { toolName: 'retrieval_api', duration: expect.any(Object), errorCode: '' },
    ]);
  });

  it('fails before any model is asked when the registry cannot say what was granted', async () => {
    await agents.stopRegistry();
    const end = (await agents.invoke(attempt)).at(-1);
    expect(end).toMatchObject({ case: 'failure', value: { errorCode: 'dependency_unavailable' } });
    expect(server.calls).toEqual([]);
  });
});
