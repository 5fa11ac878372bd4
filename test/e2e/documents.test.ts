// Documents through the whole mesh: reports change, are looked at as they were, and go; sessions and questions likewise; a key does a
// thing once.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { pollUntil, sampleDomain } from '../../local/demo/demo-run.ts';
import { bodyOf, type RestClient } from '../../local/rest-client.ts';
import type {
  ChangedReport,
  ProblemDocument,
  QueryAccepted,
  QueryDocument,
  ReportAccepted,
  ReportDocument,
  SessionDocument,
} from '../../local/rest-documents.ts';
import { finishQuery, finishReport, openSession, startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

const never = new AbortController().signal;
let mesh: TestMesh;
let editor: RestClient;
let colleague: RestClient;
let admin: RestClient;
let viewer: RestClient;
let stranger: RestClient;

beforeAll(async () => {
  mesh = await startTestMesh();
  editor = await mesh.as('acme', 'edgar', ['editor']);
  colleague = await mesh.as('acme', 'cora', ['editor']);
  admin = await mesh.as('acme', 'ada');
  viewer = await mesh.as('acme', 'vera', ['viewer']);
  stranger = await mesh.as('globex', 'edgar');
});

afterAll(() => mesh?.close());

interface Listed {
  readonly reports: readonly { readonly incident_id: string; readonly status: string }[];
}

async function newReport(text = 'A street light is out on Main Street'): Promise<string> {
  return (await finishReport(editor, text)).report.incident_id;
}

const pathOf = (id: string) => `/api/v1/reports/${id}`;

describe('a report', () => {
  it('is changed by merging, and every change stands in its history', async () => {
    const path = pathOf(await newReport());
    const first = { status: 'assigned', management_data: { task: { crew: 'North', hours: 2 }, tags: ['a'] } };
    expect(await editor.put(path, first)).toMatchObject({ status: 200, body: first });
    const second = { management_data: { task: { hours: 3 }, tags: ['b'], __proto__x: 1 } };
    const changed = bodyOf(await colleague.put<ChangedReport>(path, second), 200, 'Changing');
    expect(changed).toMatchObject({
      status: 'assigned',
      management_data: { task: { crew: 'North', hours: 3 }, tags: ['b'] },
    });
    const { history } = changed.management_data as { history: { action: string; patch_id: string }[] };
    expect(history.length).toBe(2);
    expect(history.map(({ patch_id }) => patch_id)).toContain(changed.patch_id);
    expect((await viewer.get(path)).body).toMatchObject({ status: 'assigned' });
  });

  it.each([
    ['nothing', {}, 400],
    ['the status of a run', { status: 'processing' }, 400],
    ['its history', { management_data: { history: [] } }, 400],
    ['more than a document holds', { management_data: { text: 'x'.repeat(70 * 1024) } }, 400],
  ])('is not changed by %s', async (_what, body, status) => {
    const path = pathOf(await newReport());
    const { body: before } = await editor.get(path);
    const answer = await editor.put<ProblemDocument>(path, body);
    expect([answer.status, answer.body.details?.length]).toEqual([status, 1]);
    expect((await editor.get(path)).body).toEqual(before);
  });

  it('is changed for the version that was read, or not at all', async () => {
    const path = pathOf(await newReport());
    const tag = (await editor.get(path)).headers.get('etag') ?? '';
    const put = (crew: string) =>
      editor.send('PUT', path, { body: { management_data: { crew } }, headers: { 'if-match': tag } });
    expect((await put('North')).status).toBe(200);
    expect((await put('South')).status).toBe(412);
    expect((await editor.get(path)).body).toMatchObject({ management_data: { crew: 'North' } });
  });

  it('is shown as it was at each time', async () => {
    const path = pathOf(await newReport());
    const versions: ReportDocument[] = [];
    for (const status of ['assigned', 'in_progress', 'closed']) {
      versions.push(bodyOf(await editor.put<ReportDocument>(path, { status }), 200, 'Changing'));
    }
    for (const version of versions) {
      const { updated_at } = version as unknown as { updated_at: string };
      const then = await viewer.get(`${path}?as_of=${updated_at}`);
      expect(then).toMatchObject({ status: 200, body: { status: version.status } });
    }
    const early = await viewer.get(`${path}?as_of=2020-01-01`);
    expect(early.status).toBe(404);
  });

  it('is deleted by its author or an admin, and then gone from everywhere', async () => {
    const [own, other] = [await newReport('A hydrant leaks'), await newReport('A hydrant drips')];
    expect((await colleague.delete(pathOf(own))).status).toBe(403);
    expect((await viewer.delete(pathOf(own))).status).toBe(403);
    expect((await stranger.delete(pathOf(own))).status).toBe(404);
    for (const [client, id] of [
      [editor, own],
      [admin, other],
    ] as const) {
      expect(await client.delete(pathOf(id))).toMatchObject({ status: 200, body: { incident_id: id } });
      expect((await client.get(pathOf(id))).status).toBe(404);
      expect((await client.put(pathOf(id), { status: 'closed' })).status).toBe(404);
      expect((await client.get(`${pathOf(id)}/patches`)).status).toBe(404);
      expect((await client.delete(pathOf(id))).status).toBe(404);
    }
    const read = async () =>
      bodyOf(await editor.get<Listed>('/api/v1/reports?limit=100'), 200, 'Listing').reports;
    const left = await pollUntil(
      read,
      (found) => found.every(({ incident_id }) => incident_id !== own),
      never,
    );
    expect(left.map(({ incident_id }) => incident_id)).not.toContain(other);
  });

  it('is listed by the time of its submission', async () => {
    const id = await newReport('A bench is broken');
    const { created_at } = bodyOf(await editor.get<ReportDocument>(pathOf(id)), 200, 'Reading');
    const later = new Date(Date.parse(created_at) + 1).toISOString();
    const ids = async (range: string) =>
      bodyOf(await editor.get<Listed>(`/api/v1/reports?${range}`), 200, 'Listing').reports.map(
        (row) => row.incident_id,
      );
    const listed = await pollUntil(
      () => ids(`from=${created_at}`),
      (found) => found.includes(id),
      never,
    );
    expect(listed).toEqual([id]);
    expect(await ids(`from=${later}`)).toEqual([]);
    expect(await ids(`from=${created_at}&to=${later}`)).toEqual([id]);
    expect(await ids(`to=${created_at}`)).not.toContain(id);
  });
});

describe('a session and its questions', () => {
  it('are renamed and deleted by their owner alone', async () => {
    const session = await openSession(editor);
    const path = `/api/v1/sessions/${session}`;
    expect((await editor.put(path, { title: 'Lights' })).body).toMatchObject({ title: 'Lights' });
    for (const [client, status] of [
      [admin, 403],
      [stranger, 404],
    ] as const) {
      expect((await client.put(path, { title: 'Mine' })).status).toBe(status);
      expect((await client.delete(path)).status).toBe(status);
    }
    expect((await editor.get(path)).body).toMatchObject({ title: 'Lights' });
    expect(await editor.delete(path)).toMatchObject({ status: 200, body: { session_id: session } });
    for (const answer of [
      await editor.get(path),
      await editor.put(path, { title: 'x' }),
      await editor.delete(path),
    ]) {
      expect(answer.status).toBe(404);
    }
    const { body } = await editor.get<{ sessions: { session_id: string }[] }>('/api/v1/sessions?limit=100');
    expect(body.sessions.map(({ session_id }) => session_id)).not.toContain(session);
    const question = { session_id: session, domain_id: sampleDomain, question: 'What?' };
    expect((await editor.post('/api/v1/queries', question)).status).toBe(404);
  });

  it('go one without the other', async () => {
    const session = await openSession(viewer);
    const { query } = await finishQuery(viewer, session, 'Which lights are out?');
    const path = `/api/v1/queries/${query.query_id}`;
    expect((await admin.delete(path)).status).toBe(403);
    expect((await stranger.delete(path)).status).toBe(404);
    expect(await viewer.delete(path)).toMatchObject({ status: 200, body: { query_id: query.query_id } });
    expect((await viewer.get(path)).status).toBe(404);
    const { body } = await viewer.get<SessionDocument>(`/api/v1/sessions/${session}`);
    expect(body.messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
  });

  it('tell that a report is deleted on which an answer rests', async () => {
    const id = await newReport('A manhole cover is missing on Elm Street');
    const { query } = await finishQuery(
      editor,
      await openSession(editor),
      'Where is a manhole cover missing?',
    );
    expect(query.references_used.map(({ reference_id }) => reference_id)).toContain(id);
    expect((await editor.delete(pathOf(id))).status).toBe(200);
    const read = async () => {
      const { body } = await editor.get<QueryDocument>(`/api/v1/queries/${query.query_id}`);
      return body.references_used.find(({ reference_id }) => reference_id === id);
    };
    expect(await pollUntil(read, (reference) => reference?.deleted === true, never)).toMatchObject({
      deleted: true,
    });
  });
});

describe('a key', () => {
  const keyed = (client: RestClient, path: string, body: object, key: string) =>
    client.send<ReportAccepted & QueryAccepted & SessionDocument>('POST', `/api/v1${path}`, {
      ...{ body, headers: { 'idempotency-key': key } },
    });

  it('makes one report, one session and one question, however often it is sent', async () => {
    const session = await openSession(editor);
    for (const [path, body, other] of [
      ['/reports', { domain_id: sampleDomain, text: 'A pothole' }, { text: 'Another' }],
      ['/sessions', { domain_id: sampleDomain }, { title: 'Another' }],
      ['/queries', { session_id: session, domain_id: sampleDomain, question: 'What?' }, { question: 'Why?' }],
    ] as const) {
      const first = await keyed(editor, path, body, 'once');
      const again = await keyed(editor, path, body, 'once');
      expect(first.headers.get('idempotency-replayed')).toBeNull();
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      const idsOf = ({ incident_id, session_id, query_id, job_id }: typeof first.body) => [
        ...[incident_id, session_id, query_id, job_id],
      ];
      expect([again.status, idsOf(again.body)]).toEqual([first.status, idsOf(first.body)]);
      expect((await keyed(editor, path, { ...body, ...other }, 'once')).status).toBe(422);
      const theirs = await keyed(colleague, path, body, 'once');
      if (path !== '/queries') expect(idsOf(theirs.body)).not.toEqual(idsOf(first.body));
      expect(theirs.headers.get('idempotency-replayed')).toBeNull();
    }
  });

  it('makes one report of many requests at the same moment', async () => {
    const body = { domain_id: sampleDomain, text: 'A tree has fallen' };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => keyed(editor, '/reports', body, 'storm')),
    );
    const accepted = answers.filter(({ status }) => status === 202);
    expect(new Set(accepted.map(({ body: { incident_id } }) => incident_id)).size).toBe(1);
    expect(answers.every(({ status }) => status === 202 || status === 409)).toBe(true);
    expect((await keyed(editor, '/reports', body, 'storm')).headers.get('idempotency-replayed')).toBe('true');
  });
});
