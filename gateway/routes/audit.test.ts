// The audit log through the gateway: what is asked of the two services that write it, and one list of what they answer.
import { create } from '@bufbuild/protobuf';
import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault } from '../../foundation/fault/fault.ts';
import { microsOf, timestampOfMicros } from '../../foundation/paging/list-place.ts';
import type { ListPlace } from '../../proto/gen/domainflow/common/v1/page_pb.js';
import { AuditEntrySchema as ExecutionEntrySchema } from '../../proto/gen/domainflow/orchestrator/v1/audit_pb.js';
import { AuditEntrySchema } from '../../proto/gen/domainflow/registry/v1/audit_pb.js';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

const userId = '019ab000-0000-7000-8000-000000000001';
const second = 1_000_000n;
const noon = 1_767_268_800n * second;

let at: TestGateway;
let admin: string;
beforeAll(async () => {
  at = await startGatewayForTest();
  admin = await at.token({ roles: ['admin'] });
});
afterEach(() => {
  delete at.handlers.audit;
  delete at.handlers.executionAudit;
});
afterAll(() => at.close());

/** Ids that sort like their numbers. */
const idOf = (of: number) => `019ab000-0000-7000-8000-${String(of).padStart(12, '0')}`;

interface Asked {
  readonly after?: ListPlace | undefined;
  readonly page?: { readonly limit: number } | undefined;
}

const written = { operationType: 'delete', entityType: 'team', status: 'success' };

/** What a service answers of its entries, given as microseconds after noon and number of id, as each of them does. */
function partOf(keys: readonly (readonly [us: number, id: number])[], { after, page }: Asked) {
  const [place, id] = after?.at ? [microsOf(after.at), after.id] : [undefined, ''];
  const matching = keys
    .map(([us, of]) => ({ us: noon + BigInt(us), id: idOf(of) }))
    .toSorted((a, b) => Number(b.us - a.us) || (a.id < b.id ? 1 : -1));
  const left = matching.filter(
    (key) => place === undefined || key.us < place || (key.us === place && key.id < id),
  );
  const limit = page?.limit ?? 0;
  const entries = left
    .slice(0, limit)
    .map((key) => ({ ...written, id: key.id, timestamp: timestampOfMicros(key.us) }));
  const total = place === undefined ? { total: BigInt(keys.length) } : {};
  return { entries, page: { limit, ...total, nextCursor: left.length > limit ? 'its own' : '' } };
}

/** Lets the two services answer these entries; answers the limits that they were asked for. */
function answerWith(
  ofRegistry: readonly (readonly [number, number])[],
  ofOrchestrator: readonly (readonly [number, number])[],
) {
  at.handlers.audit = {
    listAuditEntries: (request) => {
      const { entries, page } = partOf(ofRegistry, request);
      return { entries: entries.map((entry) => create(AuditEntrySchema, entry)), page };
    },
  };
  at.handlers.executionAudit = {
    listAuditEntries: (request) => {
      const { entries, page } = partOf(ofOrchestrator, request);
      return { entries: entries.map((entry) => create(ExecutionEntrySchema, entry)), page };
    },
  };
}

const numbersOf = (body: { entries: readonly { id: string }[] }) =>
  body.entries.map(({ id }) => Number(id.slice(-12)));
const get = (query: string) => at.send(`GET audit?${query}`, { token: admin });

