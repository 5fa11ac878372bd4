// Plans: what is pulled in, in which order things stand, what becomes of agents that are gone, and what the hash depends on.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Fault } from '../../../foundation/fault/fault.ts';
import type { Agent } from './agent.ts';
import { agentForTest } from './definition.for-test.ts';
import type { Domain } from './domain.ts';
import { compilePlan, type Plan } from './plan.ts';
import type { Playbook, PlaybookNode } from './playbook.ts';

const createdAt = new Date('2025-01-01T00:00:00Z');

const agent = (
  agentId: string,
  agentDependencies: readonly string[] = [],
  changes: Partial<Agent> = {},
): Agent => agentForTest(agentId, { agentDependencies, ...changes });

type Edges = readonly (readonly [from: string, to: string])[];

function domain(playbook: Partial<Playbook>): Domain {
  const empty: Playbook = { nodes: [], edges: [], settings: {} };
  const playbooks = { ingestion: empty, query: { ...empty, ...playbook }, management: empty };
  const head = { id: 'd', domainId: 'roads', tenantId: 't', domainName: 'Roads', description: '' };
  return { ...head, playbooks, version: 1, createdAt, updatedAt: createdAt, createdBy: 'u' };
}

const nodesOf = (ids: readonly string[]): PlaybookNode[] => ids.map((id) => ({ kind: 'agent', id }));

function plan(listed: readonly string[], agents: readonly Agent[], edges: Edges = []): Plan {
  const playbook = { nodes: nodesOf(listed), edges: edges.map(([from, to]) => ({ from, to })) };
  const byId = new Map(agents.map((one) => [one.agentId, one]));
  return compilePlan({ domain: domain(playbook), playbook: 'query', agents: byId });
}

const orderOf = ({ nodes }: Plan): string => nodes.map(({ nodeId }) => nodeId).join(' ');

function faultOf(run: () => unknown): Fault {
  try {
    run();
  } catch (error) {
    return error as Fault;
  }
  throw new Error('nothing was thrown');
}

