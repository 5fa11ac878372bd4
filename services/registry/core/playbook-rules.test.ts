// Rules of playbooks over random graphs: no sound one is refused, no cyclic one passes, and a cycle that is named exists. What each rule
// says is tested at the RPCs that save domains.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  acyclicGraphs,
  agentForTest,
  anyGraphs,
  closureOf,
  needsOf,
  playbookForTest,
  type RandomGraph,
} from './definition.for-test.ts';
import { definitionLimits } from './limits.ts';
import { judgePlan, type Plan } from './plan.ts';
import { playbookProblems } from './playbook-rules.ts';

const off = Number.POSITIVE_INFINITY;
const noLimits = { systemPromptMax: off, playbookNodesMax: off, playbookEdgesMax: off, planTasksMax: off };
const path = 'query_playbook';
const field = `${path}.agent_execution_graph`;

const problemsOf = ({ playbook, agents }: RandomGraph) =>
  playbookProblems({ playbook, agentClass: 'query', agents, limits: noLimits, path });

function planOf({ playbook, agents }: RandomGraph): Plan {
  const domain = { domainId: 'd', version: 1, playbooks: { query: playbook } };
  const verdict = judgePlan({ domain, playbook: 'query', agents, tasksMax: off });
  if ('plan' in verdict) return verdict.plan;
  throw new Error(verdict.problems.join());
}

/** True when something in the plan needs itself: nodes that need nothing are taken away until none is left to take. */
function isCyclic(graph: RandomGraph): boolean {
  const left = new Set(closureOf(graph));
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    for (const id of left) if (!needsOf(graph, id).some((need) => left.has(need))) left.delete(id);
  }
  return left.size > 0;
}

describe('playbookProblems', () => {
  it('accepts every graph of up to 200 agents without a cycle, whose plan is a topological order of all it needs', () => {
    fc.assert(
      fc.property(acyclicGraphs(200), (graph) => {
        expect(problemsOf(graph)).toEqual([]);
        const { nodes } = planOf(graph);
        const stepOf = new Map(nodes.map(({ nodeId }, step) => [nodeId, step]));
        expect(new Set(stepOf.keys())).toEqual(closureOf(graph));
        expect(stepOf.size).toBe(nodes.length);
        for (const [step, { nodeId, parents }] of nodes.entries()) {
          expect(new Set(parents)).toEqual(new Set(needsOf(graph, nodeId)));
          for (const parent of parents) expect(stepOf.get(parent)).toBeLessThan(step);
        }
      }),
      { seed: 12, numRuns: 200 },
    );
  });

  it('gives the right verdict on every graph of up to 200 agents, and each cycle that it names exists', () => {
    let refused = 0;
    fc.assert(
      fc.property(anyGraphs(200), (graph) => {
        const problems = problemsOf(graph);
        expect(problems.length > 0).toBe(isCyclic(graph));
        refused += problems.length > 0 ? 1 : 0;
        const named = problems.map((problem) => {
          expect(problem.field).toBe(field);
          const cycle = problem.reason.replace(/^circular dependency: /, '').split(' -> ');
          expect(cycle.at(-1)).toBe(cycle[0]);
          for (const [at, id] of cycle.slice(0, -1).entries()) {
            expect(needsOf(graph, id)).toContain(cycle[at + 1]);
          }
          return cycle.slice(1);
        });
        expect(new Set(named.flat()).size).toBe(named.flat().length);
      }),
      { seed: 12, numRuns: 200 },
    );
    expect(refused).toBeGreaterThan(50);
    expect(refused).toBeLessThan(200);
  });

  it('finds the one cycle that is hidden in a long chain', () => {
    const ids = Array.from({ length: 200 }, (_, at) => `a${at}`);
    const chain = ids.map((id, at) => agentForTest(id, { agentDependencies: ids.slice(at + 1, at + 2) }));
    const agents = new Map(chain.map((agent) => [agent.agentId, agent]));
    expect(problemsOf({ playbook: playbookForTest(['a0']), agents })).toEqual([]);
    agents.set('a199', agentForTest('a199', { agentDependencies: ['a150'] }));
    const [problem, ...others] = problemsOf({ playbook: playbookForTest(['a0']), agents });
    expect(others).toEqual([]);
    expect(problem?.reason).toBe(`circular dependency: ${[...ids.slice(150), 'a150'].join(' -> ')}`);
  });

  it('counts approvals and agents that do not exist as tasks of the plan', () => {
    const listed = playbookForTest(['a', 'b']);
    const approval = {
      kind: 'approval',
      id: 'approval-x',
      prompt: '?',
      roles: [],
      onTimeout: 'reject',
    } as const;
    const playbook = { ...listed, nodes: [...listed.nodes, approval] };
    const agents = new Map([['a', agentForTest('a')]]);
    const judge = (planTasksMax: number) =>
      playbookProblems({
        playbook,
        agentClass: 'query',
        agents,
        limits: { ...noLimits, planTasksMax },
        path,
      });
    const missing = { field: `${field}.nodes[1]`, reason: 'agent b does not exist' };
    expect(judge(3)).toEqual([missing]);
    expect(judge(2)).toEqual([missing, { field, reason: 'The plan has more than 2 tasks' }]);
  });

  it('says nothing about single agents when reading them was cut short', () => {
    const limits = { ...definitionLimits, planTasksMax: 1 };
    const asked = { playbook: playbookForTest(['a', 'a']), agents: new Map(), limits, path };
    expect(playbookProblems({ ...asked, agentClass: 'query', agentsCut: true })).toEqual([
      { field: `${field}.nodes[1]`, reason: `repeats ${field}.nodes[0]` },
      { field, reason: 'The plan has more than 1 tasks' },
    ]);
  });
});

/** Ties by the definition: listed nodes by position; others by the first listed node that needs them, then by their shortest way there. */
function keyOf({ playbook, agents }: RandomGraph, id: string): readonly number[] {
  const at = playbook.nodes.findIndex((node) => node.id === id);
  if (at !== -1) return [at];
  for (const [position, { id: from }] of playbook.nodes.entries()) {
    const ways = new Map<string, readonly number[]>([[from, []]]);
    for (const [step, way] of ways) {
      for (const [place, next] of (agents.get(step)?.agentDependencies ?? []).entries()) {
        if (!ways.has(next)) ways.set(next, [...way, place]);
      }
    }
    const way = ways.get(id);
    if (way) return [position, ...way];
  }
  throw new Error(`${id} is needed by nobody`);
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((part, place) => part !== b[place]);
  if (at === -1) return a.length - b.length;
  return (a[at] ?? 0) - (b[at] ?? Number.NEGATIVE_INFINITY);
}

describe('the order of a plan', () => {
  it('is always the smallest by position in the playbook, then by place in agent_dependencies', () => {
    fc.assert(
      fc.property(acyclicGraphs(40), (graph) => {
        const left = new Map([...closureOf(graph)].map((id) => [id, keyOf(graph, id)]));
        const expected: string[] = [];
        while (left.size > 0) {
          const ready = [...left].filter(([id]) => !needsOf(graph, id).some((need) => left.has(need)));
          const [first] = ready.toSorted(([, a], [, b]) => compareKeys(a, b));
          expected.push(first?.[0] ?? '');
          left.delete(first?.[0] ?? '');
        }
        expect(planOf(graph).nodes.map(({ nodeId }) => nodeId)).toEqual(expected);
      }),
      { seed: 12, numRuns: 300 },
    );
  });
});
