// Graphs: what agents depend on and what playbooks wire must be free of cycles and name only what exists.
import assert from 'node:assert/strict';
import type { NewAgent } from '../../../clients/api/gen/api-types.ts';
import { refused } from '../answers.ts';
import { builtins, domainDocument, makeAgent, playbook } from '../sample.ts';
import { type Category, httpTest, type TestContext } from '../suite.ts';

const agent = '/api/v1/agents/{agent_id}';
const unknownId = 'agent-01890a5d0c0c7aaa8aaa0123456789ab';

const dependOn = (t: TestContext, agent_id: string, agent_dependencies: string[]) =>
  t.as('editor').put(agent, { path: { agent_id }, body: { agent_dependencies } });

/** Ids of agents each of which depends on the one before. */
async function chain(
  t: TestContext,
  length: number,
  more: Partial<NewAgent> = {},
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let at = 0; at < length; at += 1) {
    ids.push(await makeAgent(t, { ...more, agent_dependencies: ids.slice(-1) }));
  }
  return ids;
}

type Edges = readonly (readonly [number, number])[];

/** Judges a query playbook over these agents without storing it; edges by their places. */
async function judge(t: TestContext, agents: readonly string[], edges: Edges) {
  const named = edges.map(([from, to]) => [agents[from] ?? '', agents[to] ?? ''] as const);
  const body = domainDocument(t, { query_playbook: playbook([...agents], named) });
  const answer = await t.as('editor').post('/api/v1/domains', { body, query: { validate_only: 'true' } });
  assert.ok('valid' in answer, 'The domain was stored and not only judged');
  return answer;
}

async function refusesPlaybook(t: TestContext, agents: readonly string[], edges: Edges, pattern: RegExp) {
  const { valid, details } = await judge(t, agents, edges);
  assert.equal(valid, false, `The playbook with ${edges.join(' ')} was taken`);
  const told = details.map(({ field, reason }) => `${field} ${reason}`).join('; ');
  assert.match(told, /query_playbook/);
  assert.match(told, pattern);
}

/** Shapes of playbooks over agents that depend on nothing. */
const shapes: readonly {
  readonly name: string;
  readonly count: number;
  readonly edges: Edges;
  readonly fault?: RegExp;
}[] = [
  { name: 'empty', count: 0, edges: [], fault: /nodes/ },
  { name: 'one agent', count: 1, edges: [] },
  {
    name: 'linear',
    count: 3,
    edges: [
      [0, 1],
      [1, 2],
    ],
  },
  { name: 'parallel', count: 3, edges: [] },
  {
    name: 'diamond',
    count: 4,
    edges: [
      [0, 1],
      [0, 2],
      [1, 3],
      [2, 3],
    ],
  },
  {
    name: '2-cycle',
    count: 2,
    edges: [
      [0, 1],
      [1, 0],
    ],
    fault: /circular dependency: (\S+) -> \S+ -> \1/,
  },
  {
    name: '3-cycle',
    count: 3,
    edges: [
      [0, 1],
      [1, 2],
      [2, 0],
    ],
    fault: /circular dependency: (\S+) -> \S+ -> \S+ -> \1/,
  },
  { name: 'self', count: 1, edges: [[0, 0]], fault: /circular dependency: (\S+) -> \1/ },
];

/** graph-1 to graph-7 of the specification. */
export const graphTests: Category = {
  name: 'graph',
  proves: '9.1, 9.2, 9.4, V1–V12',
  isDeployed: false,
  tests: [
    httpTest(['graph-1', 'valid dependency'], async (t) => {
      const [first = '', second = ''] = await chain(t, 2);
      const { agent_dependencies } = await t.as('editor').get(agent, { path: { agent_id: second } });
      assert.deepEqual(agent_dependencies, [first]);
    }),
    httpTest(['graph-2', 'chain'], async (t) => {
      const ids = await chain(t, 4);
      const path = { agent_id: ids.at(-1) ?? '' };
      const { dependency_graph: graph } = await t.as('editor').get(agent, { path });
      assert.deepEqual(graph.nodes.map(({ id }) => id).toSorted(), ids.toSorted());
      assert.equal(graph.edges.length, 3);
      const { plan } = await judge(t, ids.slice(-1), []);
      assert.deepEqual(
        plan.query?.nodes.map(({ node_id }) => node_id),
        ids,
      );
    }),
    httpTest(['graph-3', 'cycle on update 400 with path', 'critical'], async (t) => {
      const ids = await chain(t, 3);
      const [first = '', , third = ''] = ids;
      const { message } = await refused(dependOn(t, first, [third]), 400);
      const [, way = ''] = /circular dependency: ((?:\S+ -> )+\S+)/.exec(message) ?? [];
      const names = way.split(' -> ');
      assert.deepEqual([...new Set(names)].toSorted(), ids.toSorted(), `The way is not named: ${message}`);
      assert.equal(names[0], names.at(-1));
      const own = await refused(dependOn(t, first, [first]), 400);
      assert.ok(own.message.includes(`circular dependency: ${first} -> ${first}`), own.message);
      assert.equal((await t.as('editor').get(agent, { path: { agent_id: first } })).version, 1);
    }),
    httpTest(['graph-4', 'unknown dependency 400'], async (t) => {
      const agentId = await makeAgent(t);
      const { violations } = await refused(dependOn(t, agentId, ['builtin-query-what', unknownId]), 400);
      assert.deepEqual(
        violations.map(({ field }) => field),
        ['agent_dependencies[1]'],
      );
    }),
    httpTest(['graph-5', 'union cycle in a playbook 400'], async (t) => {
      const ids = await chain(t, 2);
      await refusesPlaybook(t, ids, [[1, 0]], /circular dependency: (\S+) -> \S+ -> \1/);
      assert.equal((await judge(t, ids, [[0, 1]])).valid, true);
    }),
    httpTest(['graph-6', 'duplicate node or edge, wrong class, disabled agent 400'], async (t) => {
      const [first = '', second = ''] = [await makeAgent(t), await makeAgent(t)];
      await refusesPlaybook(t, [first, first], [], /nodes\[1\]/);
      await refusesPlaybook(
        t,
        [first, second],
        [
          [0, 1],
          [0, 1],
        ],
        /edges\[1\]/,
      );
      await refusesPlaybook(t, [builtins.ingestion[0] ?? ''], [], /nodes\[0\]/);
      await refusesPlaybook(t, [first], [[0, 9]], /edges\[0\]/);
      const off = await makeAgent(t, { enabled: false });
      await refusesPlaybook(t, [first, off], [], /nodes\[1\]/);
      const needsOff = await makeAgent(t, { agent_dependencies: [off] });
      await refusesPlaybook(t, [needsOff], [], new RegExp(off));
    }),
    httpTest(['graph-7', 'empty, linear, parallel, diamond, 2- and 3-cycle, self'], async (t) => {
      const pool = [await makeAgent(t), await makeAgent(t), await makeAgent(t), await makeAgent(t)];
      for (const { name, count, edges, fault } of shapes) {
        const agents = pool.slice(0, count);
        if (fault) await refusesPlaybook(t, agents, edges, fault);
        else assert.equal((await judge(t, agents, edges)).valid, true, `The playbook ${name} is refused`);
      }
    }),
  ],
};