describe('compilePlan', () => {
  it('keeps the order of nodes that nothing orders', () => {
    expect(
      orderOf(
        plan(
          ['c', 'a', 'b'],
          ['a', 'b', 'c'].map((id) => agent(id)),
        ),
      ),
    ).toBe('c a b');
  });

  it('unites edges and dependencies, and names each parent once in plan order', () => {
    const agents = [agent('a'), agent('b'), agent('c', ['b', 'a'])];
    const { nodes } = plan(['c', 'b', 'a'], agents, [
      ['a', 'c'],
      ['a', 'b'],
    ]);
    expect(nodes.map(({ nodeId, parents }) => [nodeId, parents])).toEqual([
      ['a', []],
      ['b', ['a']],
      ['c', ['a', 'b']],
    ]);
  });

  it('pulls dependencies in transitively and marks them', () => {
    const compiled = plan(['a'], [agent('a', ['x']), agent('x', ['y']), agent('y')]);
    expect(compiled.nodes.map(({ nodeId, implicit }) => [nodeId, implicit])).toEqual([
      ['y', true],
      ['x', true],
      ['a', false],
    ]);
  });

  it.each([
    [
      'gives a pulled-in agent the position of the first listed node that needs it',
      'a x b',
      ['a', 'b'],
      [agent('a'), agent('b', ['x']), agent('x')],
    ],
    [
      'gives it the position of the first of several, also of one that needs it indirectly',
      'y x a b',
      ['a', 'b'],
      [agent('a', ['x']), agent('b', ['y']), agent('x', ['y']), agent('y')],
    ],
    [
      'orders pulled-in agents of one node by their place in agent_dependencies',
      'z x y a b',
      ['a', 'b'],
      [agent('a', ['z', 'x', 'y']), agent('b'), agent('x'), agent('y'), agent('z')],
    ],
    [
      'counts the place in the listed node before that in another dependency',
      'q w z x a',
      ['a'],
      [agent('a', ['q', 'w', 'x', 'z']), agent('x', ['z']), agent('q'), agent('w'), agent('z')],
    ],
    [
      'follows needs through listed nodes',
      'y c b a',
      ['a', 'c', 'b'],
      [agent('a', ['b']), agent('b', ['y']), agent('c'), agent('y')],
    ],
  ])('%s', (_promise, expected, listed, agents) => {
    const shown = orderOf(plan(listed, agents));
    expect(shown).toBe(expected);
  });

  it('keeps missing and disabled agents as unavailable tasks, with the dependencies of the disabled', () => {
    const { nodes } = plan(['gone', 'off'], [agent('off', ['x'], { enabled: false }), agent('x')]);
    expect(nodes.map(({ nodeId, work }) => [nodeId, work.kind])).toEqual([
      ['gone', 'unavailable'],
      ['x', 'agent'],
      ['off', 'unavailable'],
    ]);
    expect(nodes[0]?.work).toEqual({ kind: 'unavailable', agentId: 'gone', errorCode: 'agent_missing' });
    expect(nodes[2]?.work).toEqual({ kind: 'unavailable', agentId: 'off', errorCode: 'agent_disabled' });
  });

  it('keeps approvals where they are listed', () => {
    const approval: PlaybookNode = {
      kind: 'approval',
      id: 'approval-x',
      prompt: '?',
      roles: [],
      onTimeout: 'reject',
    };
    const playbook = {
      nodes: [...nodesOf(['b']), approval],
      edges: [{ from: 'approval-x', to: 'b' }],
    };
    const { nodes } = compilePlan({
      domain: domain(playbook),
      playbook: 'query',
      agents: new Map([['b', agent('b')]]),
    });
    expect(nodes.map(({ nodeId, work }) => [nodeId, work.kind])).toEqual([
      ['approval-x', 'approval'],
      ['b', 'agent'],
    ]);
  });

  it.each<[string, readonly string[], readonly Agent[], Edges]>([
    ['a -> a', ['a'], [agent('a', ['a'])], []],
    ['a -> b -> a', ['a', 'b'], [agent('a', ['b']), agent('b', ['a'])], []],
    ['a -> b -> a', ['a', 'b'], [agent('a', ['b']), agent('b')], [['a', 'b']]],
    ['x -> y -> x', ['a'], [agent('a', ['x']), agent('x', ['y']), agent('y', ['x'])], []],
  ])('refuses the cycle %s by its path', (path, listed, agents, edges) => {
    const fault = faultOf(() => plan(listed, agents, edges));
    expect([fault.reason, fault.message]).toEqual(['failed_precondition', `circular dependency: ${path}`]);
  });

  it('refuses an edge to a node that is not there', () => {
    expect(faultOf(() => plan(['a'], [agent('a')], [['a', 'b']])).reason).toBe('failed_precondition');
  });

  it('hashes what the plan consists of: order of the agents given does not count, versions and settings do', () => {
    const agents = [agent('a', ['x']), agent('x')];
    const { hash } = plan(['a'], agents);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(plan(['a'], agents.toReversed()).hash).toBe(hash);
    expect(plan(['a'], [agent('a', ['x'], { version: 2 }), agent('x')]).hash).not.toBe(hash);
    expect(plan(['a', 'x'], agents).hash).not.toBe(hash);
    expect(plan(['a'], [agent('a', ['x']), agent('x', [], { enabled: false })]).hash).not.toBe(hash);
    const changed = domain({ nodes: nodesOf(['a']), settings: { failurePolicy: 'continue' } });
    const byId = new Map(agents.map((one) => [one.agentId, one]));
    expect(compilePlan({ domain: changed, playbook: 'query', agents: byId }).hash).not.toBe(hash);
  });

  it('always gives a topological order of the whole closure, or names a cycle', () => {
    const ids = [...'abcdefghij'];
    const dependencies = fc.array(fc.uniqueArray(fc.constantFrom(...ids), { maxLength: 2 }), {
      minLength: ids.length,
      maxLength: ids.length,
    });
    const listed = fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(dependencies, listed, (needs, nodes) => {
        const agents = ids.map((id, at) => agent(id, needs[at] ?? []));
        const closure = closureOf(nodes, (id) => needs[ids.indexOf(id)] ?? []);
        const needed = agents.filter(({ agentId }) => closure.has(agentId));
        const isCyclic = [...closure].some((id) => reaches(id, id, (one) => needs[ids.indexOf(one)] ?? []));
        if (isCyclic) {
          expect(faultOf(() => plan(nodes, needed)).message).toMatch(
            /^circular dependency: (\w)( -> \w)* -> \1$/,
          );
          return;
        }
        const compiled = plan(nodes, needed);
        const order = compiled.nodes.map(({ nodeId }) => nodeId);
        expect(new Set(order)).toEqual(closure);
        for (const [step, node] of compiled.nodes.entries()) {
          expect(node.implicit).toBe(!nodes.includes(node.nodeId));
          expect(new Set(node.parents)).toEqual(new Set(needs[ids.indexOf(node.nodeId)]));
          for (const parent of node.parents) expect(order.indexOf(parent)).toBeLessThan(step);
        }
        expect(plan(nodes, needed.toReversed())).toEqual(compiled);
      }),
      { seed: 5, numRuns: 1_000 },
    );
  });
});

type Needs = (id: string) => readonly string[];

function closureOf(from: readonly string[], needs: Needs): Set<string> {
  const closure = new Set(from);
  for (const id of closure) for (const need of needs(id)) closure.add(need);
  return closure;
}

function reaches(from: string, to: string, needs: Needs): boolean {
  return closureOf(needs(from), needs).has(to);
}
