// Approvals and commands on a real database: what is listed to whom, and that one tenant sees nothing of another.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { JournalEvent } from '../core/journal-event.ts';
import { createPostgresApprovalStore } from './postgres-approval-store.ts';
import { createPostgresCommandStore } from './postgres-command-store.ts';
import { createPostgresJournalReader } from './postgres-journal-reader.ts';
import type { ApprovalChange, ApprovalStore, CommandStore } from './store.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';
import { commandsMax } from './write-command.ts';

let databases: TestDatabases;
let stores: TestStores;
let approvals: ApprovalStore;
let commands: CommandStore;
let ownerId: string;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'approvals');
  approvals = createPostgresApprovalStore(stores.app);
  commands = createPostgresCommandStore(stores.app);
  ownerId = await stores.newOwner();
}, 30_000);
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

const askedMs = Date.UTC(2026, 0, 1);

function requested(nodeId: string, changes: object = {}): ApprovalChange {
  const asked = { taskId: `task_of_${nodeId}`, domainId: 'city', prompt: 'May it?', roles: ['admin'] };
  const times = { requestedAtMs: askedMs, expiresAtMs: askedMs + 1_000 };
  return { type: 'requested', nodeId, ...asked, ...times, ...changes };
}

/** A run with these approvals; answers its record. */
async function runWith(changes: readonly ApprovalChange[], record = newRecord()) {
  const { tenantId, id: executionId } = record;
  const rows = [{ seq: 1, atMs: askedMs, events: [{ type: 'started' } as const] }];
  const nothing = { commandIds: [], cached: [] };
  const appended = { tenantId, executionId, record, rows, approvals: changes, ...nothing };
  expect(await stores.engine.append(ownerId, [appended])).toBe('appended');
  return record;
}

const waiting = { status: 'waiting', userId: newId(), roles: ['viewer'] } as const;

describe('approvals', () => {
  it('are read by node and by task, a node first', async () => {
    const record = await runWith([requested('b', { taskId: 'a' }), requested('a', { taskId: 'c' })]);
    expect(await approvals.read(record, 'a')).toMatchObject({ nodeId: 'a', taskId: 'c' });
    expect(await approvals.read(record, 'c')).toMatchObject({ nodeId: 'a' });
    expect(await approvals.read(record, 'd')).toBeUndefined();
    expect(await approvals.read({ ...record, tenantId: newId() }, 'a')).toBeUndefined();
    expect(await approvals.read(record, 'b')).toEqual({
      executionId: record.id,
      nodeId: 'b',
      taskId: 'a',
      domainId: 'city',
      prompt: 'May it?',
      roles: ['admin'],
      status: 'waiting',
      requestedAtMs: askedMs,
      expiresAtMs: askedMs + 1_000,
      comment: '',
      kind: 'ingest',
      createdBy: record.principal.userId,
    });
  });

  it('show how they were decided', async () => {
    const record = await runWith([requested('a')]);
    const decided = {
      status: 'rejected',
      decidedAtMs: askedMs + 5,
      decidedBy: newId(),
      comment: 'No',
    } as const;
    const { tenantId, id: executionId } = record;
    const change: ApprovalChange = { type: 'decided', nodeId: 'a', ...decided };
    const nothing = { rows: [], commandIds: [], cached: [] };
    await stores.engine.append(ownerId, [{ tenantId, executionId, approvals: [change], ...nothing }]);
    expect(await approvals.read(record, 'a')).toMatchObject(decided);
    expect(await approvals.list(tenantId, { filter: waiting, limit: 9, offset: 0 })).toEqual([]);
    expect(await approvals.count(tenantId, { ...waiting, status: 'rejected' }, 9)).toBe(1);
  });

  it('go on after a position, also among those of the same moment', async () => {
    const first = await runWith([requested('a'), requested('b')]);
    const { tenantId } = first;
    const second = await runWith([requested('a'), requested('b')], newRecord({ tenantId }));
    await runWith([requested('z', { requestedAtMs: askedMs + 1 })], newRecord({ tenantId }));
    const slice = { filter: waiting, limit: 9, offset: 0 };
    const all = await approvals.list(tenantId, slice);
    const names = all.map(({ executionId, nodeId }) => `${executionId} ${nodeId}`);
    expect(names.slice(1)).toEqual([`${second.id} a`, `${second.id} b`, `${first.id} a`, `${first.id} b`]);
    for (const [at, after] of all.entries()) {
      expect(await approvals.list(tenantId, { ...slice, after })).toEqual(all.slice(at + 1));
    }
    expect(await approvals.count(tenantId, waiting, 3)).toBe(3);
  });

  it.each(['query', 'management'] as const)(
    'of a %s are shown to its starter and its roles alone',
    async (kind) => {
      const record = await runWith([requested('a')], newRecord({ kind }));
      const { tenantId, principal } = record;
      const seen = (viewer: object) => approvals.count(tenantId, { ...waiting, ...viewer }, 9);
      expect(await seen({})).toBe(0);
      expect(await seen({ userId: principal.userId })).toBe(1);
      expect(await seen({ roles: ['viewer', 'editor', 'admin'] })).toBe(1);
      expect(await approvals.count(newId(), { ...waiting, roles: ['admin'] }, 9)).toBe(0);
    },
  );
});

describe('commands', () => {
  it('of one run wait up to a limit', async () => {
    const record = await runWith([]);
    const add = () => commands.add(record, { id: newId(), command: { type: 'pause', by: 'u' } });
    for (let at = 0; at < commandsMax; at += 1) expect(await add()).toBe('stored');
    expect(await add()).toBe('full');
    expect(await stores.engine.commandsOf(record)).toHaveLength(commandsMax);
    const other = await runWith([], newRecord({ tenantId: record.tenantId }));
    expect(await commands.add(other, { id: newId(), command: { type: 'pause', by: 'u' } })).toBe('stored');
  });
});

describe('a journal', () => {
  it('is read in parts that together are the whole of it', async () => {
    const record = await runWith([]);
    const { tenantId, id: executionId } = record;
    const event: JournalEvent = { type: 'paused', by: 'u' };
    const rows = Array.from({ length: 249 }, (_, at) => ({
      seq: 2 + 2 * at,
      atMs: askedMs,
      events: [event, event],
    }));
    const nothing = { approvals: [], commandIds: [], cached: [] };
    await stores.engine.append(ownerId, [{ tenantId, executionId, rows, ...nothing }]);
    const parts = await Array.fromAsync(createPostgresJournalReader(stores.app).parts(record));
    expect(parts.map((part) => part.length)).toEqual([199, 200, 100]);
    expect(parts.flat().map(({ seq }) => seq)).toEqual(Array.from({ length: 499 }, (_, at) => at + 1));
    const foreign = { ...record, tenantId: newId() };
    expect(await Array.fromAsync(createPostgresJournalReader(stores.app).parts(foreign))).toEqual([]);
  });
});
