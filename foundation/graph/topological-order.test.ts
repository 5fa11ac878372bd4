// Topological orders over random graphs: no cyclic graph passes, no acyclic one is refused, and ties fall to the smaller number.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { topologicalOrder } from './topological-order.ts';

type Graph = readonly (readonly number[])[];

/** Any graph of up to 12 nodes, self-loops included. */
const anyGraph: fc.Arbitrary<Graph> = fc.integer({ min: 0, max: 12 }).chain((size) =>
  fc.array(fc.uniqueArray(fc.nat(Math.max(size - 1, 0)), { maxLength: Math.min(size, 3) }), {
    minLength: size,
    maxLength: size,
  }),
);

/** A graph without cycles: parents come earlier in a random order of the nodes. */
const acyclicGraph: fc.Arbitrary<Graph> = fc
  .integer({ min: 1, max: 30 })
  .chain((size) =>
    fc.tuple(
      fc.shuffledSubarray([...Array(size).keys()], { minLength: size }),
      fc.array(fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { maxLength: 4 }), {
        minLength: size,
        maxLength: size,
      }),
    ),
  )
  .map(([shuffled, picks]) => {
    const parentsOf: number[][] = shuffled.map(() => []);
    for (const [at, node] of shuffled.entries()) {
      const earlier = (picks[at] ?? []).map((pick) => shuffled[Math.floor(pick * at)] ?? 0);
      parentsOf[node] = at === 0 ? [] : [...new Set(earlier)];
    }
    return parentsOf;
  });

/** The definition itself: again and again the smallest node whose parents are all placed. */
function slowOrder(parentsOf: Graph): number[] | undefined {
  const order: number[] = [];
  while (order.length < parentsOf.length) {
    const next = parentsOf.findIndex(
      (parents, node) => !order.includes(node) && parents.every((parent) => order.includes(parent)),
    );
    if (next === -1) return undefined;
    order.push(next);
  }
  return order;
}

const settings = { seed: 11, numRuns: 500 };

describe('topologicalOrder', () => {
  it('orders every acyclic graph as the definition says', () => {
    fc.assert(
      fc.property(acyclicGraph, (graph) => {
        expect(topologicalOrder(graph)).toEqual({ order: slowOrder(graph) });
      }),
      settings,
    );
  });

  it('gives the right verdict on any graph, and the cycle that it names exists', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const ordering = topologicalOrder(graph);
        const order = slowOrder(graph);
        if ('order' in ordering) return expect(ordering.order).toEqual(order);
        expect(order).toBeUndefined();
        const { cycle } = ordering;
        expect(new Set(cycle).size).toBe(cycle.length);
        expect(cycle[0]).toBe(Math.min(...cycle));
        for (const [at, node] of cycle.entries()) {
          expect(graph[node]).toContain(cycle[(at + 1) % cycle.length]);
        }
      }),
      settings,
    );
  });

  it('finds the cycle behind nodes that only depend on it', () => {
    expect(topologicalOrder([[1], [2], [3], [2]])).toEqual({ cycle: [2, 3] });
    expect(topologicalOrder([[0]])).toEqual({ cycle: [0] });
    expect(topologicalOrder([])).toEqual({ order: [] });
  });

  it('orders a chain of 20,000 nodes', () => {
    const chain = Array.from({ length: 20_000 }, (_unused, node) => (node < 19_999 ? [node + 1] : []));
    const ordering = topologicalOrder(chain);
    expect('order' in ordering && ordering.order[0]).toBe(19_999);
  });
});
