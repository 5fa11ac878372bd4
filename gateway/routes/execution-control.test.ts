// Steering runs: what is sent into the mesh, in whose role, and what of its answers a caller sees.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Fault } from '../../foundation/fault/fault.ts';
import { principalOf } from '../../foundation/rpc/caller.ts';
import { ExecutionStatus } from '../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import { RerunMode, RerunVersions } from '../../proto/gen/domainflow/orchestrator/v1/rerun_pb.js';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

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

const rerunAnswer = { jobId: 'job_2', rerunOf: 'job_1', reused: ['agent-a'], toRun: ['agent-b', 'agent-c'] };

describe('a run', () => {
  it.each([
    ['cancel', 'cancelExecution', ExecutionStatus.CANCELLING, 202, 'cancelling'],
    ['cancel', 'cancelExecution', ExecutionStatus.CANCELLED, 202, 'cancelled'],
    ['pause', 'pauseExecution', ExecutionStatus.PAUSED, 200, 'paused'],
    ['resume', 'resumeExecution', ExecutionStatus.RUNNING, 200, 'running'],
  ] as const)('is told to %s, and where it stands is answered', async (verb, method, status, code, word) => {
    const answered = ({ jobId }: { jobId: string }) => {
      asked.push(jobId);
      return { status };
    };
    at.handlers.control = { [method]: answered };
    const answer = await at.send(`POST executions/job_1/${verb}`, { token });
    expect([answer.status, answer.body]).toEqual([code, { job_id: 'job_1', status: word }]);
    expect(asked).toEqual(['job_1']);
  });

  it.each(['cancel', 'pause', 'resume', 'rerun'])(
    'that is not in the state for it answers 409: %s',
    async (verb) => {
      const refuse = () => {
        throw new Fault('failed_precondition', 'The execution has ended');
      };
      at.handlers.control = {
        cancelExecution: refuse,
        pauseExecution: refuse,
        resumeExecution: refuse,
        rerunExecution: refuse,
      };
      const body = verb === 'rerun' ? { body: { mode: 'all' } } : {};
      const answer = await at.send(`POST executions/job_1/${verb}`, { token, ...body });
      expect(problemOf(answer)).toMatchObject({ status: 409, detail: 'The execution has ended' });
    },
  );
});

describe('a cancel', () => {
  const tenantId = '0199aaaa-0000-7000-8000-000000000001';
  const cancelAs = async (credential: string) => {
    at.handlers.control = {
      cancelExecution: (_request, context) => {
        asked.push(...principalOf(context).roles);
        return { status: ExecutionStatus.CANCELLING };
      },
    };
    return (await at.send('POST executions/job_1/cancel', { token: credential })).status;
  };

  it.each(['viewer', 'editor', 'admin'])('is asked for as the %s that the caller is', async (role) => {
    expect(await cancelAs(await at.token({ roles: [role] }))).toBe(202);
    expect(asked).toEqual([role]);
  });

  it.each([
    ['admin', 'editor'],
    ['editor', 'editor'],
    ['viewer', 'viewer'],
  ])('by a key of an %s is asked for as %s', async (role, expected) => {
    const key = { keyId: 'key_1', permissions: ['executions:update'], rateLimit: 100, userId: 'u' };
    at.handlers.apiKeys = {
      authenticateApiKey: () => ({ key, tenantId, tenantName: 'acme', username: 'bot', role }),
    };
    expect(await cancelAs(randomBytes(32).toString('hex'))).toBe(202);
    expect(asked).toEqual([expected]);
  });
});

describe('a re-run', () => {
  const record = (answer: object) => {
    at.handlers.control = {
      rerunExecution: (request) => {
        asked.push(request);
        return answer;
      },
    };
  };

  it('is started once under one key, and says what it reuses and what it runs', async () => {
    record({ ...rerunAnswer, replayed: true });
    const body = { mode: 'from', task_id: 'task_3', versions: 'latest' };
    const headers = { 'idempotency-key': 'k' };
    const answer = await at.send('POST executions/job_1/rerun', { token, body, headers });
    const shown = { job_id: 'job_2', rerun_of: 'job_1', reused: ['agent-a'], to_run: ['agent-b', 'agent-c'] };
    expect([answer.status, answer.body]).toEqual([202, shown]);
    expect(answer.headers.get('idempotency-replayed')).toBe('true');
    const wanted = { jobId: 'job_1', mode: RerunMode.FROM, from: 'task_3', versions: RerunVersions.LATEST };
    expect(asked).toEqual([expect.objectContaining({ ...wanted, preview: false, requestId: 'k' })]);
  });

  it('is shown before it is started, with the pinned agents unless it is said otherwise', async () => {
    record({ ...rerunAnswer, jobId: '' });
    const body = { mode: 'failed', preview: true };
    const headers = { 'idempotency-key': 'k' };
    const answer = await at.send('POST executions/job_1/rerun', { token, body, headers });
    const shown = { reused: ['agent-a'], to_run: ['agent-b', 'agent-c'] };
    expect([answer.status, answer.body]).toEqual([200, shown]);
    const wanted = { mode: RerunMode.FAILED, from: '', versions: RerunVersions.PINNED };
    expect(asked).toEqual([expect.objectContaining({ ...wanted, preview: true, requestId: '' })]);
  });

  it.each([
    ['mode', {}],
    ['mode', { mode: 'some' }],
    ['task_id', { mode: 'from' }],
    ['task_id', { mode: 'all', task_id: 'task_1' }],
    ['task_id', { mode: 'from', task_id: '' }],
    ['versions', { mode: 'all', versions: 'newest' }],
    ['preview', { mode: 'all', preview: 'yes' }],
  ])('is refused for %s in %j', async (field, body) => {
    record(rerunAnswer);
    const answer = await at.send('POST executions/job_1/rerun', { token, body });
    expect(answer.status).toBe(400);
    expect(problemOf(answer).details.map((detail) => detail.field)).toEqual([field]);
    expect(asked).toEqual([]);
  });
});
