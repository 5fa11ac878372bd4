// Domains: listed, created, read, changed and deleted; what a playbook names must exist.
import assert from 'node:assert/strict';
import { refused, refusedRaw, succeeded } from '../answers.ts';
import {
  builtins,
  domainDocument,
  makeAgent,
  makeDomain,
  playbook,
  readDomain,
  removeDomainLater,
  stored,
} from '../sample.ts';
import { type Category, httpTest } from '../suite.ts';

const domains = '/api/v1/domains';
const domain = '/api/v1/domains/{domain_id}';

/** domain-1 to domain-7 of the specification. */
export const domainTests: Category = {
  name: 'domains',
  proves: '2.1–2.5, 12.1, D5.3',
  isDeployed: true,
  tests: [
    httpTest(['domain-1', 'list', 'critical'], async (t) => {
      const domainId = await makeDomain(t);
      const rows = await Array.fromAsync(t.as('editor').pages(domains, { query: { limit: 100 } }));
      const own = rows.find(({ domain_id }) => domain_id === domainId);
      assert.equal(own?.created_by_me, true, 'What was just created is not listed as one’s own');
      assert.ok(
        rows.some(({ domain_id }) => domain_id === 'civic_complaints'),
        'The sample domain is missing',
      );
      const page = await t.as('viewer').get(domains, { query: { limit: 1, page: 1 } });
      assert.deepEqual([page.domains.length, page.pagination.limit], [1, 1]);
    }),
    httpTest(['domain-2', 'create', 'critical'], async (t) => {
      const body = domainDocument(t, { description: 'Made by a test' });
      const answer = await succeeded(201, (onHead) => t.as('editor').post(domains, { body, onHead }));
      removeDomainLater(t, body.domain_id);
      const created = stored(answer);
      assert.deepEqual([created.domain_id, created.version], [body.domain_id, 1]);
      assert.ok(created.id && created.created_at && created.updated_at && created.created_by);
      await refused(t.as('viewer').post(domains, { body: domainDocument(t) }), 403);
    }),
    httpTest(['domain-3', 'get'], async (t) => {
      const wanted = domainDocument(t);
      await makeDomain(t, wanted);
      const found = await readDomain(t, wanted.domain_id);
      for (const name of ['ingestion_playbook', 'query_playbook', 'management_playbook'] as const) {
        assert.deepEqual(found[name].agent_execution_graph, wanted[name].agent_execution_graph);
      }
      assert.equal(found.version, 1);
      await refused(t.as('viewer').get(domain, { path: { domain_id: 'no_such_domain' } }), 404);
      await refused(t.as('other-tenant').get(domain, { path: { domain_id: wanted.domain_id } }), 404);
    }),
    httpTest(['domain-4', 'update'], async (t) => {
      const domain_id = await makeDomain(t);
      const before = await readDomain(t, domain_id);
      const query_playbook = playbook(['builtin-query-what']);
      const body = { domain_name: 'Renamed', query_playbook };
      const saved = stored(await t.as('editor').put(domain, { path: { domain_id }, body }));
      assert.deepEqual([saved.version, saved.domain_name], [2, 'Renamed']);
      const after = await readDomain(t, domain_id);
      assert.deepEqual(after.query_playbook.agent_execution_graph.nodes, ['builtin-query-what']);
      assert.deepEqual(after.ingestion_playbook, before.ingestion_playbook);
      assert.ok(Date.parse(after.updated_at) > Date.parse(before.updated_at), 'updated_at did not move');
    }),
    httpTest(['domain-5', 'delete'], async (t) => {
      const path = { domain_id: await makeDomain(t) };
      assert.equal((await t.as('editor').delete(domain, { path })).domain_id, path.domain_id);
      await refused(t.as('editor').get(domain, { path }), 404);
      await refused(t.as('admin').delete(domain, { path: { domain_id: 'civic_complaints' } }), 403);
    }),
    httpTest(['domain-6', 'unknown agent 400'], async (t) => {
      const unknown = 'agent-01890a5d0c0c7aaa8aaa0123456789ab';
      const foreign = await makeAgent(t);
      const body = domainDocument(t, { query_playbook: playbook(['builtin-query-what', unknown]) });
      await refusedRaw(t.as('editor'), ['POST', domains], { status: 400, field: 'query_playbook', body });
      const theirs = domainDocument(t, { query_playbook: playbook([foreign]) });
      const expected = { status: 400, field: 'query_playbook', body: theirs };
      await refusedRaw(t.as('other-tenant'), ['POST', domains], expected);
      await refused(t.as('viewer').get(domain, { path: { domain_id: body.domain_id } }), 404);
    }),
    httpTest(['domain-7', 'duplicate 409'], async (t) => {
      const domain_id = await makeDomain(t);
      const again = domainDocument(t, { domain_id, ingestion_playbook: playbook([...builtins.ingestion]) });
      await refused(t.as('editor').post(domains, { body: again }), 409);
      const builtin = domainDocument(t, { domain_id: 'civic_complaints' });
      await refused(t.as('editor').post(domains, { body: builtin }), 409);
      assert.equal((await readDomain(t, domain_id)).version, 1);
    }),
  ],
};
