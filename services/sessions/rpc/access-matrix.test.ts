// Every RPC called by everybody who may and who may not: the rows are the RPCs that the protos declare, so that a new one needs an entry.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { CallOptions } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault, type FaultReason } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId, prefixedId } from '../../../foundation/ids/ids.ts';
import { QueryJobService } from '../../../proto/gen/domainflow/sessions/v1/query_job_service_pb.js';
import { SessionService } from '../../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import { newPerson, newQuestion, startTestSessions, type TestSessions } from '../app.for-test.ts';

const at = timestampFromDate(new Date('2030-01-01T00:00:00.000Z'));
const capabilities = ['ingestion', 'query', 'management', 'deletion'];

/** What an RPC may be about. */
interface Target {
  readonly sessionId: string;
  readonly queryId: string;
  readonly jobId: string;
  readonly incidentId: string;
  /** A question that nobody asked yet. */
  readonly next: ReturnType<typeof newQuestion>;
}

/** Who calls. Those in whose name a run calls have a run that has every right to, so that whose it is decides alone. */
const columns = [
  'nobody',
  'a service for itself',
  'a person: the owner, a viewer',
  'the owner as it is meant',
  'a run of another class',
  'a run with another target',
  'another user of the tenant',
  'an admin of the tenant',
  'another tenant',
] as const;
type Column = (typeof columns)[number];

/** `ok`, or why it is refused. */
type Expected = 'ok' | FaultReason;

interface Row {
  /** The classes of the runs that may call it; none when it is for people, undefined when it is for both. */
  readonly runs: readonly string[] | undefined;
  /** What such a run must have as its target. */
  readonly target?: (target: Target) => string;
  readonly call: (target: Target, options: CallOptions) => Promise<unknown>;
  /** In the order of the columns. */
  readonly expected: readonly Expected[];
  /** Set where the answer tells of the whole tenant, for the platform. */
  readonly tenantWide?: boolean;
}

const [ok, no, none, who] = ['ok', 'permission_denied', 'not_found', 'unauthenticated'] as const;
const unready = 'failed_precondition';

let service: TestSessions;
beforeAll(async () => {
  service = await startTestSessions();
}, 30_000);
afterAll(() => service.close(), 20_000);

const ownRead = { runs: undefined };
const writer = { runs: ['query', 'management'] };
const deletion = { runs: ['deletion'] };
const rows: Readonly<Record<string, Row>> = {
  createSession: {
    runs: [],
    call: (_, options) => service.sessions.createSession({ domainId: 'civic' }, options),
    expected: [who, who, ok, ok, no, no, ok, ok, ok],
  },
  updateSession: {
    runs: [],
    call: ({ sessionId }, options) => service.sessions.updateSession({ sessionId, title: 'New' }, options),
    expected: [who, who, ok, ok, no, no, no, no, none],
  },
  deleteSession: {
    ...deletion,
    target: ({ sessionId }) => sessionId,
    call: ({ sessionId }, options) => service.sessions.deleteSession({ sessionId }, options),
    expected: [who, who, no, ok, no, no, no, no, ok],
  },
  purgeSession: {
    ...deletion,
    target: ({ sessionId }) => sessionId,
    call: ({ sessionId }, options) => service.sessions.purgeSession({ sessionId }, options),
    expected: [who, who, no, unready, no, no, no, no, ok],
  },
  getSession: {
    ...ownRead,
    call: ({ sessionId }, options) => service.sessions.getSession({ sessionId, messageLimit: 9 }, options),
    expected: [who, who, ok, ok, ok, ok, no, no, none],
  },
  listSessions: {
    ...ownRead,
    call: (_, options) => service.sessions.listSessions({}, options),
    expected: [who, who, ok, ok, ok, ok, ok, ok, ok],
  },
  createQueryJob: {
    ...writer,
    target: ({ next }) => next.queryId,
    call: ({ next }, options) => service.jobs.createQueryJob(next, options),
    expected: [who, who, no, ok, no, no, no, no, none],
  },
  getQueryJob: {
    ...ownRead,
    call: ({ queryId }, options) => service.jobs.getQueryJob({ queryId }, options),
    expected: [who, who, ok, ok, ok, ok, no, no, none],
  },
  listQueryJobs: {
    ...ownRead,
    call: ({ sessionId }, options) => service.jobs.listQueryJobs({ sessionId }, options),
    expected: [who, who, ok, ok, ok, ok, ok, ok, ok],
  },
  completeQueryJob: {
    ...writer,
    target: ({ queryId }) => queryId,
    call: ({ queryId, jobId }, options) => {
      const said = { messageId: prefixedId('msg_', newId()), messageContent: 'x', at };
      return service.jobs.completeQueryJob({ queryId, jobId, ...said }, options);
    },
    expected: [who, who, no, ok, no, no, no, no, ok],
  },
  reopenQueryJob: {
    ...writer,
    target: ({ queryId }) => queryId,
    call: ({ queryId, jobId }, options) =>
      service.jobs.reopenQueryJob(
        { queryId, jobId: prefixedId('job_', newId()), earlierJobId: jobId, at },
        options,
      ),
    // Its run has not ended.
    expected: [who, who, no, unready, no, no, no, no, none],
  },
  deleteQueryJob: {
    ...deletion,
    target: ({ queryId }) => queryId,
    call: ({ queryId }, options) => service.jobs.deleteQueryJob({ queryId }, options),
    expected: [who, who, no, ok, no, no, no, no, ok],
  },
  purgeQueryJob: {
    ...deletion,
    target: ({ queryId }) => queryId,
    call: ({ queryId }, options) => service.jobs.purgeQueryJob({ queryId }, options),
    expected: [who, who, no, unready, no, no, no, no, ok],
  },
  markReferenceDeleted: {
    ...deletion,
    target: ({ incidentId }) => incidentId,
    call: ({ incidentId }, options) => service.jobs.markReferenceDeleted({ incidentId }, options),
    // Whoever may delete a report marks it for all of the tenant, and for no other tenant.
    expected: [who, who, no, ok, no, no, ok, ok, ok],
  },
  listUnsettled: {
    runs: ['reconcile'],
    target: () => '',
    call: (_, options) => service.jobs.listUnsettled({ before: at }, options),
    // The platform asks, for a tenant: its tokens name no target, of whatever class they are.
    expected: [who, who, no, ok, ok, no, ok, ok, ok],
    tenantWide: true,
  },
};

