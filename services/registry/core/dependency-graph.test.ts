// The graph that is shown with an agent.
import { describe, expect, it } from '@jest/globals';
import { dependencyGraph, type GraphAgent } from './dependency-graph.ts';

const agent = (agentId: string, agentDependencies: string[] = []): GraphAgent => ({
  agentId,
  agentName: agentId.toUpperCase(),
  agentClass: 'query',
  agentDependencies,
});

describe('dependencyGraph', () => {
  it('holds each agent and each edge once, from near to far, in the direction of execution', () => {
    const graph = dependencyGraph(agent('a', ['b', 'c']), [
      agent('d'),
      agent('c', ['d', 'd']),
      agent('b', ['d']),
      agent('unrelated'),
    ]);
    expect(graph.nodes.map(({ id, label }) => [id, label])).toEqual([
      ['a', 'A'],
      ['b', 'B'],
      ['c', 'C'],
      ['d', 'D'],
    ]);
    expect(graph.edges).toEqual([
      { from: 'b', to: 'a' },
      { from: 'c', to: 'a' },
      { from: 'd', to: 'b' },
      { from: 'd', to: 'c' },
    ]);
  });

  it('leaves out dependencies that are gone', () => {
    expect(dependencyGraph(agent('a', ['gone']), [])).toMatchObject({ nodes: [{ id: 'a' }], edges: [] });
  });

  it('ends on a cycle', () => {
    const graph = dependencyGraph(agent('a', ['b']), [agent('b', ['a']), agent('a', ['b'])]);
    expect(graph.nodes).toHaveLength(2);
    expect(graph.edges).toHaveLength(2);
  });
});
