// Deletions over the wire: who may delete what, what is gone when a call answers, and what goes afterwards.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { context as contextApi, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { Fault } from '../../../foundation/fault/fault.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newPerson, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import type { DeletionKind } from '../core/deletion.ts';
import {
  deleteObject,
  makeDue,
  methodsFor,
  objectOf,
  reasonOf,
  recordedFor,
  until,
  untilFailed,
  untilPassed,
} from './deletions.for-test.ts';

let databases: TestDatabases;
let app: TestOrchestrator;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'deleting');
}, 30_000);
afterEach(async () => {
  app.neighbours.onDeletion = async () => undefined;
  await app.stores.admin.query('truncate orchestrator.deletions');
});
afterAll(async () => {
  await app.close();
  await databases.stop();
});

const kinds: DeletionKind[] = ['report', 'session', 'query'];
const pass = {
  report: [
    'deleteReport',
    ...['purgeReport', 'purgeReport', 'purgeReport'],
    ...['markReferenceDeleted', 'markReferenceDeleted'],
  ],
  session: ['deleteSession', 'purgeSession', 'purgeSession', 'purgeSession'],
  query: ['deleteQueryJob', 'purgeQueryJob', 'purgeQueryJob', 'purgeQueryJob'],
};
const secondPass = {
  report: ['deleteReport', 'purgeReport', 'markReferenceDeleted'],
  session: ['deleteSession', 'purgeSession'],
  query: ['deleteQueryJob', 'purgeQueryJob'],
};

/** Holds a method of an object up; resolves `reached` when it is called. */
function hold(method: string, subjectId: string) {
  const reached = Promise.withResolvers<void>();
  const letGo = Promise.withResolvers<void>();
  app.neighbours.onDeletion = async (when, called, subject) => {
    if (when !== 'before' || called !== method || subject !== subjectId) return;
    reached.resolve();
    await letGo.promise;
  };
  return { reached: reached.promise, letGo: letGo.resolve };
}

describe.each(kinds)('a %s', (kind) => {
  it('is gone when its deletion is answered, and all that belongs to it soon after', async () => {
    const owner = newPerson();
    const subjectId = objectOf(app, kind, owner);
    await deleteObject(app, subjectId, owner);
    expect(app.neighbours.gone.has(subjectId)).toBe(true);
    await untilPassed(app, subjectId, 1);
    const [tombstone = '', ...rest] = pass[kind];
    expect(methodsFor(app, subjectId)).toEqual([tombstone, tombstone, ...rest]);
    expect(app.neighbours.parts.get(subjectId)).toBe(0);
    expect(app.neighbours.parts.get(`references ${subjectId}`) ?? 0).toBe(0);
    const { userId, roles } = owner;
    for (const call of app.neighbours.deletionCalls.filter((each) => each.subjectId === subjectId)) {
      expect(call).toMatchObject({ userId, roles });
    }
  });

  it('is gone through once more, and then its deletion is over', async () => {
    const owner = newPerson();
    const subjectId = objectOf(app, kind, owner);
    await deleteObject(app, subjectId, owner);
    await untilPassed(app, subjectId, 1);
    const before = methodsFor(app, subjectId).length;
    expect(await recordedFor(app, subjectId)).toMatchObject({ passes: 1, attempts: 0 });
    await makeDue(app);
    await untilPassed(app, subjectId, 2);
    expect(methodsFor(app, subjectId).slice(before)).toEqual(secondPass[kind]);
    expect(await recordedFor(app, subjectId)).toBeUndefined();
  });

  it('cannot be deleted twice, also while the first deletion is under way', async () => {
    const owner = newPerson();
    const subjectId = objectOf(app, kind, owner);
    const { reached, letGo } = hold(pass[kind][1] ?? '', subjectId);
    await deleteObject(app, subjectId, owner);
    await reached;
    expect(await reasonOf(deleteObject(app, subjectId, owner))).toBe('not_found');
    letGo();
    await untilPassed(app, subjectId, 1);
    expect(await reasonOf(deleteObject(app, subjectId, owner))).toBe('not_found');
  });

  it('that was never there is not found, as is one of another tenant, and nothing is recorded', async () => {
    const foreign = objectOf(app, kind, newPerson({ roles: ['admin'] }));
    const stranger = newPerson({ roles: ['admin'] });
    const never = foreign.replace(/.{8}$/, '00000000');
    for (const subjectId of [foreign, never, `${foreign.slice(0, foreign.indexOf('_'))}_1`]) {
      expect(await reasonOf(deleteObject(app, subjectId, stranger))).toBe('not_found');
    }
    expect(app.neighbours.gone.has(foreign)).toBe(false);
    expect(await app.stores.deletionQueue.count(10)).toBe(0);
  });

  it('is gone in the end also when its service was away at first', async () => {
    const owner = newPerson();
    const subjectId = objectOf(app, kind, owner);
    let away = 2;
    app.neighbours.onDeletion = async (when) => {
      if (when === 'after' || away === 0) return;
      away -= 1;
      throw new Fault('permission_denied', 'Not now');
    };
    expect(await reasonOf(deleteObject(app, subjectId, owner))).toBe('permission_denied');
    await untilPassed(app, subjectId, 0);
    await untilFailed(app, subjectId, 1);
    await makeDue(app);
    await untilPassed(app, subjectId, 1);
    expect(app.neighbours.gone.has(subjectId)).toBe(true);
    expect(app.neighbours.parts.get(subjectId)).toBe(0);
  });
});