describe('the audit log', () => {
  it('shows what both services tell, the newest first', async () => {
    at.handlers.audit = {
      listAuditEntries: () => ({
        entries: [
          {
            ...{
              id: idOf(1),
              operationType: 'create',
              entityType: 'team',
              entityId: 'team-1',
              status: 'success',
            },
            ...{ message: 'Created a team', afterHash: 'a'.repeat(64), userId, traceId: 'b'.repeat(32) },
            ...{ durationMs: 4, timestamp: timestampOfMicros(noon) },
          },
        ],
        page: { limit: 20, total: 1n },
      }),
    };
    at.handlers.executionAudit = {
      listAuditEntries: () => ({
        entries: [
          {
            ...{ id: idOf(2), operationType: 'execution_start', entityType: 'execution', entityId: 'job_1' },
            ...{ status: 'success', message: 'Started a run', details: { kind: 'ingest' }, userId },
            timestamp: timestampOfMicros(noon + second),
          },
        ],
        page: { limit: 20, total: 1n },
      }),
    };
    const { status, body } = await get('limit=20');
    expect(status).toBe(200);
    expect(body).toEqual({
      entries: [
        {
          ...{ id: idOf(2), operation_type: 'execution_start', entity_type: 'execution', entity_id: 'job_1' },
          ...{ status: 'success', message: 'Started a run', details: { kind: 'ingest' }, before_hash: null },
          ...{ after_hash: null, user_id: userId, trace_id: null, duration_ms: null },
          timestamp: '2026-01-01T12:00:01.000Z',
        },
        {
          ...{ id: idOf(1), operation_type: 'create', entity_type: 'team', entity_id: 'team-1' },
          ...{ status: 'success', message: 'Created a team', details: {}, before_hash: null },
          ...{ after_hash: 'a'.repeat(64), user_id: userId, trace_id: 'b'.repeat(32), duration_ms: 4 },
          timestamp: '2026-01-01T12:00:00.000Z',
        },
      ],
      pagination: { page: 1, limit: 20, total: 2, next_cursor: null },
    });
  });

  it('is asked of both by every filter, and of one alone where the other has no such entries', async () => {
    const asked: unknown[] = [];
    const note = (service: string) => ({
      listAuditEntries: ({
        from,
        to,
        operationType,
        entityType,
        entityId,
        status,
        userId: of,
      }: {
        readonly from?: Timestamp;
        readonly to?: Timestamp;
        readonly operationType: string;
        readonly entityType: string;
        readonly entityId: string;
        readonly status: string;
        readonly userId: string;
      }) => {
        const times = [from, to].map((time) => time && timestampDate(time));
        asked.push([service, operationType, entityType, entityId, status, of, ...times]);
        return { entries: [], page: { limit: 20, total: 0n } };
      },
    });
    at.handlers.audit = note('registry');
    at.handlers.executionAudit = note('orchestrator');
    const filters = `operation_type=delete&entity_id=x&status=success&user_id=${userId}`;
    await get(`${filters}&from=2026-03-01&to=2026-03-02T00:00:00%2B01:00`);
    const times = [new Date('2026-03-01T00:00:00Z'), new Date('2026-03-01T23:00:00Z')];
    const words = ['delete', '', 'x', 'success', userId, ...times];
    expect(asked.splice(0).toSorted()).toEqual([
      ['orchestrator', ...words],
      ['registry', ...words],
    ]);
    await get('operation_type=grant');
    await get('entity_type=approval');
    const alone = (asked.splice(0) as string[][]).map((each) => each.slice(0, 3));
    expect(alone).toEqual([
      ['registry', 'grant', ''],
      ['orchestrator', '', 'approval'],
    ]);
    const { body } = await get('operation_type=grant&entity_type=approval');
    expect([asked, body.entries, body.pagination.total]).toEqual([[], [], 0]);
  });

  it.each([1, 2, 3, 100])('is read to its end in pages of %i, by cursor and by number', async (limit) => {
    const registry = [
      [5, 1],
      [5, 4],
      [3, 2],
      [1, 9],
    ] as const;
    const orchestrator = [
      [5, 3],
      [4, 6],
      [3, 1],
      [3, 7],
      [0, 8],
    ] as const;
    answerWith(registry, orchestrator);
    const whole = [4, 3, 1, 6, 7, 2, 1, 9, 8];
    const walked: number[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await get(`limit=${limit}${cursor && `&cursor=${cursor}`}`);
      expect(body.pagination.total).toBe(cursor ? undefined : 9);
      walked.push(...numbersOf(body));
      cursor = body.pagination.next_cursor;
      if (cursor === null) break;
    }
    expect(walked).toEqual(whole);
    for (let page = 1; page <= 10; page += 1) {
      const { body } = await get(`limit=${limit}&page=${page}`);
      expect(numbersOf(body)).toEqual(whole.slice((page - 1) * limit, page * limit));
      const isLast = page * limit >= whole.length;
      expect([body.pagination.total, body.pagination.next_cursor === null]).toEqual([9, isLast]);
    }
  });

  it('reaches pages by number beyond what one call answers', async () => {
    const many = Array.from({ length: 260 }, (_, of) => [of, of] as const);
    answerWith(
      many.filter(([of]) => of % 3 === 0),
      many.filter(([of]) => of % 3 !== 0),
    );
    const { body } = await get('page=13&limit=20');
    expect(numbersOf(body)).toEqual(Array.from({ length: 20 }, (_, of) => 19 - of));
    expect(body.pagination).toMatchObject({ page: 13, total: 260, next_cursor: null });
  });

  it('goes on where a page ended, whatever is written meanwhile', async () => {
    const old = [
      [1, 1],
      [2, 2],
      [3, 3],
    ] as const;
    answerWith(old, []);
    const { body } = await get('limit=2');
    answerWith(
      [...old, [9, 9]],
      [
        [8, 8],
        [2, 1],
      ],
    );
    const rest = await get(`limit=2&cursor=${body.pagination.next_cursor}`);
    expect([numbersOf(body), numbersOf(rest.body)]).toEqual([
      [3, 2],
      [1, 1],
    ]);
  });

  it('refuses a cursor that was altered, of other filters or of another tenant', async () => {
    answerWith(
      [
        [1, 1],
        [2, 2],
      ],
      [],
    );
    const cursor: string = (await get('limit=1&status=success')).body.pagination.next_cursor;
    const stranger = await at.token({ roles: ['admin'], tenant: 'globex' });
    const own = `limit=1&status=success&cursor=${cursor}`;
    expect((await get(own)).status).toBe(200);
    const altered = cursor.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
    for (const answer of [
      await get(`limit=1&status=success&cursor=${altered}`),
      await get(`limit=1&cursor=${cursor}`),
      await at.send(`GET audit?${own}`, { token: stranger }),
    ]) {
      expect([answer.status, problemOf(answer).details[0]?.field]).toEqual([400, 'cursor']);
    }
  });

  it('names everything that is wrong at once', async () => {
    const times = await get('from=yesterday&to=2026-02-30&limit=x');
    expect(times.status).toBe(400);
    expect(problemOf(times).details).toEqual([
      { field: 'limit', reason: 'must be a whole number' },
      { field: 'from', reason: expect.stringContaining('such as 2026-03-01T10:00:00Z') },
      { field: 'to', reason: expect.stringContaining('such as 2026-03-01T10:00:00Z') },
    ]);
    const words = await get('operation_type=read&status=fine&user_id=alice&page=101&limit=100');
    const fields = problemOf(words).details.map(({ field }) => field);
    expect([words.status, fields]).toEqual([400, ['page', 'operation_type', 'status', 'user_id']]);
  });

  it.each(['registry', 'orchestrator'])(
    'is whole or not at all when the %s is away, and says so',
    async (name) => {
      answerWith([[1, 1]], [[2, 2]]);
      const away = () => {
        throw new Fault('unavailable', 'A sentence from inside the mesh');
      };
      if (name === 'registry') at.handlers.audit = { listAuditEntries: away };
      else at.handlers.executionAudit = { listAuditEntries: away };
      const answer = await get('limit=5');
      expect([answer.status, problemOf(answer).detail]).toEqual([503, expect.stringContaining(name)]);
      expect(answer.headers.get('retry-after')).not.toBeNull();
    },
  );

  it('is not shown while a service cannot be reached', async () => {
    const lonely = await startGatewayForTest({ absent: ['orchestrator'] });
    lonely.handlers.audit = { listAuditEntries: () => ({ entries: [], page: { limit: 20, total: 0n } }) };
    const token = await lonely.token({ roles: ['admin'] });
    const answer = await lonely.send('GET audit', { token });
    const ofRegistry = await lonely.send('GET audit?entity_type=team', { token });
    await lonely.close();
    expect([answer.status, problemOf(answer).detail]).toEqual([503, expect.stringContaining('orchestrator')]);
    expect(ofRegistry.status).toBe(200);
  });
});
