// The graph of agents through the real service: cycles, what a change does to saved playbooks, and changes at the same moment.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { insertAgent, insertDomain, storedPlaybook } from '../store/rows.for-test.ts';
import { createdAgent, refusal, told } from './agent-definition.for-test.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
let own: Principal;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_agent_graph'));
  own = await registry.newTenant();
}, 60_000);
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

const depend = (agentId: string, agent_dependencies: string[]) =>
  registry.agents.updateAgent({ agentId, definition: { agent_dependencies } }, registry.as(own));
const domain = (domainId: string, nodes: readonly string[], edges?: readonly (readonly [string, string])[]) =>
  insertDomain(registry.admin, own, { domainId, versions: [storedPlaybook(nodes, edges)] });

/** Agents of which each depends on the next. */
async function chain(length: number): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < length; at += 1) {
    ids.unshift(await insertAgent(registry.admin, own, { dependencies: ids.slice(0, 1) }));
  }
  return ids;
}

describe('dependencies of agents', () => {
  it.each([1, 2, 3, 150])('may not form a cycle of %i agents', async (length) => {
    const ids = await chain(length);
    const [first = '', last = ''] = [ids[0], ids.at(-1)];
    const fault = await refusal(depend(last, ['builtin-query-who', first]));
    expect(fault.reason).toBe('invalid_argument');
    const path = length === 1 ? [last, last] : [last, ...ids.slice(0, -1), last];
    expect(told(fault.violations)).toEqual([
      `agent_dependencies[1]: circular dependency: ${path.join(' -> ')}`,
    ]);
  });

  it('are told for each dependency that leads back', async () => {
    const [root = '', middle = '', leaf = ''] = await chain(3);
    const fault = await refusal(depend(leaf, [root, 'builtin-query-who', middle]));
    expect(told(fault.violations)).toEqual([
      `agent_dependencies[0]: circular dependency: ${[leaf, root, middle, leaf].join(' -> ')}`,
      `agent_dependencies[2]: circular dependency: ${[leaf, middle, leaf].join(' -> ')}`,
    ]);
  });

  it('may meet again, and may be 20 at once', async () => {
    const [root = '', , leaf = ''] = await chain(3);
    await expect(depend(root, [leaf])).resolves.toBeDefined();
    const twenty: string[] = [];
    for (let at = 0; at < 20; at += 1)
      twenty.push(await insertAgent(registry.admin, own, { dependencies: [leaf] }));
    const { agent } = await depend(root, twenty);
    expect(agent?.agentDependencies).toEqual(twenty);
  });

  it('form no cycle either when two agents turn to each other at the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [a, b] = [await createdAgent(registry, own), await createdAgent(registry, own)];
      const outcomes = await Promise.allSettled([depend(a, [b]), depend(b, [a])]);
      const refused = outcomes.filter(({ status }) => status === 'rejected');
      expect(refused).toHaveLength(1);
      const cycle = outcomes[0]?.status === 'rejected' ? [a, b, a] : [b, a, b];
      expect(refused[0]).toMatchObject({
        reason: {
          reason: 'invalid_argument',
          message: `agent_dependencies[0]: circular dependency: ${cycle.join(' -> ')}`,
        },
      });
    }
  });
});

describe('a change of dependencies', () => {
  it('may not make a saved playbook cyclic', async () => {
    const [before, after] = [await createdAgent(registry, own), await createdAgent(registry, own)];
    await domain('cyclic_later', [before, after], [[before, after]]);
    const fault = await refusal(depend(before, [after]));
    expect(fault.reason).toBe('invalid_argument');
    expect(told(fault.violations)).toEqual([
      `agent_dependencies: would break the query playbook of domain cyclic_later: circular dependency: ${before} -> ${after} -> ${before}`,
    ]);
    await expect(depend(after, [before])).resolves.toBeDefined();
  });

  it('may not do so through agents between, in any of the domains', async () => {
    const [root = '', middle = '', leaf = ''] = await chain(3);
    const other = await createdAgent(registry, own);
    await domain('through_one', [root, other], [[root, other]]);
    await domain('through_two', [middle, other], [[middle, other]]);
    await domain('through_none', [leaf, other]);
    const fault = await refusal(depend(leaf, [other]));
    expect(fault.violations.map(({ reason }) => /domain (\w+):/.exec(reason)?.[1])).toEqual([
      'through_one',
      'through_two',
    ]);
  });

  it('may not do so through agents that come in with it', async () => {
    const [first, last] = [await createdAgent(registry, own), await createdAgent(registry, own)];
    await domain('with_a_newcomer', [first, last], [[first, last]]);
    const newcomer = await createdAgent(registry, own, { agent_dependencies: [last] });
    const fault = await refusal(depend(first, [newcomer]));
    const cycle = [first, newcomer, last, first].join(' -> ');
    expect(told(fault.violations)).toEqual([
      `agent_dependencies: would break the query playbook of domain with_a_newcomer: circular dependency: ${cycle}`,
    ]);
  });

  it('may not make a saved playbook larger than 110 tasks', async () => {
    const ids = await chain(109);
    const last = ids.at(-1) ?? '';
    await domain('nearly_full', ids.slice(0, 1));
    const [one, two] = [await createdAgent(registry, own), await createdAgent(registry, own)];
    await expect(depend(last, [one])).resolves.toBeDefined();
    const fault = await refusal(depend(last, [one, two]));
    expect(told(fault.violations)).toEqual([
      'agent_dependencies: would break the query playbook of domain nearly_full: The plan has more than 110 tasks',
    ]);
  });

  it('is not blamed for what was wrong before', async () => {
    const [a, b] = [await createdAgent(registry, own), await createdAgent(registry, own)];
    await domain(
      'always_cyclic',
      [a, b],
      [
        [a, b],
        [b, a],
      ],
    );
    await expect(depend(a, ['builtin-query-who'])).resolves.toBeDefined();
  });
});
