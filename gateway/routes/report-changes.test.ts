// Changes and deletions of reports, and places for their images: what is sent into the mesh, and what a caller sees.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Fault, notFound } from '../../foundation/fault/fault.ts';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

const time = timestampFromDate(new Date('2026-03-01T10:00:00.000Z'));
let at: TestGateway;
let token: string;
const asked: unknown[] = [];

beforeAll(async () => {
  at = await startGatewayForTest();
  token = await at.token();
});
afterAll(() => at.close());
beforeEach(() => {
  asked.length = 0;
});

describe('a change of a report', () => {
  beforeEach(() => {
    at.handlers.reports = {
      updateReport: (request) => {
        const { incidentId, status, managementData, expectedVersion } = request;
        asked.push({ incidentId, status, managementData, expectedVersion });
        const report = { incidentId, status: 'assigned', managementData: { a: 1 }, version: 4n };
        return { report: { ...report, createdAt: time, updatedAt: time }, patchId: 'patch_1' };
      },
    };
  });

  it('hands on what is given, and answers the whole document with its patch', async () => {
    const body = { status: 'assigned', management_data: { a: { b: null } }, version: 1, raw_text: 'No' };
    const answer = await at.send('PUT reports/inc_1', { token, body });
    expect(answer).toMatchObject({
      status: 200,
      body: { incident_id: 'inc_1', status: 'assigned', management_data: { a: 1 }, patch_id: 'patch_1' },
    });
    expect(answer.headers.get('etag')).toBe('"4"');
    expect(asked).toEqual([
      {
        incidentId: 'inc_1',
        status: 'assigned',
        managementData: { a: { b: null } },
        expectedVersion: 0n,
      },
    ]);
    await at.send('PUT reports/inc_1', { token, body: { status: 'closed' } });
    expect(asked[1]).toMatchObject({ status: 'closed', managementData: undefined });
  });

  it.each([
    ['nothing', {}, ['body']],
    ['an empty status', { status: '' }, ['status']],
    ['a status that is too long', { status: 's'.repeat(51) }, ['status']],
    ['wrong types', { status: 7, management_data: [] }, ['status', 'management_data']],
    ['null for an object', { management_data: null }, ['management_data']],
    [
      'what cannot be carried',
      '{"management_data":{"a":1e999,"b":["\\ud800"]}}',
      ['management_data.a', 'management_data.b[0]'],
    ],
  ])('is refused with all that is wrong: %s', async (_what, body, fields) => {
    const answer = await at.send('PUT reports/inc_1', { token, body });
    expect(answer.status).toBe(400);
    expect(problemOf(answer).details.map(({ field }) => field)).toEqual(fields);
    expect(asked).toEqual([]);
  });

  it('can be made for one version alone', async () => {
    const put = (tag: string) =>
      at.send('PUT reports/inc_1', { token, body: { status: 'closed' }, headers: { 'if-match': tag } });
    expect((await put('"3"')).status).toBe(200);
    expect((await put('*')).status).toBe(200);
    expect(asked).toMatchObject([{ expectedVersion: 3n }, { expectedVersion: 0n }]);
    at.handlers.reports = {
      updateReport: () => {
        throw new Fault('aborted', 'The report has changed');
      },
    };
    expect(problemOf(await put('"3"')).type).toBe('urn:domainflow:problem:precondition-failed');
    expect((await put('W/"3"')).status).toBe(412);
    expect((await put('"0"')).status).toBe(412);
    expect((await put('*')).status).toBe(409);
  });
});

describe('a deletion of a report', () => {
  it('is carried out by the orchestrator, and what is gone is unknown', async () => {
    at.handlers.deletions = {
      deleteReport: ({ incidentId }) => {
        if (incidentId !== 'inc_1') throw notFound('report');
        return {};
      },
    };
    const answer = await at.send('DELETE reports/inc_1', { token });
    expect([answer.status, answer.body]).toEqual([
      200,
      { message: expect.any(String), incident_id: 'inc_1' },
    ]);
    expect((await at.send('DELETE reports/inc_2', { token })).status).toBe(404);
  });

  it('is deleted only in the version that If-Match names', async () => {
    const deleted: string[] = [];
    at.handlers.deletions = {
      deleteReport: ({ incidentId }) => {
        deleted.push(incidentId);
        return {};
      },
    };
    at.handlers.reports = { getReport: () => ({ report: { version: 7n } }) };
    const withTag = (tag: string) =>
      at.send('DELETE reports/inc_1', { token, headers: { 'if-match': tag } }).then(({ status }) => status);
    expect([await withTag('"6"'), await withTag('x'), deleted]).toEqual([412, 412, []]);
    expect([await withTag('"7"'), deleted]).toEqual([200, ['inc_1']]);
  });
});

describe('a place for an image', () => {
  it('is answered with where to put it and how to name it', async () => {
    at.handlers.images = {
      createUpload: ({ contentType, sizeBytes }) => {
        asked.push([contentType, sizeBytes]);
        const expiresAt = timestampFromDate(new Date('2026-03-01T10:15:00.000Z'));
        return {
          imageUrl: 'http://o/i',
          uploadUrl: 'http://o/i?signed',
          objectKey: 'uploads/t/i',
          expiresAt,
        };
      },
    };
    const body = { content_type: 'image/webp', size_bytes: 5_242_880 };
    const answer = await at.send('POST reports/images', { token, body });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(answer.body).toEqual({
      image_url: 'http://o/i',
      upload_url: 'http://o/i?signed',
      object_key: 'uploads/t/i',
      expires_at: '2026-03-01T10:15:00.000Z',
    });
    expect(asked).toEqual([['image/webp', 5_242_880n]]);
  });

  it.each([
    ['nothing', {}, 400, ['content_type', 'size_bytes']],
    ['another type', { content_type: 'image/svg+xml', size_bytes: 1 }, 400, ['content_type']],
    ['no bytes', { content_type: 'image/png', size_bytes: 0 }, 400, ['size_bytes']],
    ['half a byte', { content_type: 'image/png', size_bytes: 1.5 }, 400, ['size_bytes']],
    ['a text for a number', { content_type: 'image/png', size_bytes: '1' }, 400, ['size_bytes']],
    ['too many bytes', { content_type: 'image/png', size_bytes: 5_242_881 }, 413, ['size_bytes']],
  ])('is refused for %s', async (_what, body, status, fields) => {
    const answer = await at.send('POST reports/images', { token, body });
    expect(answer.status).toBe(status);
    expect(problemOf(answer).details.map(({ field }) => field)).toEqual(fields);
  });
});