describe('a report', () => {
  it.each([
    ['its author as an editor', 'editor', true, undefined],
    ['another editor', 'editor', false, 'permission_denied'],
    ['its author as a viewer', 'viewer', true, 'permission_denied'],
    ['an admin', 'admin', false, undefined],
  ])('may be deleted by %s: %#', async (_, role, isAuthor, expected) => {
    const author = newPerson();
    const other = newPerson({ tenantId: author.tenantId });
    const person = { ...(isAuthor ? author : other), roles: [role] };
    const subjectId = objectOf(app, 'report', author);
    expect(await reasonOf(deleteObject(app, subjectId, person))).toBe(expected);
    expect(app.neighbours.gone.has(subjectId)).toBe(expected === undefined);
    await untilPassed(app, subjectId, 1);
  });
});

describe.each(['session', 'query'] as const)('a %s', (kind) => {
  it('may be deleted by its owner alone, whatever the roles', async () => {
    const owner = newPerson({ roles: ['viewer'] });
    const admin = newPerson({ tenantId: owner.tenantId, roles: ['admin'] });
    const subjectId = objectOf(app, kind, owner);
    expect(await reasonOf(deleteObject(app, subjectId, admin))).toBe('permission_denied');
    expect(app.neighbours.gone.has(subjectId)).toBe(false);
    expect(await reasonOf(deleteObject(app, subjectId, owner))).toBeUndefined();
    await untilPassed(app, subjectId, 1);
  });
});

