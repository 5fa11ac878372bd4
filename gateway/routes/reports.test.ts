// Reports: what is sent into the mesh, and what of its answers a caller sees.
import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { invalidArgument } from '../../foundation/fault/fault.ts';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

const at2026 = '2026-03-01T10:00:00.123Z';
const time = timestampFromDate(new Date(at2026));
const spans = [{ start: 0, end: 1 }];

const report = {
  id: 'u',
  incidentId: 'inc_1',
  domainId: 'civic',
  rawText: 'A hole.',
  source: 'web',
  status: 'completed',
  ingestionData: { severity: 'high', geo_location: { type: 'Point', coordinates: [1, 2] } },
  provenance: {
    severity: {
      agentId: 'agent-1',
      agentVersion: 2,
      executionId: 'job_1',
      attempt: 1,
      runtime: 'builtin',
      confidence: 0.9,
      spans,
    },
  },
  conflicts: [
    {
      key: 'severity',
      kept: { agentId: 'agent-1', value: { kind: { case: 'stringValue' as const, value: 'high' } } },
      dropped: [],
    },
  ],
  confidence: 0.5,
  needsClarification: true,
  clarificationQuestions: ['Where?'],
  jobId: 'job_1',
  createdAt: time,
  updatedAt: time,
};

const shown = {
  incident_id: 'inc_1',
  tenant_id: expect.any(String),
  domain_id: 'civic',
  raw_text: 'A hole.',
  images: [],
  source: 'web',
  status: 'completed',
  ingestion_data: report.ingestionData,
  management_data: {},
  provenance: {
    severity: {
      agent_id: 'agent-1',
      agent_version: 2,
      execution_id: 'job_1',
      attempt: 1,
      runtime: 'builtin',
      confidence: 0.9,
      spans,
    },
  },
  conflicts: [{ key: 'severity', kept: { agent_id: 'agent-1', value: 'high' }, dropped: [] }],
  confidence: 0.5,
  needs_clarification: true,
  clarification_questions: ['Where?'],
  job_id: 'job_1',
  error: null,
  id: 'u',
  created_at: at2026,
  updated_at: at2026,
  created_by_me: true,
};

