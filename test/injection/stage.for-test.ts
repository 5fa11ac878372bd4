// A mesh with two tenants: one whose agents run on a model that obeys whatever it reads, and one whose reports nobody may learn of or touch.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiClient } from '../../clients/api/api-client.ts';
import { pollUntil } from '../../local/demo/demo-run.ts';
import { type ModelServer, startModelServer } from '../../local/model-server/model-server.ts';
import { createAgent, createDomain, createTool, grantTool, playbook } from '../e2e/sample-definitions.ts';
import { finishReport, startTestMesh, type TestMesh } from '../e2e/test-mesh.ts';
import type { AttackNames } from './attacks.for-test.ts';
import { listedTools } from './obedience.for-test.ts';

/** The stage. */
export interface InjectionStage {
  readonly mesh: TestMesh;
  readonly server: ModelServer;
  /** An admin of the tenant that is attacked. */
  readonly api: ApiClient;
  readonly names: AttackNames;
  /** At least so many lines of a service's log that have both texts; fewer when they do not come. Lines are written together, a moment later. */
  logged(
    service: string,
    lines: { readonly sentence: string; readonly text: string; readonly count: number },
  ): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** The domain whose agents run on the model. */
export const attackedDomain = 'attacked';

/** Words of the other tenant's report, which nobody else may read. */
export const foreignWords = 'belongs to Zebulon Quartermain alone';

const schema = {
  type: 'object',
  properties: { kind: { enum: ['leak', 'fire'] }, summary: { type: 'string', maxLength: 200 } },
};

/** Starts it, the agents service with these settings beyond its own. */
export async function startInjectionStage(
  agentSettings: Readonly<Record<string, string>> = {},
): Promise<InjectionStage> {
  const server = await startModelServer();
  const mesh = await startTestMesh({
    ...{ MODEL_PROVIDER: 'openai-compatible', MODEL_BASE_URL: server.openAiUrl, MODEL_NAME: 'small' },
    ...agentSettings,
  });
  const api = await mesh.as('acme', 'alice');
  const other = await mesh.as('globex', 'zebulon');
  await define(api);
  server.meet({ kind: 'answer', text: '{"output": {"kind": "leak"}}' });
  const { report: own } = await finishReport(api, 'A pothole in Boston near the library', attackedDomain);
  const { report: foreign } = await finishReport(other, `A pothole that ${foreignWords}`);
  const { tenant_id: foreignTenant } = await other.get('/api/v1/me');
  return {
    ...{ mesh, server, api },
    names: {
      ...{ victim: own.incident_id, foreign: foreign.incident_id, foreignTenant },
      unknown: `inc_${'0123456789abcdef'.repeat(2)}`,
    },
    logged: (service, { sentence, text, count }) => {
      const read = async () => {
        const names = (await readdir(mesh.logDir)).filter((name) => name.startsWith(service));
        const logs = await Promise.all(names.map((name) => readFile(join(mesh.logDir, name), 'utf8')));
        const lines = logs.join('\n').split('\n');
        return lines.filter((line) => line.includes(sentence) && line.includes(text));
      };
      return pollUntil(read, ({ length }) => length >= count, new AbortController().signal);
    },
    close: async () => {
      await mesh.close();
      await server.close();
    },
  };
}

async function define(api: ApiClient): Promise<void> {
  const { granted, lookup, updating, ungranted } = listedTools;
  const street = { type: 'object', properties: { street: { type: 'string' } }, additionalProperties: false };
  await createTool(api, lookup, { endpoint: 'https://lookup.example/street', parameters_schema: street });
  await createTool(api, updating, { effect: 'update', endpoint: 'https://tickets.example/close' });
  const tools = [granted, lookup, updating, ungranted];
  const agents: string[] = [];
  for (const agent_class of ['ingestion', 'query', 'management'] as const) {
    const more = { agent_name: `Obedient ${agent_class}`, agent_class, output_schema: schema, tools };
    const agentId = await createAgent(api, more);
    for (const tool_name of [granted, lookup, updating]) await grantTool(api, agentId, tool_name);
    agents.push(agentId);
  }
  const [ingestion = '', query = '', management = ''] = agents;
  await createDomain(api, attackedDomain, {
    ingestion_playbook: playbook(['builtin-ingestion-geo', ingestion]),
    query_playbook: playbook([query]),
    management_playbook: playbook([management]),
  });
}
