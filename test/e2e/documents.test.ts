// Documents through the whole mesh: reports change, are looked at as they were, and go; sessions and questions likewise; a key does a
// thing once.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { HeadOption } from '../../clients/api/api-calls.ts';
import type { ApiClient } from '../../clients/api/api-client.ts';
import type {
  CreateQueryBody,
  CreateReportBody,
  CreateSessionBody,
  Report,
  UpdateReportBody,
} from '../../clients/api/gen/api-types.ts';
import { pollUntil, sampleDomain } from '../../local/demo/demo-run.ts';
import { type Answered, answered, refused, statusOf } from './answers.ts';
import { finishQuery, finishReport, openSession, startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

const never = new AbortController().signal;
let mesh: TestMesh;
let editor: ApiClient;
let colleague: ApiClient;
let admin: ApiClient;
let viewer: ApiClient;
let stranger: ApiClient;

beforeAll(async () => {
  mesh = await startTestMesh();
  editor = await mesh.as('acme', 'edgar', ['editor']);
  colleague = await mesh.as('acme', 'cora', ['editor']);
  admin = await mesh.as('acme', 'ada');
  viewer = await mesh.as('acme', 'vera', ['viewer']);
  stranger = await mesh.as('globex', 'edgar');
});

afterAll(() => mesh?.close());

async function newReport(text = 'A street light is out on Main Street'): Promise<string> {
  return (await finishReport(editor, text)).report.incident_id;
}

const one = '/api/v1/reports/{incident_id}';
const talk = '/api/v1/sessions/{session_id}';
const question = '/api/v1/queries/{query_id}';

const read = (client: ApiClient, incident_id: string) => client.get(one, { path: { incident_id } });
const change = (client: ApiClient, incident_id: string, body: UpdateReportBody) =>
  client.put(one, { path: { incident_id }, body });
const remove = (client: ApiClient, incident_id: string) => client.delete(one, { path: { incident_id } });

describe('a report', () => {
  it('is changed by merging, and every change stands in its history', async () => {
    const id = await newReport();
    const first = { status: 'assigned', management_data: { task: { crew: 'North', hours: 2 }, tags: ['a'] } };
    expect(await change(editor, id, first)).toMatchObject(first);
    const second = { management_data: { task: { hours: 3 }, tags: ['b'], __proto__x: 1 } };
    const changed = await change(colleague, id, second);
    expect(changed).toMatchObject({
      status: 'assigned',
      management_data: { task: { crew: 'North', hours: 3 }, tags: ['b'] },
    });
    const { history } = changed.management_data as { history: { action: string; patch_id: string }[] };
    expect(history.length).toBe(2);
    expect(history.map(({ patch_id }) => patch_id)).toContain(changed.patch_id);
    expect(await read(viewer, id)).toMatchObject({ status: 'assigned' });
  });

  it.each([
    ['nothing', {}, 400],
    ['the status of a run', { status: 'processing' }, 400],
    ['its history', { management_data: { history: [] } }, 400],
    ['more than a document holds', { management_data: { text: 'x'.repeat(70 * 1024) } }, 400],
  ])('is not changed by %s', async (_what, body, status) => {
    const id = await newReport();
    const before = await read(editor, id);
    const refusal = await refused(change(editor, id, body));
    expect([refusal.status, refusal.violations.length]).toEqual([status, 1]);
    expect(await read(editor, id)).toEqual(before);
  });

  it('is changed for the version that was read, or not at all', async () => {
    const id = await newReport();
    const path = { incident_id: id };
    const { headers } = await answered((onHead) => editor.get(one, { path, onHead }));
    const tagged = { path, headers: { 'if-match': headers.get('etag') ?? '' } };
    const put = (crew: string) => editor.put(one, { ...tagged, body: { management_data: { crew } } });
    expect(await put('North')).toMatchObject({ management_data: { crew: 'North' } });
    expect((await refused(put('South'))).status).toBe(412);
    expect(await read(editor, id)).toMatchObject({ management_data: { crew: 'North' } });
  });

  it('is shown as it was at each time', async () => {
    const id = await newReport();
    const path = { incident_id: id };
    const versions: Report[] = [];
    for (const status of ['assigned', 'in_progress', 'closed']) {
      versions.push(await change(editor, id, { status }));
    }
    for (const version of versions) {
      const then = await viewer.get(one, { path, query: { as_of: version.updated_at } });
      expect(then.status).toBe(version.status);
    }
    const early = viewer.get(one, { path, query: { as_of: '2020-01-01' } });
    expect((await refused(early)).status).toBe(404);
  });

  it('is deleted by its author or an admin, and then gone from everywhere', async () => {
    const [own, other] = [await newReport('A hydrant leaks'), await newReport('A hydrant drips')];
    expect((await refused(remove(colleague, own))).status).toBe(403);
    expect((await refused(remove(viewer, own))).status).toBe(403);
    expect((await refused(remove(stranger, own))).status).toBe(404);
    for (const [client, id] of [
      [editor, own],
      [admin, other],
    ] as const) {
      expect(await remove(client, id)).toMatchObject({ incident_id: id });
      for (const call of [
        read(client, id),
        change(client, id, { status: 'closed' }),
        client.get('/api/v1/reports/{incident_id}/patches', { path: { incident_id: id } }),
        remove(client, id),
      ]) {
        expect((await refused(call)).status).toBe(404);
      }
    }
    const list = async () => (await editor.get('/api/v1/reports', { query: { limit: 100 } })).reports;
    const left = await pollUntil(
      list,
      (found) => found.every(({ incident_id }) => incident_id !== own),
      never,
    );
    expect(left.map(({ incident_id }) => incident_id)).not.toContain(other);
  });

  it('is listed by the time of its submission', async () => {
    const id = await newReport('A bench is broken');
    const { created_at } = await read(editor, id);
    const later = new Date(Date.parse(created_at) + 1).toISOString();
    const ids = async (query: { readonly from?: string; readonly to?: string }) =>
      (await editor.get('/api/v1/reports', { query })).reports.map((row) => row.incident_id);
    const listed = await pollUntil(
      () => ids({ from: created_at }),
      (found) => found.includes(id),
      never,
    );
    expect(listed).toEqual([id]);
    expect(await ids({ from: later })).toEqual([]);
    expect(await ids({ from: created_at, to: later })).toEqual([id]);
    expect(await ids({ to: created_at })).not.toContain(id);
  });
});

describe('a session and its questions', () => {
  it('are renamed and deleted by their owner alone', async () => {
    const session = await openSession(editor);
    const path = { session_id: session };
    const rename = (client: ApiClient, title: string) => client.put(talk, { path, body: { title } });
    expect(await rename(editor, 'Lights')).toMatchObject({ title: 'Lights' });
    for (const [client, status] of [
      [admin, 403],
      [stranger, 404],
    ] as const) {
      expect((await refused(rename(client, 'Mine'))).status).toBe(status);
      expect((await refused(client.delete(talk, { path }))).status).toBe(status);
    }
    expect(await editor.get(talk, { path })).toMatchObject({ title: 'Lights' });
    expect(await editor.delete(talk, { path })).toMatchObject({ session_id: session });
    for (const call of [editor.get(talk, { path }), rename(editor, 'x'), editor.delete(talk, { path })]) {
      expect((await refused(call)).status).toBe(404);
    }
    const { sessions } = await editor.get('/api/v1/sessions', { query: { limit: 100 } });
    expect(sessions.map(({ session_id }) => session_id)).not.toContain(session);
    const body = { session_id: session, domain_id: sampleDomain, question: 'What?' };
    expect((await refused(editor.post('/api/v1/queries', { body }))).status).toBe(404);
  });

  it('go one without the other', async () => {
    const session = await openSession(viewer);
    const { query } = await finishQuery(viewer, session, 'Which lights are out?');
    const path = { query_id: query.query_id };
    expect((await refused(admin.delete(question, { path }))).status).toBe(403);
    expect((await refused(stranger.delete(question, { path }))).status).toBe(404);
    expect(await viewer.delete(question, { path })).toMatchObject(path);
    expect((await refused(viewer.get(question, { path }))).status).toBe(404);
    const { messages } = await viewer.get(talk, { path: { session_id: session } });
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
  });

  it('tell that a report is deleted on which an answer rests', async () => {
    const id = await newReport('A manhole cover is missing on Elm Street');
    const { query } = await finishQuery(
      editor,
      await openSession(editor),
      'Where is a manhole cover missing?',
    );
    expect(query.references_used.map(({ reference_id }) => reference_id)).toContain(id);
    expect(await remove(editor, id)).toMatchObject({ incident_id: id });
    const cited = async () => {
      const { references_used } = await editor.get(question, { path: { query_id: query.query_id } });
      return references_used.find(({ reference_id }) => reference_id === id);
    };
    expect(await pollUntil(cited, (reference) => reference?.deleted === true, never)).toMatchObject({
      deleted: true,
    });
  });
});

describe('a key', () => {
  const named = (key: string, onHead: HeadOption['onHead']) => ({
    headers: { 'idempotency-key': key },
    onHead,
  });
  const submit = (client: ApiClient, body: CreateReportBody, key: string) =>
    answered((onHead) => client.post('/api/v1/reports', { body, ...named(key, onHead) }));
  const open = (client: ApiClient, body: CreateSessionBody, key: string) =>
    answered((onHead) => client.post('/api/v1/sessions', { body, ...named(key, onHead) }));
  const ask = (client: ApiClient, body: CreateQueryBody, key: string) =>
    answered((onHead) => client.post('/api/v1/queries', { body, ...named(key, onHead) }));
  const idsOf = ({ body }: Answered<object>) =>
    Object.entries(body).filter(([name]) => /^(?:incident|session|query|job)_id$/.test(name));
  const replayed = ({ headers }: Answered<object>) => headers.get('idempotency-replayed');

  it('makes one report, one session and one question, however often it is sent', async () => {
    const session_id = await openSession(editor);
    const domain_id = sampleDomain;
    const asked = { session_id, domain_id, question: 'What?' };
    for (const [send, sendOther] of [
      [
        (client: ApiClient) => submit(client, { domain_id, text: 'A pothole' }, 'once'),
        () => submit(editor, { domain_id, text: 'Another' }, 'once'),
      ],
      [
        (client: ApiClient) => open(client, { domain_id }, 'once'),
        () => open(editor, { domain_id, title: 'Another' }, 'once'),
      ],
      [
        (client: ApiClient) => ask(client, asked, 'once'),
        () => ask(editor, { ...asked, question: 'Why?' }, 'once'),
      ],
    ] as const) {
      const [first, again] = [await send(editor), await send(editor)];
      expect([replayed(first), replayed(again)]).toEqual([null, 'true']);
      expect([again.status, idsOf(again)]).toEqual([first.status, idsOf(first)]);
      expect(idsOf(first).length).toBeGreaterThan(0);
      expect((await refused(sendOther())).status).toBe(422);
    }
  });

  it('is of its user alone', async () => {
    const domain_id = sampleDomain;
    const [ours, theirs] = [
      await submit(editor, { domain_id, text: 'A kerb' }, 'shared'),
      await submit(colleague, { domain_id, text: 'A kerb' }, 'shared'),
    ];
    const [mine, yours] = [
      await open(editor, { domain_id }, 'shared'),
      await open(colleague, { domain_id }, 'shared'),
    ];
    expect(idsOf(theirs)).not.toEqual(idsOf(ours));
    expect(idsOf(yours)).not.toEqual(idsOf(mine));
    expect([theirs, yours].map(replayed)).toEqual([null, null]);
    // A foreign session is refused whatever the key was used for by others.
    const asked = { session_id: mine.body.session_id, domain_id, question: 'What?' };
    expect(replayed(await ask(editor, asked, 'shared'))).toBeNull();
    expect((await refused(ask(colleague, asked, 'shared'))).status).toBe(403);
  });

  it('makes one report of many requests at the same moment', async () => {
    const body = { domain_id: sampleDomain, text: 'A tree has fallen' };
    const sent = Array.from({ length: 8 }, () => submit(editor, body, 'storm'));
    const outcomes = await Promise.allSettled(sent);
    const accepted = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value.body] : []));
    expect(new Set(accepted.map(({ incident_id }) => incident_id)).size).toBe(1);
    const statuses = await Promise.all(sent.map(statusOf));
    expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([]);
    expect(replayed(await submit(editor, body, 'storm'))).toBe('true');
  });
});
