// What no runtime lets pass: outputs with more than five keys, with keys that their schema does not name, of the wrong type or size. One table
// for all of them, through the service.
import { create, type JsonObject } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createOutputCheck } from '../../../foundation/json/output-check.ts';
import { createTelemetry } from '../../../foundation/telemetry/telemetry.ts';
import { type ModelServer, startModelServer } from '../../../local/model-server/model-server.ts';
import { WorkerProtocol } from '../../../proto/gen/domainflow/agents/v1/worker_pb.js';
import { AgentRuntime, AgentSchema } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { type AgentsUnderTest, noModels, startAgentsForTest } from '../app.for-test.ts';
import type { ReplaceRuntimes } from '../app.ts';
import type { ProviderSettings } from '../core/model/model-settings.ts';
import type { JsonObject as Output } from '../core/skill.ts';
import { createRunInvocation } from '../runtimes/run-invocation.ts';
import { httpWorker, thisMachine } from '../runtimes/worker/workers.for-test.ts';

const outputSchema: JsonObject = {
  type: 'object',
  properties: {
    kind: { enum: ['leak', 'fire'] },
    count: { type: 'integer' },
    tags: { type: 'array', items: { type: 'string' } },
    place: { type: 'object', properties: { lat: { type: 'number' } }, additionalProperties: false },
    note: { type: 'string' },
  },
  required: ['kind'],
};

/** An output, and the code of the attempt that gives it. */
const table: readonly (readonly [string, string, string])[] = [
  ['six keys', '{"kind":"leak","count":1,"tags":[],"place":{},"note":"x","more":1}', 'output_invalid'],
  ['a key that the schema does not name', '{"kind":"leak","status":"closed"}', 'output_invalid'],
  ['a key that every object inherits', '{"kind":"leak","constructor":{"x":1}}', 'output_invalid'],
  ['a key of the prototype', '{"kind":"leak","__proto__":{"status":"closed"}}', 'output_invalid'],
  ['a value outside of the choices', '{"kind":"flood"}', 'output_invalid'],
  ['a number as text', '{"kind":"leak","count":"1"}', 'output_invalid'],
  ['a broken number', '{"kind":"leak","count":1.5}', 'output_invalid'],
  ['an item of the wrong type', '{"kind":"leak","tags":["a",7]}', 'output_invalid'],
  ['an inner key that is not named', '{"kind":"leak","place":{"lat":1,"lon":2}}', 'output_invalid'],
  ['null for a value', '{"kind":"leak","note":null}', 'output_invalid'],
  ['without what is required', '{"note":"x"}', 'output_invalid'],
  ['with nothing', '{}', 'output_invalid'],
  ['a list', '[{"kind":"leak"}]', 'output_invalid'],
  ['a text', '"leak"', 'output_invalid'],
  ['more than 64 KB', `{"kind":"leak","note":"${'x'.repeat(66_000)}"}`, 'output_too_large'],
];

/** Ways in which an output reaches the service; `given` is what is given out next. */
const runtimes = ['builtin', 'model', 'worker', 'offline'] as const;
let given = '{}';
let server: ModelServer;
let worker: Awaited<ReturnType<typeof httpWorker>>;
let agents: AgentsUnderTest;

beforeAll(async () => {
  server = await startModelServer();
  worker = await httpWorker((_request, response) => response.writeHead(200).end(`{"output":${given}}`));
  const provider: ProviderSettings = {
    ...{ name: 'local', kind: 'openai-compatible', baseUrl: server.openAiUrl, model: 'small' },
    ...{ structuredOutput: 'text', images: false },
  };
  const models = { ...noModels, provider: 'offline', providers: [provider] };
  agents = await startAgentsForTest({ models, workerNetworks: thisMachine, runtimes: ownSkills });
});
afterAll(async () => {
  await agents?.close();
  await worker?.close();
  await server?.close();
});

/** Skills and rules of the platform that answer what is given, under the same check as their own; the others are the service's own. */
const ownSkills: ReplaceRuntimes = (own) => {
  const skill = async () => {
    const answer = { output: JSON.parse(given) as Output, reasoning: 'x', confidence: 1, references: [] };
    return { answer: { ...answer, spans: {} }, runtime: 'builtin' };
  };
  const { tracer, log } = createTelemetry({ service: 'test', version: '0', logLevel: 'silent' });
  const checked = createRunInvocation({
    ...{ runtimes: { builtin: skill, model: skill, worker: skill }, outputs: createOutputCheck() },
    ...{ tracer, log },
  });
  return (invocation, circumstances) => {
    const isPlatforms = invocation.runtime === 'builtin' || invocation.model === 'rules';
    return (isPlatforms ? checked : own)(invocation, circumstances);
  };
};

async function endOf(runtime: (typeof runtimes)[number]) {
  server.meet({ kind: 'answer', text: `{"output":${given}}` });
  const ways = {
    builtin: { isInbuilt: true },
    model: { settings: { runtime: AgentRuntime.MODEL, model: 'local/small' } },
    offline: { settings: { runtime: AgentRuntime.MODEL, model: 'rules' } },
    worker: { settings: { runtime: AgentRuntime.WORKER } },
  };
  const agent = create(AgentSchema, {
    agentId: 'agent-1',
    agentName: 'Any',
    version: 1,
    outputSchema,
    ...ways[runtime],
  });
  const endpoint = `http://127.0.0.1:${worker.port}`;
  const remote = { workerId: 'worker-1', endpoint, protocol: WorkerProtocol.HTTP };
  const request = { agent, input: { text: 'x' }, ...(runtime === 'worker' ? { worker: remote } : {}) };
  return (await agents.invoke({ request, capability: 'ingestion' })).at(-1);
}

describe.each(runtimes)('an output of an agent on %s', (runtime) => {
  it('passes as its schema promised', async () => {
    given = '{"kind":"leak","count":2,"tags":["a"],"place":{"lat":1.5}}';
    expect(await endOf(runtime)).toMatchObject({ case: 'result', value: { output: JSON.parse(given) } });
  });

  it.each(table)('with %s never passes', async (_name, output, errorCode) => {
    given = output;
    const end = await endOf(runtime);
    expect(end).toMatchObject({ case: 'failure', value: { errorCode } });
    expect(JSON.stringify(end?.value).length).toBeLessThan(2_000);
  });
});

describe('measurements', () => {
  it('hold codes alone, and no words of anybody', async () => {
    given = '{"kind":"Zyxomma"}';
    for (const runtime of runtimes) await endOf(runtime);
    expect(await agents.metrics()).toContain('output_invalid');
    expect(await agents.metrics()).not.toContain('Zyxomma');
  });
});
