// Who may see what, on every route that names an object: a foreign object looks like one that never existed.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sampleDomain } from '../../local/demo/demo-run.ts';
import type { RestAnswer, RestClient } from '../../local/rest-client.ts';
import type { ProblemDocument } from '../../local/rest-documents.ts';
import { finishQuery, finishReport, openSession, startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

const unknownHex = '01890a5d0c0c7aaa8aaa0123456789ab';
let mesh: TestMesh;
let alice: RestClient;
let stranger: RestClient;
let colleague: RestClient;

/** Ids of what alice made. */
const made = { report: '', session: '', query: '', ingestion: '', answer: '' };
type Made = keyof typeof made;

const paths: Readonly<Record<Made, (id: string) => string>> = {
  report: (id) => `/api/v1/reports/${id}`,
  session: (id) => `/api/v1/sessions/${id}`,
  query: (id) => `/api/v1/queries/${id}`,
  ingestion: (id) => `/api/v1/executions/${id}`,
  answer: (id) => `/api/v1/executions/${id}`,
};
const nouns = Object.keys(paths) as Made[];

beforeAll(async () => {
  mesh = await startTestMesh();
  alice = await mesh.as('acme', 'alice');
  stranger = await mesh.as('globex', 'alice');
  colleague = await mesh.as('acme', 'carol');
  const { report, jobId } = await finishReport(alice, 'A street light is out on Main Street');
  const session = await openSession(alice);
  const asked = await finishQuery(alice, session, 'Which lights are out?');
  Object.assign(made, { report: report.incident_id, session, query: asked.query.query_id });
  Object.assign(made, { ingestion: jobId, answer: asked.jobId });
});

afterAll(() => mesh?.close());

/** An error without what differs between any two requests. */
function shapeOf({ status, body }: RestAnswer<ProblemDocument>): object {
  return { sent: status, ...body, trace_id: '', timestamp: '', instance: '' };
}

/** The same id with other digits: the right form, and of nobody. */
function unknownLike(id: string): string {
  return id.slice(0, id.indexOf('_') + 1) + unknownHex;
}

describe('an object of another tenant', () => {
  it.each(nouns)('looks like one that never existed: %s', async (noun) => {
    const path = paths[noun];
    expect((await alice.get(path(made[noun]))).status).toBe(200);
    const foreign = await stranger.get<ProblemDocument>(path(made[noun]));
    const unknown = await stranger.get<ProblemDocument>(path(unknownLike(made[noun])));
    expect(foreign.status).toBe(404);
    expect(shapeOf(foreign)).toEqual(shapeOf(unknown));
    expect(JSON.stringify(shapeOf(foreign))).not.toContain(made[noun]);
  });

  it('cannot be asked about: a foreign session is an unknown one', async () => {
    const ask = (session: string) =>
      stranger.post<ProblemDocument>('/api/v1/queries', {
        ...{ session_id: session, domain_id: sampleDomain, question: 'What?' },
      });
    const [foreign, unknown] = [await ask(made.session), await ask(unknownLike(made.session))];
    expect(foreign.status).toBe(404);
    expect(shapeOf(foreign)).toEqual(shapeOf(unknown));
  });

  it.each(['reports', 'sessions', 'queries', 'executions'])('is in no list: %s', async (list) => {
    type List = Readonly<Record<string, readonly unknown[]>>;
    const own = await alice.get<List>(`/api/v1/${list}`);
    const foreign = await stranger.get<List>(`/api/v1/${list}`);
    expect(own.body[list]).not.toEqual([]);
    expect(foreign).toMatchObject({ status: 200, body: { [list]: [] } });
  });

  it('stays out of reach of a header that names the tenant', async () => {
    const { body } = await alice.get<{ readonly tenant_id: string }>(paths.report(made.report));
    const headers = { 'x-tenant-id': body.tenant_id };
    const answer = await stranger.send('GET', paths.report(made.report), { headers });
    expect(answer.status).toBe(404);
  });
});

describe("a colleague's work", () => {
  it.each(['session', 'query', 'answer'] as const)('is refused, to admins too: %s', async (noun) => {
    expect((await colleague.get(paths[noun](made[noun]))).status).toBe(403);
  });

  it.each(['report', 'ingestion'] as const)('is shared where it concerns reports: %s', async (noun) => {
    expect((await colleague.get(paths[noun](made[noun]))).status).toBe(200);
  });

  it('takes no question of another user', async () => {
    const question = { session_id: made.session, domain_id: sampleDomain, question: 'What?' };
    expect((await colleague.post('/api/v1/queries', question)).status).toBe(403);
  });

  it.each(['sessions', 'queries'])('is in no list of another user: %s', async (list) => {
    expect(await colleague.get(`/api/v1/${list}`)).toMatchObject({ status: 200, body: { [list]: [] } });
  });
});

describe('a caller', () => {
  it('without a valid credential is told how to send one', async () => {
    const { createRestClient } = await import('../../local/rest-client.ts');
    for (const token of [undefined, 'nonsense', 'a.b.c']) {
      const client = createRestClient({ gatewayUrl: mesh.gatewayUrl, ...(token && { token }) });
      const answer = await client.get<ProblemDocument>('/api/v1/reports');
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    }
  });

  it('with the role viewer may ask but not report', async () => {
    const viewer = await mesh.as('acme', 'vera', ['viewer']);
    const report = { domain_id: sampleDomain, text: 'A pothole' };
    expect((await viewer.post('/api/v1/reports', report)).status).toBe(403);
    const { query } = await finishQuery(viewer, await openSession(viewer), 'What is wrong?');
    expect(query.status).toBe('completed');
  });
});
