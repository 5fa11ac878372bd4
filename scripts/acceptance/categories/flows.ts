// Whole ways of a user through the product.
import assert from 'node:assert/strict';
import type { Query } from '../../../clients/api/gen/api-types.ts';
import { finishQuery, finishReport, makeDomain, openSession, readReport } from '../sample.ts';
import { type Category, httpTest, type TestContext, waits } from '../suite.ts';
import { waitFor } from '../wait.ts';

interface Flow {
  readonly domainId: string;
  readonly sessionId: string;
  readonly incidentId: string;
}

/** A domain with one report, which has a place, and a session about it. */
function startedFlow(t: TestContext): Promise<Flow> {
  return t.shared('flow', async () => {
    const domainId = await makeDomain(t);
    const text = `A water main is leaking in Boston, Massachusetts since Monday, ${t.unique('case')}`;
    const { incidentId, report } = await finishReport(t, text, domainId);
    assert.equal(report.status, 'completed', report.error ?? '');
    return { domainId, incidentId, sessionId: await openSession(t, domainId) };
  });
}

function askedFlow(t: TestContext): Promise<Query> {
  return t.shared('flow answer', async () => {
    const { domainId, sessionId } = await startedFlow(t);
    return finishQuery(t, { sessionId, domainId, question: 'Where are water mains leaking?' });
  });
}

/** flow-1 to flow-3 of the specification. */
export const flowTests: Category = {
  name: 'flows',
  proves: '3.1, 3.2, 4.1–4.3, 5.2, 6.1, E8.1–E9.7',
  isDeployed: false,
  tests: [
    httpTest(['flow-1', 'report, poll, filled ingestion_data, on the map'], async (t) => {
      const { domainId, incidentId } = await startedFlow(t);
      const { ingestion_data } = await readReport(t, incidentId);
      for (const key of ['geo_location', 'timestamp', 'complaint_type'])
        assert.ok(ingestion_data[key] !== undefined, `ingestion_data has no ${key}`);
      const { coordinates: [longitude = 0, latitude = 0] = [] } = ingestion_data.geo_location as {
        readonly coordinates?: readonly number[];
      };
      const bounds = [longitude - 0.1, latitude - 0.1, longitude + 0.1, latitude + 0.1].join();
      await waitFor({
        what: 'That the report is on the map',
        read: () => t.as('viewer').get('/api/v1/data/geo', { query: { domain_id: domainId, bounds } }),
        isDone: ({ features }) =>
          features.some(
            ({ properties }) => 'incident_id' in properties && properties.incident_id === incidentId,
          ),
        timeoutMs: waits.report,
        signal: t.signal,
      });
    }),
    httpTest(
      ['flow-2', 'session, question, poll, summary, map, references, log, assistant message'],
      async (t) => {
        const [{ sessionId, incidentId }, answer] = [await startedFlow(t), await askedFlow(t)];
        assert.equal(answer.status, 'completed', answer.error ?? '');
        assert.ok(answer.summary?.includes(incidentId), answer.summary ?? 'There is no summary');
        assert.deepEqual(
          answer.references_used.map(({ reference_id }) => reference_id),
          [incidentId],
        );
        assert.equal(answer.map_data?.map_action, 'ADD_MARKERS');
        assert.equal(answer.map_data?.data.features[0]?.properties.incident_id, incidentId);
        assert.equal(answer.execution_log.length, 6);
        const path = { session_id: sessionId };
        const { messages } = await t.as('editor').get('/api/v1/sessions/{session_id}', { path });
        const said = messages.find(
          ({ role, metadata }) => role === 'assistant' && metadata.query_id === answer.query_id,
        );
        assert.equal(said?.content, answer.summary);
      },
    ),
    httpTest(['flow-3', 'command on the last answer’s references, patch, revert'], async (t) => {
      const { domainId, sessionId, incidentId } = await startedFlow(t);
      await askedFlow(t);
      const question = 'Mark them as resolved because the main was replaced';
      const done = await finishQuery(t, { sessionId, domainId, question, mode: 'management' });
      assert.deepEqual([done.status, done.patches.length], ['completed', 1], done.summary ?? '');
      assert.deepEqual(
        done.references_used.map(({ reference_id }) => reference_id),
        [incidentId],
      );
      assert.equal((await readReport(t, incidentId)).status, 'resolved');
      const path = { patch_id: done.patches[0] ?? '' };
      const body = { reason: 'It leaks again' };
      await t.as('editor').post('/api/v1/patches/{patch_id}/revert', { path, body });
      assert.equal((await readReport(t, incidentId)).status, 'completed');
    }),
  ],
};
