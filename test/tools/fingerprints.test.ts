// On what an agent runs, between a real registry and the agents service: every change of a grant or of a tool is seen.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../foundation/json/json.ts';
import { createDescribeAgent, createDescribeAnew } from '../../services/agents/runtimes/describe-agent.ts';
import { startToolStage, type TenantAgent, type ToolStage } from './tool-stage.for-test.ts';

let stage: ToolStage;
beforeAll(async () => {
  stage = await startToolStage();
}, 60_000);
afterAll(() => stage?.close());

const weather = {
  ...{ tool_name: 'weather', tool_type: 'custom', endpoint: 'https://tool.example/call', effect: 'read' },
  ...{ auth_method: 'none', description: 'Says the weather', parameters_schema: {} },
};
const models = { provider: 'offline', providers: [], prices: {}, callTimeoutMs: 1_000, callsMax: 1 };
const describeAgent = createDescribeAgent({
  ...{ release: '1.0.0', models, webSearch: undefined, location: undefined, comprehend: undefined },
});

/** Asks the registry anew, as DescribeAgent does. */
async function fingerprintOf({ own, agentId }: TenantAgent): Promise<string> {
  const { registry } = stage;
  const run = { runId: 'job_1', capability: 'query', writeTarget: '' };
  const clients = { tenants: registry.tenants, access: registry.access };
  const asker = { tenantId: own.tenantId, callOptions: () => registry.as({ ...own, run }) };
  const agent = { agentId, runtime: 'model', model: '', tools: ['weather', 'retrieval_api'] } as const;
  return (await createDescribeAnew(describeAgent, clients)(agent, asker)).fingerprint;
}

describe('on what an agent runs', () => {
  it('stays the same while nothing changes, and never returns after a grant was revoked and given again', async () => {
    const tenant = await stage.tenantWith([weather], ['weather']);
    const first = await fingerprintOf(tenant);
    expect(await fingerprintOf(tenant)).toBe(first);
    await tenant.revoke('weather');
    const without = await fingerprintOf(tenant);
    const { agentId, own } = tenant;
    await stage.registry.access.grantToolAccess({ agentId, toolName: 'weather' }, stage.registry.as(own));
    const again = await fingerprintOf(tenant);
    expect(new Set([first, without, again]).size).toBe(3);
  });

  it('is something else once a tool was changed, or got other credentials', async () => {
    const tenant = await stage.tenantWith([weather], ['weather', 'retrieval_api']);
    const seen = [await fingerprintOf(tenant)];
    const changes: readonly JsonObject[] = [
      { description: 'Says how the weather is' },
      { auth_method: 'api_key', credentials: { key: 'sk-live-1' } },
      { credentials: { key: 'sk-live-2' } },
    ];
    for (const definition of changes) {
      const change = { toolName: 'weather', definition };
      await stage.registry.tools.updateTool(change, stage.registry.as(tenant.own));
      seen.push(await fingerprintOf(tenant));
    }
    expect(new Set(seen).size).toBe(4);
  });

  it('does not depend on what other agents were granted', async () => {
    const tenant = await stage.tenantWith([weather], ['weather']);
    const before = await fingerprintOf(tenant);
    await stage.tenantWith([weather], ['weather', 'retrieval_api']);
    expect(await fingerprintOf(tenant)).toBe(before);
  });
});
