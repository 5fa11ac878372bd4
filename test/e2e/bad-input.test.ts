// What the API does with requests that are wrong, too large, or sent twice at the same moment.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApiClient } from '../../clients/api/api-client.ts';
import { sampleDomain } from '../../local/demo/demo-run.ts';
import type { RawClient } from './raw-client.ts';
import { finishQuery, finishReport, openSession, startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

let mesh: TestMesh;
let api: ApiClient;
let raw: RawClient;

beforeAll(async () => {
  mesh = await startTestMesh();
  api = await mesh.as('acme', 'alice');
  raw = await mesh.raw('acme', 'alice');
});

afterAll(() => mesh?.close());

interface BadRequest {
  readonly path: string;
  readonly body: unknown;
  readonly status: number;
  /** Fields that `details` must name, all at once. */
  readonly fields: readonly string[];
}

const text = 'A pothole';
const domain_id = sampleDomain;
const bad: readonly (readonly [string, BadRequest])[] = [
  ['nothing', { path: '/reports', body: {}, status: 400, fields: ['domain_id', 'text'] }],
  ['an empty text', { path: '/reports', body: { domain_id, text: '' }, status: 400, fields: ['text'] }],
  [
    'a text that is too long',
    { path: '/reports', body: { domain_id, text: 'x'.repeat(10_001) }, status: 400, fields: ['text'] },
  ],
  ['a number for a text', { path: '/reports', body: { domain_id, text: 7 }, status: 400, fields: ['text'] }],
  [
    'a list for a text',
    { path: '/reports', body: { domain_id, text: ['x'] }, status: 400, fields: ['text'] },
  ],
  ['no JSON', { path: '/reports', body: '{"text": ', status: 400, fields: [] }],
  ['an unknown domain', { path: '/reports', body: { domain_id: 'no_such', text }, status: 404, fields: [] }],
  [
    'a body over a megabyte',
    { path: '/queries', body: { question: 'x'.repeat(2_000_000) }, status: 413, fields: [] },
  ],
  [
    'an empty question',
    {
      path: '/queries',
      body: { session_id: 'sess_x', domain_id, question: '' },
      status: 400,
      fields: ['question'],
    },
  ],
  [
    'a session id of the wrong form',
    { path: '/queries', body: { session_id: 'x', domain_id, question: 'What?' }, status: 404, fields: [] },
  ],
  ['a session of no domain', { path: '/sessions', body: {}, status: 400, fields: ['domain_id'] }],
];

describe('a wrong request', () => {
  it.each(bad)('is refused with all that is wrong: %s', async (_name, { path, body, status, fields }) => {
    const answer = await raw('POST', path, { body });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ status, error_code: `ERR_${status}`, detail: expect.any(String) });
    expect(answer.body.trace_id).toMatch(/^[0-9a-f]{32}$/);
    expect(answer.body.details.map(({ field }) => field).sort()).toEqual([...fields].sort());
  });

  it('answers ids of the wrong form like unknown ones', async () => {
    for (const path of ['/reports/1', '/sessions/%00', '/queries/inc_', "/executions/job_'%20or%201=1"])
      expect((await raw('GET', path)).status).toBe(404);
  });

  it('leaves no trace in the lists', async () => {
    expect(await api.get('/api/v1/reports')).toMatchObject({ reports: [] });
  });
});

describe('odd but valid input', () => {
  it.each([
    ['a text of ten thousand characters', 'leak '.repeat(2_000)],
    ['emoji and other scripts', '💧💧 Leitung kaputt – 水漏れ на улице 🏚️'],
    ['a script', "<script>alert(1)</script> {{text}} ' or 1=1 --"],
    ['one letter', 'x'],
  ])('is taken as a report: %s', async (_name, odd) => {
    const { report } = await finishReport(api, odd);
    expect(report).toMatchObject({ status: 'completed', raw_text: odd });
  });
});

describe('two requests at the same moment', () => {
  it('make two reports of one text', async () => {
    const [first, second] = await Promise.all([
      finishReport(api, 'The same pothole'),
      finishReport(api, 'The same pothole'),
    ]);
    expect(first.report.incident_id).not.toBe(second.report.incident_id);
    expect([first.report.status, second.report.status]).toEqual(['completed', 'completed']);
  });

  it('may both be the first of their tenant', async () => {
    const users = await Promise.all(['ann', 'ben', 'cem', 'dee'].map((user) => mesh.as('brand-new', user)));
    const lists = await Promise.all(users.map((user) => user.get('/api/v1/reports')));
    expect(lists.map(({ reports }) => reports)).toEqual([[], [], [], []]);
  });

  it('are both answered in one session', async () => {
    const sessionId = await openSession(api);
    const asked = await Promise.all([
      finishQuery(api, sessionId, 'What is wrong?'),
      finishQuery(api, sessionId, 'What is wrong?'),
    ]);
    expect(asked.map(({ query }) => query.status)).toEqual(['completed', 'completed']);
    const path = { session_id: sessionId };
    const { messages } = await api.get('/api/v1/sessions/{session_id}', { path });
    expect(messages.map(({ role }) => role).sort()).toEqual(['assistant', 'assistant', 'user', 'user']);
  });
});