describe('reports', () => {
  let at: TestGateway;
  let token: string;
  let me: string;
  const asked: unknown[] = [];
  beforeAll(async () => {
    at = await startGatewayForTest();
    token = await at.token();
    me = (await at.send('GET me', { token })).body.id;
  });
  afterAll(() => at.close());
  beforeEach(() => {
    asked.length = 0;
  });

  it('are submitted, and their ids are answered', async () => {
    at.handlers.executions = {
      startIngestion: (request) => {
        asked.push(request);
        return { jobId: 'job_1', incidentId: 'inc_1', acceptedAt: time };
      },
    };
    const body = { domain_id: 'civic', text: 'A hole.', images: [], id: 'x', tenant_id: 'other', version: 9 };
    const answer = await at.send('POST reports', { token, body });
    expect(answer.headers.has('idempotency-replayed')).toBe(false);
    expect([answer.status, answer.body]).toEqual([
      202,
      {
        job_id: 'job_1',
        incident_id: 'inc_1',
        status: 'accepted',
        timestamp: at2026,
        message: expect.any(String),
      },
    ]);
    const wanted = { domainId: 'civic', text: 'A hole.', source: 'web', images: [], requestId: '' };
    expect(asked).toEqual([expect.objectContaining(wanted)]);
  });

  it('are submitted once under one key, and the answer says so', async () => {
    at.handlers.executions = {
      startIngestion: (request) => {
        asked.push(request.requestId);
        return { jobId: 'job_1', incidentId: 'inc_1', acceptedAt: time, replayed: true };
      },
    };
    const body = { domain_id: 'civic', text: 'A hole.' };
    const key = `~ ${'k'.repeat(125)}!`;
    const answer = await at.send('POST reports', { token, body, headers: { 'idempotency-key': key } });
    expect([answer.status, answer.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
    expect(asked).toEqual([key]);
  });

  it.each(['', 'k'.repeat(129), 'schl\u00fcssel', 'a\tb'])('refuse a key that is none: %j', async (key) => {
    const body = { domain_id: 'civic', text: 'A hole.' };
    const answer = await at.send('POST reports', { token, body, headers: { 'idempotency-key': key } });
    expect(answer.status).toBe(400);
    expect(problemOf(answer).details).toEqual([
      { field: 'Idempotency-Key', reason: expect.stringContaining('1 to 128') },
    ]);
  });

  it('hand their images over before they are submitted', async () => {
    at.handlers.images = {
      putImage: ({ contentType, data }) => {
        asked.push([contentType, Buffer.from(data).toString()]);
        return { imageUrl: 'http://objects/uploads/t/1.gif' };
      },
    };
    at.handlers.executions = {
      startIngestion: (request) => {
        asked.push(request.images);
        return { jobId: 'job_1', incidentId: 'inc_1', acceptedAt: time };
      },
    };
    const data = `data:image/gif;base64,${Buffer.from('GIF89a').toString('base64')}`;
    const body = { domain_id: 'civic', text: 'A hole.', images: ['https://e.org/a.png', data] };
    expect((await at.send('POST reports', { token, body })).status).toBe(202);
    expect(asked).toEqual([
      ['image/gif', 'GIF89a'],
      ['https://e.org/a.png', 'http://objects/uploads/t/1.gif'],
    ]);
  });

  it('name every image that is refused, here or by the service', async () => {
    at.handlers.images = {
      putImage: ({ data }) => {
        if (data.length < 4) throw invalidArgument([{ field: 'data', reason: 'is no image' }]);
        return { imageUrl: 'http://objects/uploads/t/1.gif' };
      },
    };
    const small = 'data:image/gif;base64,AAAA';
    const send = (images: string[]) =>
      at.send('POST reports', { token, body: { domain_id: 'civic', text: 'A hole.', images } });
    const told = await send([small, `${small}AAAA`, small]);
    expect([told.status, problemOf(told).details]).toEqual([
      400,
      [
        { field: 'images[0]', reason: 'is no image' },
        { field: 'images[2]', reason: 'is no image' },
      ],
    ]);
    const large = `data:image/gif;base64,${Buffer.alloc(5 * 1024 * 1024 + 1).toString('base64')}`;
    const answer = await send([small, large, 'x']);
    expect(answer.status).toBe(413);
    expect(problemOf(answer).details.map(({ field }) => field)).toEqual(['images[1]', 'images[2]']);
  });

  it('are shown as they were at a time', async () => {
    at.handlers.reports = {
      getReport: (request) => {
        asked.push(request.asOf && timestampDate(request.asOf).toISOString());
        return { report: { ...report, version: 7n } };
      },
    };
    const past = await at.send('GET reports/inc_1?as_of=2026-03-01T11:00:00.5%2B01:00', { token });
    const present = await at.send('GET reports/inc_1', { token });
    expect([past.headers.get('etag'), present.headers.get('etag')]).toEqual([
      expect.stringMatching(/^W\//),
      '"7"',
    ]);
    expect(asked).toEqual(['2026-03-01T10:00:00.500Z', undefined]);
    const wrong = await at.send('GET reports/inc_1?as_of=yesterday', { token });
    expect(problemOf(wrong).details).toEqual([{ field: 'as_of', reason: expect.stringContaining('zone') }]);
  });

  it('are shown whole', async () => {
    at.handlers.reports = { getReport: () => ({ report: { ...report, createdBy: me } }) };
    const { status, body } = await at.send('GET reports/inc_1', { token });
    expect([status, body]).toEqual([200, { ...shown, created_by: me }]);
  });

  it('that were imported name no run', async () => {
    at.handlers.reports = { getReport: () => ({ report: { ...report, jobId: '' } }) };
    expect((await at.send('GET reports/inc_1', { token })).body.job_id).toBeNull();
  });

  it('are listed by filter and page, with their texts cut', async () => {
    at.handlers.reports = {
      listReports: (request) => {
        asked.push(request);
        const row = { ...report, rawText: 'x'.repeat(300), createdBy: 'other' };
        return { reports: [row], page: { page: 2, limit: 100, total: 101n, nextCursor: 'next' } };
      },
    };
    const { body } = await at.send(
      'GET reports?domain_id=civic&status=failed&from=2026-03-01&page=2&limit=500',
      { token },
    );
    const row = {
      incident_id: 'inc_1',
      domain_id: 'civic',
      raw_text: 'x'.repeat(200),
      status: 'completed',
      created_at: at2026,
      created_by_me: false,
    };
    const pagination = { page: 2, limit: 100, total: 101, next_cursor: 'next' };
    expect(body).toEqual({ reports: [row], pagination });
    const page = expect.objectContaining({ page: 2, limit: 100, cursor: '' });
    const from = expect.objectContaining({ seconds: BigInt(Date.parse('2026-03-01') / 1000) });
    expect(asked).toEqual([expect.objectContaining({ domainId: 'civic', status: 'failed', page, from })]);
  });

  it.each([
    ['reports?page=one', 'page'],
    ['reports?limit=1.5', 'limit'],
    ['reports?page=101&limit=100', 'page'],
    ['reports?cursor=c&page=1', 'cursor'],
    ['reports?status=', 'status'],
    ['reports?from=now', 'from'],
    ['patches?status=done', 'status'],
    ['reports/inc_1/patches?page=501&limit=20', 'page'],
    ['reports?page=1&page=2', 'page'],
    ['agents?agent_class=wizard', 'agent_class'],
    ['agents/agent-1?version=0', 'version'],
    ['executions?kind=party', 'kind'],
    ['executions?status=unspecified', 'status'],
    ['queries?session_id=a%00b', 'session_id'],
  ])('and other lists refuse %s naming the field', async (path, field) => {
    const answer = await at.send(`GET ${path}`, { token });
    expect(answer.status).toBe(400);
    expect(problemOf(answer).details).toEqual([{ field, reason: expect.any(String) }]);
  });
});
