// Rules of dependencies on random graphs of up to 200 agents: no false verdict, and every cycle that is named is one.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { GraphAgent } from './dependency-graph.ts';
import { dependencyProblems } from './dependency-rules.ts';

const agent = (agentId: string, agentDependencies: readonly string[] = []): GraphAgent => ({
  agentId,
  agentName: agentId,
  agentClass: 'query',
  agentDependencies,
});

const problems = (agentId: string, names: readonly string[], known: readonly GraphAgent[]) => {
  const dependencies = names.map((name, at) => ({ field: `agent_dependencies[${at}]`, name }));
  return dependencyProblems({ agentId, dependencies, known });
};

describe('dependencyProblems', () => {
  it('finds nothing wrong with diamonds', () => {
    const known = [agent('b', ['d']), agent('c', ['d']), agent('d')];
    expect(problems('a', ['b', 'c', 'd'], known)).toEqual([]);
    expect(problems('a', [], [])).toEqual([]);
  });

  it('names the shortest way back, self-dependency included', () => {
    const known = [agent('b', ['c', 'e']), agent('c', ['d']), agent('d', ['a']), agent('e', ['a'])];
    expect(problems('a', ['a', 'b'], known)).toEqual([
      { field: 'agent_dependencies[0]', reason: 'circular dependency: a -> a' },
      { field: 'agent_dependencies[1]', reason: 'circular dependency: a -> b -> e -> a' },
    ]);
  });

  it('takes the agent as it would be, not as it was', () => {
    expect(problems('a', ['b'], [agent('b', ['c']), agent('c'), agent('a', ['b'])])).toEqual([]);
  });

  it('tells a cycle through the agent once, also when it was there before', () => {
    const known = [agent('b', ['a']), agent('a', ['b'])];
    expect(problems('a', ['b'], known)).toEqual([
      { field: 'agent_dependencies[0]', reason: 'circular dependency: a -> b -> a' },
    ]);
  });

  it('names what does not exist, and a cycle further down', () => {
    const known = [agent('b', ['c']), agent('c', ['d']), agent('d', ['c', 'gone'])];
    expect(problems('a', ['b', 'nope'], known)).toEqual([
      { field: 'agent_dependencies[1]', reason: 'there is no such agent; name it by its agent_id' },
      { field: 'agent_dependencies', reason: 'circular dependency: c -> d -> c' },
    ]);
  });

  it('refuses more agents than can be walked', () => {
    const known = Array.from({ length: 2_001 }, (_, at) => agent(`a${at}`));
    expect(problems('a', ['a0'], known)).toEqual([
      { field: 'agent_dependencies', reason: 'must lead to at most 2000 agents, directly and indirectly' },
    ]);
  });

  const sizes = fc.integer({ min: 2, max: 200 });
  const graphs = sizes.chain((size) =>
    fc.record({
      size: fc.constant(size),
      edges: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 2 * size }),
    }),
  );
  const id = (place: number): string => `agent-${place}`;
  const settings = { seed: 17, numRuns: 500 };

  /** Agent 0 is the one that changes; an edge goes from dependent to dependency. */
  function judge(size: number, edges: readonly (readonly [number, number])[]) {
    const of = (place: number) => [
      ...new Set(edges.filter(([from]) => from === place).map(([, to]) => id(to))),
    ];
    const known = Array.from({ length: size }, (_, place) => agent(id(place), of(place)));
    return problems(id(0), of(0), known);
  }

  it('accepts every graph without a cycle', () => {
    fc.assert(
      fc.property(graphs, ({ size, edges }) => {
        const downwards = edges.filter(([from, to]) => from < to);
        expect(judge(size, downwards)).toEqual([]);
      }),
      settings,
    );
  });

  it('refuses exactly the graphs with a cycle, and names ways that are there', () => {
    let cyclic = 0;
    fc.assert(
      fc.property(graphs, ({ size, edges }) => {
        const found = judge(size, edges);
        expect(found.length > 0).toBe(hasCycle(size, edges));
        if (found.length > 0) cyclic += 1;
        const pairs = new Set(edges.map(([from, to]) => `${id(from)} -> ${id(to)}`));
        for (const { reason } of found) {
          const path = reason.replace('circular dependency: ', '').split(' -> ');
          expect(path.at(0)).toBe(path.at(-1));
          for (const [at, from] of path.slice(0, -1).entries())
            expect(pairs).toContain(`${from} -> ${path[at + 1]}`);
        }
      }),
      settings,
    );
    expect(cyclic).toBeGreaterThan(50);
    expect(cyclic).toBeLessThan(450);
  });
});

/** By taking away what depends on nothing until nothing is left, or nothing can be taken. */
function hasCycle(size: number, edges: readonly (readonly [number, number])[]): boolean {
  const left = new Set(Array.from({ length: size }, (_, place) => place));
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    for (const place of left) {
      if (!edges.some(([from, to]) => from === place && left.has(to))) left.delete(place);
    }
  }
  return left.size > 0;
}
