// Reports: taken in, worked on, listed, changed and deleted, with images within their limits.
import assert from 'node:assert/strict';
import { refused, refusedRaw, succeeded } from '../answers.ts';
import {
  finishReport,
  makeDomain,
  readReport,
  removeReportLater,
  sharedDomain,
  sharedReport,
  submitReport,
} from '../sample.ts';
import { type Category, httpTest, waits } from '../suite.ts';
import { waitFor } from '../wait.ts';

const reports = '/api/v1/reports';
const report = '/api/v1/reports/{incident_id}';
const imageBytesMax = 5 * 1024 * 1024;
/** One grey pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

/** report-1 to report-7 of the specification. */
export const reportTests: Category = {
  name: 'reports',
  proves: '3.1–3.5, 8.2, E7.1–E7.5, P8.1–P8.3, D5.4',
  isDeployed: true,
  tests: [
    httpTest(['report-1', 'submit', 'critical'], async (t) => {
      const body = { domain_id: await sharedDomain(t), text: `A lamp is out, ${t.unique('case')}` };
      const answer = await succeeded(202, (onHead) => t.as('editor').post(reports, { body, onHead }));
      removeReportLater(t, answer.incident_id);
      assert.match(answer.incident_id, /^inc_[0-9a-f]{32}$/);
      assert.match(answer.job_id, /^job_[0-9a-f]{32}$/);
      assert.equal(answer.status, 'accepted');
      assert.equal((await readReport(t, answer.incident_id)).raw_text, body.text);
      await refused(t.as('viewer').post(reports, { body }), 403);
    }),
    httpTest(['report-2', 'missing field 400'], async (t) => {
      const domain_id = await sharedDomain(t);
      const place = ['POST', reports] as const;
      const editor = t.as('editor');
      await refusedRaw(editor, place, { status: 400, field: 'text', body: { domain_id } });
      await refusedRaw(editor, place, { status: 400, field: 'domain_id', body: { text: 'A lamp is out' } });
      await refusedRaw(editor, place, { status: 400, field: 'text', body: { domain_id, text: ' ' } });
      const unknown = { domain_id: 'no_such_domain', text: 'A lamp is out' };
      await refusedRaw(editor, place, { status: 404, body: unknown });
    }),
    httpTest(
      ['report-3', 'get after processing: ingestion_data, management_data, provenance', 'critical'],
      async (t) => {
        const { report: found, jobId } = await sharedReport(t);
        assert.equal(found.status, 'completed', found.error ?? '');
        const keys = Object.keys(found.ingestion_data);
        assert.ok(keys.length > 0, 'ingestion_data is empty');
        assert.deepEqual(Object.keys(found.provenance).toSorted(), keys.toSorted());
        for (const [key, source] of Object.entries(found.provenance)) {
          assert.match(source.agent_id, /^builtin-ingestion-/, key);
          assert.deepEqual([source.agent_version, source.execution_id], [1, jobId], key);
          for (const { start, end } of source.spans)
            assert.ok(
              0 <= start && start < end && end <= found.raw_text.length,
              `A span of ${key} is out of the text`,
            );
        }
        assert.ok(
          Object.values(found.provenance).some(({ spans }) => spans.length > 0),
          'No value names its words',
        );
        assert.equal(typeof found.management_data, 'object');
        assert.ok(found.confidence !== null && found.confidence > 0);
        assert.equal(found.needs_clarification, found.confidence < 0.6);
      },
    ),
    httpTest(['report-4', 'list by domain'], async (t) => {
      const domainId = await makeDomain(t);
      const own = [1, 2, 3].map(() => submitReport(t, `A bench is broken, ${t.unique('case')}`, domainId));
      const ids = (await Promise.all(own)).map(({ incidentId }) => incidentId);
      const query = { domain_id: domainId, limit: 2 };
      const found = await waitFor({
        what: 'That three reports are listed',
        read: () => Array.fromAsync(t.as('viewer').pages(reports, { query })),
        isDone: (rows) => rows.length >= ids.length,
        timeoutMs: waits.report,
        signal: t.signal,
      });
      assert.deepEqual(found.map(({ incident_id }) => incident_id).toSorted(), ids.toSorted());
      const first = await t.as('viewer').get(reports, { query });
      assert.ok(first.reports.length === 2 && first.pagination.next_cursor !== null);
      const theirs = await t.as('other-tenant').get(reports, { query: { limit: 100 } });
      assert.ok(theirs.reports.every(({ incident_id }) => !ids.includes(incident_id)));
    }),
    httpTest(['report-5', 'update management_data'], async (t) => {
      const { incidentId } = await finishReport(t, `A sign fell, ${t.unique('case')}`, await sharedDomain(t));
      const path = { incident_id: incidentId };
      const put = (management_data: Record<string, unknown>) =>
        t.as('editor').put(report, { path, body: { management_data } });
      await put({ task: { crew: 'North', hours: 2 }, tags: ['a'] });
      await put({ task: { hours: 3 }, tags: ['b'] });
      await t.as('editor').put(report, { path, body: { status: 'assigned' } });
      const found = await readReport(t, incidentId);
      const { task, tags, history } = found.management_data;
      assert.deepEqual([task, tags, found.status], [{ crew: 'North', hours: 3 }, ['b'], 'assigned']);
      assert.ok(Array.isArray(history) && history.length === 3, 'The changes are not in the history');
      await refusedRaw(t.as('editor'), ['PUT', `${reports}/${incidentId}`], { status: 400, body: {} });
      const processing = { status: 400, field: 'status', body: { status: 'processing' } };
      await refusedRaw(t.as('editor'), ['PUT', `${reports}/${incidentId}`], processing);
      await refused(t.as('viewer').put(report, { path, body: { status: 'closed' } }), 403);
    }),
    httpTest(['report-6', 'delete'], async (t) => {
      const { incidentId } = await finishReport(
        t,
        `A kerb is loose, ${t.unique('case')}`,
        await sharedDomain(t),
      );
      const path = { incident_id: incidentId };
      await refused(t.as('other-user').delete(report, { path }), 403);
      await refused(t.as('other-tenant').delete(report, { path }), 404);
      assert.equal((await t.as('editor').delete(report, { path })).incident_id, incidentId);
      await refused(t.as('viewer').get(report, { path }), 404);
      await refused(t.as('viewer').get(`${report}/patches`, { path }), 404);
    }),
    httpTest(['report-7', 'images: sixth, oversize, wrong magic bytes'], async (t) => {
      const base = { domain_id: await sharedDomain(t), text: `A photo, ${t.unique('case')}` };
      const place = ['POST', reports] as const;
      const editor = t.as('editor');
      const dataUrl = (type: string, bytes: Uint8Array) =>
        `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
      const link = 'https://example.org/photo.jpg';
      const six = { ...base, images: Array(6).fill(link) };
      await refusedRaw(editor, place, { status: 400, field: 'images', body: six });
      const lie = { ...base, images: [dataUrl('image/jpeg', png)] };
      await refusedRaw(editor, place, { status: 400, field: 'images', body: lie });
      const large = { ...base, images: [dataUrl('image/png', Buffer.alloc(imageBytesMax + 1))] };
      await refusedRaw(editor, place, { status: 413, body: large });
      const announced = { content_type: 'image/png' as const, size_bytes: imageBytesMax + 1 };
      await refused(editor.post(`${reports}/images`, { body: announced }), 413);
      const accepted = await editor.post(reports, {
        body: { ...base, images: [dataUrl('image/png', png), link] },
      });
      removeReportLater(t, accepted.incident_id);
      const { images } = await readReport(t, accepted.incident_id);
      assert.deepEqual(
        images.map(({ verified }) => verified),
        [true, false],
      );
    }),
  ],
};
