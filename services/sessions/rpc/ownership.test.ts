// Every RPC against the session and the query job of somebody else: another user of the tenant, an admin of it, another tenant.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Principal, RunScope } from '../../../foundation/identity/principal.ts';
import { newId, prefixedId } from '../../../foundation/ids/ids.ts';
import { QueryJobService } from '../../../proto/gen/domainflow/sessions/v1/query_job_service_pb.js';
import { SessionService } from '../../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import { newPerson, newQuestion, startTestSessions, type TestSessions } from '../app.for-test.ts';

const at = timestampFromDate(new Date('2030-01-01T00:00:00.000Z'));
const owner = newPerson();
const absent = { sessionId: prefixedId('sess_', newId()), queryId: prefixedId('qry_', newId()) };

let service: TestSessions;
let target: { sessionId: string; queryId: string; jobId: string };

beforeAll(async () => {
  service = await startTestSessions();
  const request = { domainId: 'civic_complaints' };
  const { session } = await service.sessions.createSession(request, service.as(owner));
  const question = newQuestion(session?.sessionId ?? '', '2029-01-01T00:00:00.000Z');
  await service.jobs.createQueryJob(question, service.asRun(owner, { writeTarget: question.queryId }));
  target = { sessionId: question.sessionId, queryId: question.queryId, jobId: question.jobId };
}, 30_000);

afterAll(() => service.close(), 20_000);

interface Target {
  readonly sessionId: string;
  readonly queryId: string;
}

/** How somebody calls each RPC about a target; a run carries the rights that it needs, so that ownership alone decides. */
const calls: Record<string, (who: Principal, target: Target) => Promise<unknown>> = {
  createSession: (who) => service.sessions.createSession({ domainId: 'civic_complaints' }, service.as(who)),
  getSession: (who, { sessionId }) =>
    service.sessions.getSession({ sessionId, messageLimit: 10 }, service.as(who)),
  listSessions: async (who) => (await service.sessions.listSessions({}, service.as(who))).sessions.length,
  createQueryJob: (who, { sessionId }) => {
    const question = newQuestion(sessionId, '2030-01-01T00:00:00.000Z');
    return service.jobs.createQueryJob(question, service.asRun(who, { writeTarget: question.queryId }));
  },
  getQueryJob: (who, { queryId }) => service.jobs.getQueryJob({ queryId }, service.as(who)),
  listQueryJobs: async (who, { sessionId }) => [
    (await service.jobs.listQueryJobs({}, service.as(who))).jobs.length,
    (await service.jobs.listQueryJobs({ sessionId }, service.as(who))).jobs.length,
  ],
  completeQueryJob: (who, { queryId }) => {
    const messageId = prefixedId('msg_', newId());
    const outcome = { queryId, jobId: target.jobId, messageId, messageContent: 'x', at };
    return service.jobs.completeQueryJob(outcome, service.asRun(who, { writeTarget: queryId }));
  },
  listUnsettled: async (who) =>
    (await service.jobs.listUnsettled({ before: at }, service.asRun(who, {}))).jobs.map(
      ({ queryId }) => queryId,
    ),
};

function call(name: string, who: Principal, about: Target): Promise<unknown> {
  return calls[name]?.(who, about) ?? Promise.reject(new Error(`${name} is not tried`));
}

async function outcomeOf(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    return error instanceof Fault ? [error.reason, error.message] : error;
  }
}

const colleagues: [string, Principal][] = [
  ['another user of the tenant', newPerson(owner.tenantId)],
  ['an admin of the tenant', newPerson(owner.tenantId, ['admin'])],
];
const stranger = newPerson(undefined, ['admin']);

describe('ownership', () => {
  it('is tried on every RPC', () => {
    const methods = [...SessionService.methods, ...QueryJobService.methods].map(({ localName }) => localName);
    expect(Object.keys(calls).sort()).toEqual(methods.sort());
  });

  it.each(colleagues)('refuses %s by name and leaves it out of lists', async (_, who) => {
    const denied = ['permission_denied', expect.any(String)];
    for (const name of ['getSession', 'createQueryJob', 'getQueryJob', 'completeQueryJob'])
      expect([name, await outcomeOf(call(name, who, target))]).toEqual([name, denied]);
    expect(await call('listSessions', who, target)).toBe(0);
    expect(await call('listQueryJobs', who, target)).toEqual([0, 0]);
  });

  it('answers another tenant as if nothing had ever been there', async () => {
    for (const name of Object.keys(calls)) {
      if (name === 'createSession') continue;
      const [foreign, unknown] = [
        await outcomeOf(call(name, stranger, target)),
        await outcomeOf(call(name, stranger, absent)),
      ];
      expect([name, foreign]).toEqual([name, unknown]);
    }
    const refused: [string, string][] = [
      ['getSession', 'No such session'],
      ['createQueryJob', 'No such session'],
      ['getQueryJob', 'No such query'],
    ];
    for (const [name, sentence] of refused)
      expect(await outcomeOf(call(name, stranger, target))).toEqual(['not_found', sentence]);
    expect(await call('completeQueryJob', stranger, target)).toMatchObject({ applied: false });
    expect(await call('listUnsettled', stranger, target)).toEqual([]);
    expect(await call('listUnsettled', owner, target)).toEqual([target.queryId]);
  });

  it('changed nothing by all this', async () => {
    const { job } = await service.jobs.getQueryJob(target, service.as(owner));
    expect(job?.status).toBe('processing');
    const { session } = await service.sessions.getSession(target, service.as(owner));
    expect(session?.messageCount).toBe(1);
  });
});

describe('rights of runs', () => {
  it.each([
    ['another write target', { writeTarget: absent.queryId }],
    ['no write target', { writeTarget: '' }],
    ['the capability of an ingestion', { capability: 'ingestion' }],
  ] as [string, Partial<RunScope>][])('refuse a write with %s', async (_, scope) => {
    const question = newQuestion(target.sessionId, '2030-01-01T00:00:00.000Z');
    const asked = service.asRun(owner, { writeTarget: question.queryId, ...scope });
    const ended = service.asRun(owner, { writeTarget: target.queryId, ...scope });
    const denied = { reason: 'permission_denied' };
    await expect(service.jobs.createQueryJob(question, asked)).rejects.toMatchObject(denied);
    await expect(service.jobs.completeQueryJob({ ...target, at }, ended)).rejects.toMatchObject(denied);
  });

  it('refuse a person as a run and a run as a person', async () => {
    const denied = { reason: 'permission_denied' };
    const question = newQuestion(target.sessionId, '2030-01-01T00:00:00.000Z');
    const [asPerson, asRun] = [service.as(owner), service.asRun(owner, { writeTarget: target.queryId })];
    await expect(service.jobs.createQueryJob(question, asPerson)).rejects.toMatchObject(denied);
    await expect(service.jobs.completeQueryJob({ ...target, at }, asPerson)).rejects.toMatchObject(denied);
    await expect(service.jobs.listUnsettled({ before: at }, asPerson)).rejects.toMatchObject(denied);
    await expect(service.jobs.listUnsettled({ before: at }, asRun)).rejects.toMatchObject(denied);
    await expect(service.sessions.createSession({ domainId: 'civic' }, asRun)).rejects.toMatchObject(denied);
  });
});
