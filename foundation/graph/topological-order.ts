// Orders a graph so that every node comes after its parents, or names a cycle. Nodes are numbers, and smaller ones come first where
// the graph leaves a choice (Kahn's algorithm with a heap: linear in nodes and edges but for the heap's logarithm).
import { createMinHeap } from './min-heap.ts';

/** An order of all nodes, or a cycle in the direction from node to parent. */
export type Ordering =
  | { readonly order: readonly number[] }
  /** Each node once, beginning with the smallest; the last has the first as parent. */
  | { readonly cycle: readonly number[] };

/** Orders the nodes 0, 1, 2 …; `parentsOf[n]` are the parents of n, each once and each a node. */
export function topologicalOrder(parentsOf: readonly (readonly number[])[]): Ordering {
  const childrenOf: number[][] = parentsOf.map(() => []);
  const waitingFor = parentsOf.map((parents) => parents.length);
  const ready = createMinHeap();
  for (const [node, parents] of parentsOf.entries()) {
    for (const parent of parents) childrenOf[parent]?.push(node);
    if (parents.length === 0) ready.push(node);
  }
  const order: number[] = [];
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    order.push(node);
    for (const child of childrenOf[node] ?? []) {
      const waiting = (waitingFor[child] ?? 0) - 1;
      waitingFor[child] = waiting;
      if (waiting === 0) ready.push(child);
    }
  }
  if (order.length === parentsOf.length) return { order };
  return { cycle: findCycle(parentsOf, (node) => (waitingFor[node] ?? 0) > 0) };
}

/** Cycles as `topologicalOrder` names them, of which no two share a node; without their nodes the graph has an order. */
export function disjointCycles(parentsOf: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const cycles: (readonly number[])[] = [];
  for (let rest = parentsOf; ; ) {
    const ordering = topologicalOrder(rest);
    if ('order' in ordering) return cycles;
    cycles.push(ordering.cycle);
    const gone = new Set(ordering.cycle);
    rest = rest.map((parents, node) => (gone.has(node) ? [] : parents.filter((parent) => !gone.has(parent))));
  }
}

/** The sentence for a cycle; each name depends on the next one, and the last on the first. */
export function circularDependency(cycle: readonly string[]): string {
  return `circular dependency: ${[...cycle, ...cycle.slice(0, 1)].join(' -> ')}`;
}

/** Every node that could not be ordered has a parent that could not either, so walking up ends in a cycle. */
function findCycle(
  parentsOf: readonly (readonly number[])[],
  isLeft: (node: number) => boolean,
): readonly number[] {
  const stepOf = new Map<number, number>();
  const walk: number[] = [];
  let node = parentsOf.findIndex((_parents, candidate) => isLeft(candidate));
  while (!stepOf.has(node)) {
    stepOf.set(node, walk.length);
    walk.push(node);
    node = Math.min(...(parentsOf[node] ?? []).filter(isLeft));
  }
  const cycle = walk.slice(stepOf.get(node));
  const first = cycle.indexOf(Math.min(...cycle));
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}