/** A session of the owner with a job that waits for its run, and a question that is not asked yet. */
async function newTarget(owner: Principal): Promise<Target> {
  const { session } = await service.sessions.createSession({ domainId: 'civic' }, service.as(owner));
  const sessionId = session?.sessionId ?? '';
  const question = newQuestion(sessionId, '2029-01-01T00:00:00.000Z');
  const options = service.asRun(owner, { writeTarget: question.queryId });
  await service.jobs.createQueryJob(question, options);
  return { ...question, incidentId: prefixedId('inc_', newId()), next: newQuestion(sessionId, '2029-02-01') };
}

function absentTarget(): Target {
  const question = newQuestion(prefixedId('sess_', newId()), '2029-01-01');
  return {
    ...question,
    incidentId: prefixedId('inc_', newId()),
    next: newQuestion(question.sessionId, '2029-02-01'),
  };
}

interface Cell {
  readonly row: Row;
  readonly owner: Principal;
  readonly target: Target;
}

/** How the callers of a column call; several where there are several ways to be wrong. */
function optionsOf(column: Column, { row, owner, target }: Cell): CallOptions[] {
  const meant = (person: Principal): CallOptions[] =>
    row.runs?.length
      ? row.runs.map((capability) =>
          service.asRun(person, { capability, writeTarget: row.target?.(target) ?? '' }),
        )
      : [service.as(person)];
  const [capability = 'query'] = row.runs ?? [];
  const classes = capabilities.filter((one) => !row.runs?.includes(one));
  const targets = ['', target.sessionId, target.queryId, target.incidentId, prefixedId('inc_', newId())];
  const wrong = targets.filter((one) => one !== (row.target?.(target) ?? 'none'));
  const options: Record<Column, () => CallOptions[]> = {
    nobody: () => [service.asNobody()],
    'a service for itself': () => [service.asService()],
    'a person: the owner, a viewer': () => [service.as(owner)],
    'the owner as it is meant': () => meant(owner).slice(0, 1),
    'a run of another class': () =>
      classes.map((one) =>
        service.asRun(owner, { capability: one, writeTarget: row.target?.(target) ?? '' }),
      ),
    'a run with another target': () =>
      wrong.map((writeTarget) => service.asRun(owner, { capability, writeTarget })),
    'another user of the tenant': () => meant(newPerson(owner.tenantId)),
    'an admin of the tenant': () => meant(newPerson(owner.tenantId, ['admin'])),
    'another tenant': () => meant(newPerson(undefined, ['admin'])),
  };
  return options[column]();
}

async function outcomeOf(call: Promise<unknown>): Promise<{ code: unknown; said: unknown }> {
  try {
    return { code: 'ok', said: await call };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { code: error.reason, said: error.message };
  }
}

function read(owner: Principal, { sessionId, queryId }: Target) {
  const wanted = { sessionId, messageLimit: 10 };
  return Promise.all([
    service.sessions.getSession(wanted, service.as(owner)),
    service.jobs.getQueryJob({ queryId }, service.as(owner)),
  ]);
}

/** Columns that change nothing of the owner's, whatever they are answered. */
const harmless = columns.filter((column) => !/owner/.test(column));
const foreign: readonly Column[] = ['another user of the tenant', 'an admin of the tenant', 'another tenant'];
const methods = [...SessionService.methods, ...QueryJobService.methods].map(({ localName }) => localName);

function text(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part));
}

describe('access', () => {
  it('is said for every RPC', () => {
    expect(Object.keys(rows).sort()).toEqual(methods.sort());
  });

  describe.each(methods)('to %s', (name) => {
    const row = (): Row =>
      rows[name] ?? { ...ownRead, call: () => Promise.reject(new Error(name)), expected: [] };

    it.each(columns.map((column, at) => [column, row().expected[at]] as const))(
      'of %s: %s',
      async (column, expected) => {
        const owner = newPerson();
        const target = await newTarget(owner);
        const before = await read(owner, target);
        const outcomes = [];
        for (const options of optionsOf(column, { row: row(), owner, target }))
          outcomes.push(await outcomeOf(row().call(target, options)));
        expect(outcomes).not.toEqual([]);
        expect(outcomes.map(({ code }) => code)).toEqual(outcomes.map(() => expected));
        if (harmless.includes(column)) expect(await read(owner, target)).toEqual(before);
        if (foreign.includes(column) && !row().tenantWide)
          for (const id of [target.sessionId, target.queryId]) expect(text(outcomes)).not.toContain(id);
      },
    );

    it('tells another tenant nothing of whether there is such a thing', async () => {
      if (name === 'createSession') return; // is about nothing that could be there
      const owner = newPerson();
      const target = await newTarget(owner);
      const cell = { row: row(), owner };
      const [options] = optionsOf('another tenant', { ...cell, target });
      const absent = absentTarget();
      const [absentOptions] = optionsOf('another tenant', { ...cell, target: absent });
      expect(await outcomeOf(row().call(target, options ?? {}))).toEqual(
        await outcomeOf(row().call(absent, absentOptions ?? {})),
      );
    });
  });
});
