// Questions and commands: asked, answered with references that exist, listed and deleted.
import assert from 'node:assert/strict';
import { refused, refusedRaw, succeeded } from '../answers.ts';
import {
  ask,
  builtins,
  endedQuery,
  finishQuery,
  finishReport,
  makeDomain,
  openSession,
  playbook,
  readReport,
  sharedDomain,
  sharedQuery,
  sharedReport,
} from '../sample.ts';
import { startScriptedWorker } from '../scripted-worker.ts';
import { type Category, httpTest } from '../suite.ts';

const queries = '/api/v1/queries';
const query = '/api/v1/queries/{query_id}';
const forgedId = 'inc_01890a5d0c0c7aaa8aaa0123456789ab';

/** query-1 to query-6 of the specification. */
export const queryTests: Category = {
  name: 'queries',
  proves: '4.1–4.5, 8.4, E8.1–E8.4, D5.6',
  isDeployed: true,
  tests: [
    httpTest(['query-1', 'submit question', 'critical'], async (t) => {
      const domain_id = await sharedDomain(t);
      const session_id = await openSession(t, domain_id);
      const body = { session_id, domain_id, question: 'What is reported?' };
      const answer = await succeeded(202, (onHead) => t.as('editor').post(queries, { body, onHead }));
      t.later(`query ${answer.query_id}`, () =>
        t.as('editor').delete(query, { path: { query_id: answer.query_id } }),
      );
      assert.match(answer.query_id, /^qry_[0-9a-f]{32}$/);
      assert.deepEqual([answer.status, answer.session_id], ['accepted', session_id]);
      const ended = await endedQuery(t, answer.query_id);
      assert.deepEqual([ended.status, ended.job_id], ['completed', answer.job_id], ended.error ?? '');
      const place = ['POST', queries] as const;
      const { question: _, ...silent } = body;
      await refusedRaw(t.as('editor'), place, { status: 400, field: 'question', body: silent });
      const nowhere = { ...body, session_id: 'sess_01890a5d0c0c7aaa8aaa0123456789ab' };
      await refusedRaw(t.as('editor'), place, { status: 404, body: nowhere });
    }),
    httpTest(['query-2', 'submit command'], async (t) => {
      const domainId = await makeDomain(t);
      const { incidentId } = await finishReport(t, `A hydrant leaks, ${t.unique('case')}`, domainId);
      const sessionId = await openSession(t, domainId);
      const question = `Mark ${incidentId} as resolved because the valve was replaced`;
      const done = await finishQuery(t, { sessionId, domainId, question, mode: 'management' });
      assert.deepEqual(
        [done.status, done.mode, done.patches.length],
        ['completed', 'management', 1],
        done.error ?? '',
      );
      assert.deepEqual(
        done.references_used.map(({ reference_id }) => reference_id),
        [incidentId],
      );
      assert.equal((await readReport(t, incidentId)).status, 'resolved');
      const own = await openSession(t, domainId, { as: 'viewer' });
      const body = { session_id: own, domain_id: domainId, question, mode: 'management' as const };
      await refused(t.as('viewer').post(queries, { body }), 403);
    }),
    httpTest(['query-3', 'get result: summary, map_data, references_used', 'critical'], async (t) => {
      const { incidentId } = await sharedReport(t);
      const found = await sharedQuery(t);
      assert.equal(found.status, 'completed', found.error ?? '');
      assert.deepEqual(
        found.answers.map(({ agent_id }) => agent_id),
        builtins.query,
      );
      assert.match(found.summary ?? '', /\n\nSummary: /);
      const cited = found.references_used.find(({ reference_id }) => reference_id === incidentId);
      assert.ok(cited, 'The answer does not rest on the report that answers it');
      assert.ok(found.summary?.includes(incidentId));
      if (cited.location !== null) {
        const shown = found.map_data?.data.features.map(({ properties }) => properties.incident_id);
        assert.ok(shown?.includes(incidentId), 'map_data does not show a report that has a place');
      } else assert.ok(!found.references_used.some(({ location }) => location) === (found.map_data === null));
      assert.ok(found.completed_at !== null);
      const path = { query_id: found.query_id };
      await refused(t.as('other-user').get(query, { path }), 403);
      await refused(t.as('other-tenant').get(query, { path }), 404);
    }),
    httpTest(['query-4', 'list by session'], async (t) => {
      const found = await sharedQuery(t);
      const domainId = await sharedDomain(t);
      const elsewhere = await openSession(t, domainId);
      const { queryId } = await ask(t, { sessionId: elsewhere, domainId, question: 'Who reports?' });
      const listed = async (session_id: string) =>
        (await t.as('editor').get(queries, { query: { session_id } })).queries.map(
          ({ query_id }) => query_id,
        );
      assert.deepEqual(await listed(found.session_id), [found.query_id]);
      assert.deepEqual(await listed(elsewhere), [queryId]);
    }),
    httpTest(['query-5', 'delete'], async (t) => {
      const domainId = await sharedDomain(t);
      const sessionId = await openSession(t, domainId);
      const { query_id } = await finishQuery(t, { sessionId, domainId, question: 'Where is it?' });
      const path = { query_id };
      await refused(t.as('other-user').delete(query, { path }), 403);
      assert.equal((await t.as('editor').delete(query, { path })).query_id, query_id);
      await refused(t.as('editor').get(query, { path }), 404);
    }),
    httpTest(['query-6', 'forged reference is dropped'], async (t) => {
      const output = { summary: 'Two reports' };
      let references: readonly string[] = [];
      const worker = await startScriptedWorker(t, () => ({ output, references }));
      const domainId = await makeDomain(t, { query_playbook: playbook([await worker.agent()]) });
      const { incidentId } = await finishReport(t, `A tree fell, ${t.unique('case')}`, domainId);
      const elsewhere = (await sharedReport(t)).incidentId;
      references = [forgedId, incidentId, elsewhere];
      const sessionId = await openSession(t, domainId);
      const done = await finishQuery(t, { sessionId, domainId, question: 'What is reported?' });
      assert.equal(done.status, 'completed', done.error ?? '');
      assert.deepEqual(
        done.references_used.map(({ reference_id }) => reference_id),
        [incidentId],
      );
      const rejected = done.references_rejected.map(({ reference_id }) => reference_id);
      assert.deepEqual(rejected.toSorted(), [forgedId, elsewhere].toSorted());
      assert.ok(!done.summary?.includes(forgedId));
      await worker.stop();
    }),
  ],
};
