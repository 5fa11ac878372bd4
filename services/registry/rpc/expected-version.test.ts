// Writes that are made for the version that their caller has read: of two who read the same one, the second one is told.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { createdAgent, refusal } from './agent-definition.for-test.ts';
import { agentOfEachClass, domainDefinition } from './domain-definition.for-test.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_expected'));
}, 60_000);
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

interface Versioned {
  update(expectedVersion: number): Promise<unknown>;
  remove(expectedVersion: number): Promise<unknown>;
}

async function domainOf(own: Principal): Promise<string> {
  const definition = domainDefinition(await agentOfEachClass(registry, own));
  return (await registry.domains.createDomain({ definition }, registry.as(own))).domain?.domainId ?? '';
}

/** Objects in their first version. */
const objects: Readonly<Record<string, (own: Principal) => Promise<Versioned>>> = {
  agent: async (own) => {
    const agentId = await createdAgent(registry, own);
    const definition = { description: 'Newer' };
    return {
      update: (expectedVersion) =>
        registry.agents.updateAgent({ agentId, definition, expectedVersion }, registry.as(own)),
      remove: (expectedVersion) =>
        registry.agents.deleteAgent({ agentId, expectedVersion }, registry.as(own)),
    };
  },
  domain: async (own) => {
    const domainId = await domainOf(own);
    const definition = { domain_name: 'Newer' };
    return {
      update: (expectedVersion) =>
        registry.domains.updateDomain({ domainId, definition, expectedVersion }, registry.as(own)),
      remove: (expectedVersion) =>
        registry.domains.deleteDomain({ domainId, expectedVersion }, registry.as(own)),
    };
  },
  'golden set': async (own) => {
    const domainId = await domainOf(own);
    const rows = [{ input: { question: 'How many?' }, expected: { answer: '7' } }];
    const definition = { playbook: 'query', rows, thresholds: { precision: 0.9, recall: 0.9 } };
    const put = (expectedVersion: number) => {
      const wanted = { domainId, name: 'basics', definition, expectedVersion };
      return registry.goldenSets.putGoldenSet(wanted, registry.as(own));
    };
    expect((await refusal(put(1))).reason).toBe('aborted');
    await put(0);
    const named = { domainId, name: 'basics' };
    return {
      update: put,
      remove: (expectedVersion) =>
        registry.goldenSets.deleteGoldenSet({ ...named, expectedVersion }, registry.as(own)),
    };
  },
};

describe('a write of a version that was read', () => {
  it.each(Object.keys(objects))('of the %s is refused once there is a newer one', async (name) => {
    const own = await registry.newTenant({ roles: ['admin'] });
    const object = await objects[name]?.(own);
    if (!object) throw new Error('No such object');
    await object.update(1);
    expect(await refusal(object.update(1))).toMatchObject({ reason: 'aborted' });
    expect(await refusal(object.remove(1))).toMatchObject({ reason: 'aborted' });
    await object.update(0);
    await object.remove(3);
    expect((await refusal(object.remove(0))).reason).toBe('not_found');
  });
});
