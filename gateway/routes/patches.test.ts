// Patches: what is sent into the mesh, and what of its answers a caller sees.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Fault } from '../../foundation/fault/fault.ts';
import { PatchSource, PatchStatus } from '../../proto/gen/domainflow/reports/v1/patch_pb.js';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

const at2026 = '2026-03-01T10:00:00.123Z';
const time = timestampFromDate(new Date(at2026));
const textValue = (value: string) => ({ kind: { case: 'stringValue' as const, value } });
const nullValue = { kind: { case: 'nullValue' as const, value: 0 } };

const patch = {
  id: 'u',
  patchId: 'patch_1',
  incidentId: 'inc_1',
  domainId: 'civic',
  source: PatchSource.AGENT,
  jobId: 'job_1',
  queryId: 'qry_1',
  agentId: 'agent-1',
  agentVersion: 2,
  changes: [
    { path: 'status', before: textValue('open'), after: textValue('closed') },
    { path: 'management_data.note', after: nullValue },
  ],
  reason: 'done',
  references: ['inc_2'],
  status: PatchStatus.PROPOSED,
  createdBy: 'other',
  createdAt: time,
};

const shown = {
  patch_id: 'patch_1',
  incident_id: 'inc_1',
  domain_id: 'civic',
  source: 'agent',
  job_id: 'job_1',
  query_id: 'qry_1',
  agent_id: 'agent-1',
  agent_version: 2,
  changes: [
    { path: 'status', before: 'open', after: 'closed' },
    { path: 'management_data.note', after: null },
  ],
  reason: 'done',
  references: ['inc_2'],
  status: 'proposed',
  created_by: 'other',
  created_at: at2026,
  created_by_me: false,
  decided_by: null,
  decided_at: null,
  reverts: null,
  reverted_by: null,
  id: 'u',
};

describe('patches', () => {
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

  it('are shown, with a value that is not there left out and null as null', async () => {
    at.handlers.patches = { getPatch: () => ({ patch }) };
    expect(await at.send('GET patches/patch_1', { token })).toMatchObject({ status: 200, body: shown });
  });

  it('are listed for all reports and for one', async () => {
    at.handlers.patches = {
      listPatches: ({ incidentId, status, domainId }) => {
        asked.push([incidentId, status, domainId]);
        return { patches: [patch], page: { page: 1, limit: 20, total: 1n } };
      },
    };
    const body = { patches: [shown], pagination: { page: 1, limit: 20, total: 1, next_cursor: null } };
    expect((await at.send('GET patches?status=proposed&domain_id=civic', { token })).body).toEqual(body);
    expect((await at.send('GET reports/inc_1/patches', { token })).body).toEqual(body);
    expect(asked).toEqual([
      ['', PatchStatus.PROPOSED, 'civic'],
      ['inc_1', PatchStatus.UNSPECIFIED, ''],
    ]);
  });

  it('are applied, rejected and reverted, once under one key', async () => {
    const answered = (request: object) => {
      asked.push(request);
      return { patch, replayed: true };
    };
    at.handlers.patches = { applyPatch: answered, rejectPatch: answered, revertPatch: answered };
    for (const [verb, body] of [['apply'], ['reject', {}], ['revert'], ['revert', { reason: 'a slip' }]]) {
      const sent = { token, headers: { 'idempotency-key': 'k' }, ...(body ? { body } : {}) };
      const answer = await at.send(`POST patches/patch_1/${verb}`, sent);
      expect(answer).toMatchObject({ status: 200, body: shown });
      expect(answer.headers.get('idempotency-replayed')).toBe('true');
    }
    const one = { patchId: 'patch_1', requestId: 'k' };
    expect(asked).toMatchObject([one, one, { ...one, reason: '' }, { ...one, reason: 'a slip' }]);
  });

  it.each([{ reason: '' }, { reason: 'x'.repeat(1_001) }, { reason: 7 }])(
    'are not reverted for the reason of %j',
    async (body) => {
      const answer = await at.send('POST patches/patch_1/revert', { token, body });
      expect(answer.status).toBe(400);
      expect(problemOf(answer).details.map(({ field }) => field)).toEqual(['reason']);
    },
  );

  it('that stand in the way are told with their paths', async () => {
    at.handlers.patches = {
      revertPatch: () => {
        const violations = [{ field: 'management_data.note', reason: 'was changed by patch_2' }];
        throw new Fault('failed_precondition', 'A later change holds the path', { violations });
      },
    };
    const answer = await at.send('POST patches/patch_1/revert', { token });
    expect(answer.status).toBe(409);
    expect(problemOf(answer).details).toEqual([
      { field: 'management_data.note', reason: 'was changed by patch_2' },
    ]);
  });
});