describe('a deletion', () => {
  it('is recorded before anything is taken away', async () => {
    const owner = newPerson();
    const subjectId = objectOf(app, 'report', owner);
    const recorded: unknown[] = [];
    app.neighbours.onDeletion = async () => {
      recorded.push(await recordedFor(app, subjectId));
    };
    await deleteObject(app, subjectId, owner);
    expect(recorded[0]).toMatchObject({ passes: 0 });
    await untilPassed(app, subjectId, 1);
  });

  it('belongs to the trace of its request, and keeps who asked', async () => {
    const owner = newPerson();
    const subjectId = objectOf(app, 'query', owner);
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const caller = trace.setSpanContext(ROOT_CONTEXT, {
      traceId,
      spanId: 'b7ad6b7169203331',
      traceFlags: TraceFlags.SAMPLED,
    });
    await contextApi.with(caller, () => deleteObject(app, subjectId, owner));
    const { rows } = await app.stores.admin.query(
      'select traceparent, principal from orchestrator.deletions where subject_id = $1',
      [subjectId],
    );
    expect(rows[0].traceparent).toContain(traceId);
    expect(JSON.parse(rows[0].principal)).toEqual(owner);
    await untilPassed(app, subjectId, 1);
  });

  it('does not hold others up, however often it fails', async () => {
    const owner = newPerson();
    const bad = objectOf(app, 'report', owner);
    app.neighbours.onDeletion = async (_, method, subjectId) => {
      if (subjectId === bad && method === 'purgeReport') throw new Fault('permission_denied', 'Never');
    };
    await deleteObject(app, bad, owner);
    await untilFailed(app, bad, 1);
    const good = objectOf(app, 'report', owner);
    await deleteObject(app, good, owner);
    await untilPassed(app, good, 1);
    expect(app.neighbours.parts.get(good)).toBe(0);
    expect(await recordedFor(app, bad)).toMatchObject({ passes: 0 });
  });

  it('marks what rests on the report also while its parts cannot be removed', async () => {
    const owner = newPerson();
    const subjectId = objectOf(app, 'report', owner);
    let away = true;
    app.neighbours.onDeletion = async (_, method, subject) => {
      if (away && subject === subjectId && method === 'purgeReport') {
        throw new Fault('permission_denied', 'Not now');
      }
    };
    await deleteObject(app, subjectId, owner);
    await untilFailed(app, subjectId, 1);
    expect(app.neighbours.parts.get(`references ${subjectId}`)).toBe(0);
    expect(app.neighbours.parts.get(subjectId)).toBe(3);
    away = false;
    await makeDue(app);
    await untilPassed(app, subjectId, 1);
    expect(app.neighbours.parts.get(subjectId)).toBe(0);
  });

  it('does nothing else before the object itself is gone', async () => {
    const owner = newPerson();
    const subjectId = objectOf(app, 'report', owner);
    app.neighbours.onDeletion = async (_, method) => {
      if (method === 'deleteReport') throw new Fault('permission_denied', 'Not now');
    };
    expect(await reasonOf(deleteObject(app, subjectId, owner))).toBe('permission_denied');
    await untilFailed(app, subjectId, 1);
    expect(methodsFor(app, subjectId)).toEqual([]);
  });

  it('is counted as long as it is not over', async () => {
    const owner = newPerson();
    const subjectId = objectOf(app, 'session', owner);
    const waiting = async () =>
      /domainflow_deletions_waiting (\d+)/.exec(await app.metrics.metrics())?.[1] ?? '';
    await until(async () => (await waiting()) === '0');
    await deleteObject(app, subjectId, owner);
    await until(async () => (await waiting()) === '1');
    await untilPassed(app, subjectId, 1);
    await makeDue(app);
    await untilPassed(app, subjectId, 2);
    await until(async () => (await waiting()) === '0');
  });

  it('of many objects at once is carried out for each of them', async () => {
    const owner = newPerson();
    const subjects = Array.from({ length: 30 }, () => objectOf(app, 'query', owner));
    await Promise.all(subjects.map((subjectId) => deleteObject(app, subjectId, owner)));
    for (const subjectId of subjects) {
      await untilPassed(app, subjectId, 1);
      expect(app.neighbours.parts.get(subjectId)).toBe(0);
    }
  });

  it('cannot be asked for by a run, though it has the right for that object', async () => {
    const owner = newPerson({ roles: ['admin'] });
    for (const kind of kinds) {
      const subjectId = objectOf(app, kind, owner);
      const run = { runId: randomUUID(), capability: 'deletion', writeTarget: subjectId };
      const asRun = { deletions: app.deletions, as: () => app.asRun(owner, run) };
      expect(await reasonOf(deleteObject(asRun, subjectId, owner))).toBe('permission_denied');
      expect(app.neighbours.gone.has(subjectId)).toBe(false);
    }
  });
});
