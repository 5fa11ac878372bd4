// Sessions: each user's own, with their messages.
import assert from 'node:assert/strict';
import { refused, refusedRaw, succeeded } from '../answers.ts';
import { openSession, sharedDomain, sharedQuery } from '../sample.ts';
import { type Category, httpTest } from '../suite.ts';

const sessions = '/api/v1/sessions';
const session = '/api/v1/sessions/{session_id}';

/** session-1 to session-6 of the specification. */
export const sessionTests: Category = {
  name: 'sessions',
  proves: '5.1–5.5, 8.3, 11.3, E9.7, P2.2, D5.5',
  isDeployed: true,
  tests: [
    httpTest(['session-1', 'create', 'critical'], async (t) => {
      const viewer = t.as('viewer');
      const domain_id = await sharedDomain(t);
      const answer = await succeeded(201, (onHead) => viewer.post(sessions, { body: { domain_id }, onHead }));
      const path = { session_id: answer.session_id };
      t.later(`session ${answer.session_id}`, () => viewer.delete(session, { path }));
      assert.match(answer.session_id, /^sess_[0-9a-f]{32}$/);
      assert.deepEqual([answer.domain_id, answer.title], [domain_id, 'New Session']);
      assert.ok(answer.id && answer.created_at && answer.updated_at);
      const place = ['POST', sessions] as const;
      await refusedRaw(viewer, place, { status: 400, field: 'domain_id', body: {} });
      await refusedRaw(viewer, place, { status: 404, body: { domain_id: 'no_such_domain' } });
    }),
    httpTest(['session-2', 'list'], async (t) => {
      const query = await sharedQuery(t);
      const other = await openSession(t, await sharedDomain(t), { as: 'other-user' });
      const rows = await Array.fromAsync(t.as('editor').pages(sessions, { query: { limit: 100 } }));
      const own = rows.find(({ session_id }) => session_id === query.session_id);
      assert.equal(own?.message_count, 2);
      assert.ok(Date.parse(own?.last_activity ?? '') >= Date.parse(own?.created_at ?? ''));
      assert.ok(!rows.some(({ session_id }) => session_id === other), 'Another user’s session is listed');
    }),
    httpTest(['session-3', 'get with messages'], async (t) => {
      const query = await sharedQuery(t);
      const path = { session_id: query.session_id };
      const { messages, title } = await t.as('editor').get(session, { path });
      assert.ok(title.includes(t.prefix));
      assert.deepEqual(
        messages.map(({ role, content }) => [role, content]),
        [
          ['user', query.question],
          ['assistant', query.summary],
        ],
      );
      const { metadata } = messages[1] ?? assert.fail('There is no answer');
      assert.equal(metadata.query_id, query.query_id);
      const told = metadata.references?.map(({ reference_id }) => reference_id);
      assert.deepEqual(
        told,
        query.references_used.map(({ reference_id }) => reference_id),
      );
    }),
    httpTest(['session-4', 'update'], async (t) => {
      const path = { session_id: await openSession(t, await sharedDomain(t)) };
      const title = t.unique('Renamed');
      assert.equal((await t.as('editor').put(session, { path, body: { title } })).title, title);
      assert.equal((await t.as('editor').get(session, { path })).title, title);
      const place = ['PUT', `${sessions}/${path.session_id}`] as const;
      await refusedRaw(t.as('editor'), place, { status: 400, body: {} });
    }),
    httpTest(['session-5', 'delete with messages'], async (t) => {
      const domain_id = await sharedDomain(t);
      const session_id = await openSession(t, domain_id);
      const question = 'Which lamps are out?';
      const body = { session_id, domain_id, question };
      const { query_id } = await t.as('editor').post('/api/v1/queries', { body });
      t.later(`query ${query_id}`, () =>
        t.as('editor').delete('/api/v1/queries/{query_id}', { path: { query_id } }),
      );
      const path = { session_id };
      assert.equal((await t.as('editor').delete(session, { path })).session_id, session_id);
      await refused(t.as('editor').get(session, { path }), 404);
      await refused(t.as('editor').put(session, { path, body: { title: 'Back' } }), 404);
      await refused(t.as('editor').post('/api/v1/queries', { body }), 404);
    }),
    httpTest(['session-6', 'other user’s 403'], async (t) => {
      const domain_id = await sharedDomain(t);
      const session_id = await openSession(t, domain_id);
      const path = { session_id };
      for (const name of ['other-user', 'admin'] as const) {
        await refused(t.as(name).get(session, { path }), 403);
        await refused(t.as(name).put(session, { path, body: { title: 'Mine' } }), 403);
        await refused(t.as(name).delete(session, { path }), 403);
        const body = { session_id, domain_id, question: 'Mine?' };
        await refused(t.as(name).post('/api/v1/queries', { body }), 403);
      }
      await refused(t.as('other-tenant').get(session, { path }), 404);
    }),
  ],
};
