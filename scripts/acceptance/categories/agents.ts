// Agents: listed, created, read, changed and deleted, within the rules of definitions.
import assert from 'node:assert/strict';
import { refused, refusedRaw, sent, succeeded } from '../answers.ts';
import {
  agentDocument,
  builtins,
  makeAgent,
  makeDomain,
  playbook,
  removeAgentLater,
  stored,
} from '../sample.ts';
import { type Category, httpTest, type TestContext } from '../suite.ts';

const agents = '/api/v1/agents';
const agent = '/api/v1/agents/{agent_id}';
const classes = ['ingestion', 'query', 'management'] as const;
const unknownId = 'agent-01890a5d0c0c7aaa8aaa0123456789ab';

async function listed(t: TestContext, agent_class?: (typeof classes)[number]) {
  const query = { limit: 100, ...(agent_class && { agent_class }) };
  return Array.fromAsync(t.as('editor').pages(agents, { query }));
}

const readAgent = (t: TestContext, agent_id: string) => t.as('editor').get(agent, { path: { agent_id } });

/** agent-1 to agent-11 of the specification. */
export const agentTests: Category = {
  name: 'agents',
  proves: '1.1–1.5, 8.1, 9.3, 11.2, 11.4, 12.1–12.5, D5.2',
  isDeployed: true,
  tests: [
    httpTest(['agent-1', 'list all', 'critical'], async (t) => {
      const agentId = await makeAgent(t);
      const rows = await listed(t);
      const builtin = rows.filter(({ is_inbuilt }) => is_inbuilt).map(({ agent_id }) => agent_id);
      assert.deepEqual(builtin.toSorted(), Object.values(builtins).flat().toSorted());
      const own = rows.find(({ agent_id }) => agent_id === agentId);
      assert.equal(own?.created_by_me, true, 'What was just created is not listed as one’s own');
      assert.ok(rows.every(({ version }) => version >= 1));
    }),
    httpTest(['agent-2', 'list by class'], async (t) => {
      for (const agentClass of classes) {
        const agentId = await makeAgent(t, { agent_class: agentClass });
        const rows = await listed(t, agentClass);
        assert.deepEqual([...new Set(rows.map(({ agent_class }) => agent_class))], [agentClass]);
        assert.ok(rows.some(({ agent_id }) => agent_id === agentId));
      }
    }),
    httpTest(['agent-3', 'create', 'critical'], async (t) => {
      for (const agentClass of classes) {
        const body = agentDocument(t, { agent_class: agentClass });
        const answer = await succeeded(201, (onHead) => t.as('editor').post(agents, { body, onHead }));
        const created = stored(answer);
        removeAgentLater(t, created.agent_id);
        const { agent_name, agent_class, version, is_inbuilt } = created;
        assert.deepEqual(
          { agent_name, agent_class, version, is_inbuilt },
          { agent_name: body.agent_name, agent_class: agentClass, version: 1, is_inbuilt: false },
        );
        assert.match(created.agent_id, /^agent-[0-9a-f]{32}$/);
        assert.ok(
          created.id && created.created_by && created.updated_at && Date.parse(created.created_at) > 0,
        );
      }
    }),
    httpTest(['agent-4', 'get with dependency_graph'], async (t) => {
      const first = await makeAgent(t);
      const second = await makeAgent(t, { agent_dependencies: [first] });
      const third = await makeAgent(t, { agent_dependencies: [second, 'builtin-query-what'] });
      const { dependency_graph: graph } = await readAgent(t, third);
      const edges = graph.edges.map(({ from, to }) => `${from} ${to}`).toSorted();
      assert.deepEqual(
        edges,
        [`${first} ${second}`, `${second} ${third}`, `builtin-query-what ${third}`].toSorted(),
      );
      const nodes = graph.nodes.map(({ id }) => id).toSorted();
      assert.deepEqual(nodes, [first, second, third, 'builtin-query-what'].toSorted());
    }),
    httpTest(['agent-5', 'update, version up'], async (t) => {
      const agent_id = await makeAgent(t);
      const before = await readAgent(t, agent_id);
      const body = { description: 'Changed' };
      const saved = stored(await t.as('editor').put(agent, { path: { agent_id }, body }));
      assert.deepEqual([saved.version, saved.description], [2, 'Changed']);
      const after = await readAgent(t, agent_id);
      assert.equal(after.version, 2);
      assert.ok(Date.parse(after.updated_at) > Date.parse(before.updated_at), 'updated_at did not move');
      assert.equal(after.created_at, before.created_at);
      await refused(t.as('viewer').put(agent, { path: { agent_id }, body }), 403);
    }),
    httpTest(['agent-6', 'delete'], async (t) => {
      const path = { agent_id: await makeAgent(t) };
      await refused(t.as('viewer').delete(agent, { path }), 403);
      assert.equal((await t.as('editor').delete(agent, { path })).agent_id, path.agent_id);
      await refused(t.as('editor').get(agent, { path }), 404);
    }),
    httpTest(['agent-7', 'bad class 400'], async (t) => {
      const body = { ...agentDocument(t), agent_class: 'hammer' };
      await refusedRaw(t.as('editor'), ['POST', agents], { status: 400, field: 'agent_class', body });
      const listing = ['GET', `${agents}?agent_class=hammer`] as const;
      await refusedRaw(t.as('editor'), listing, { status: 400, field: 'agent_class' });
      const { agent_name: _, ...nameless } = agentDocument(t);
      await refusedRaw(t.as('editor'), ['POST', agents], {
        status: 400,
        field: 'agent_name',
        body: nameless,
      });
    }),
    httpTest(['agent-8', 'over 5 keys 400'], async (t) => {
      const keys = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => [key, { type: 'string' }]));
      for (const output_schema of [{ type: 'object', properties: keys }, keys]) {
        const body = agentDocument(t, { output_schema });
        await refusedRaw(t.as('editor'), ['POST', agents], { status: 400, field: 'output_schema', body });
      }
      const { f: _, ...five } = keys;
      await makeAgent(t, { output_schema: five });
    }),
    httpTest(['agent-9', 'unknown 404'], async (t) => {
      const path = { agent_id: unknownId };
      const unknown = await refused(t.as('editor').get(agent, { path }), 404);
      await refused(t.as('editor').put(agent, { path, body: { description: 'x' } }), 404);
      await refused(t.as('editor').delete(agent, { path }), 404);
      const foreign = { path: { agent_id: await makeAgent(t) } };
      const hidden = await refused(t.as('other-tenant').get(agent, foreign), 404);
      assert.equal(hidden.message, unknown.message, 'A foreign agent does not look like an unknown one');
    }),
    httpTest(['agent-10', 'builtin write 403'], async (t) => {
      const path = { agent_id: 'builtin-query-what' };
      await refused(t.as('admin').put(agent, { path, body: { description: 'Mine' } }), 403);
      await refused(t.as('admin').delete(agent, { path }), 403);
      assert.equal((await readAgent(t, path.agent_id)).is_inbuilt, true);
    }),
    httpTest(['agent-11', 'delete in use 409'], async (t) => {
      const [used, needed] = [await makeAgent(t), await makeAgent(t)];
      const user = await makeAgent(t, { agent_dependencies: [needed] });
      const domainId = await makeDomain(t, { query_playbook: playbook([used]) });
      for (const [agentId, name] of [
        [used, domainId],
        [needed, user],
      ] as const) {
        const answer = await sent(t.as('admin'), ['DELETE', `${agents}/${agentId}`]);
        assert.equal(answer.status, 409);
        const { used_by = [] } = answer.body;
        assert.ok(
          used_by.some((text) => text.includes(name)),
          `used_by names ${used_by.join()}, not ${name}`,
        );
        await readAgent(t, agentId);
      }
    }),
  ],
};
