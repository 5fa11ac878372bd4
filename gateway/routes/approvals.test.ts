// Approvals: what people see of what they are asked to decide, and what is sent into the mesh when they do.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Fault, type FaultReason } from '../../foundation/fault/fault.ts';
import { ApprovalStatus } from '../../proto/gen/domainflow/orchestrator/v1/approval_pb.js';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

const at2026 = '2026-03-01T10:00:00.123Z';
const time = timestampFromDate(new Date(at2026));
const approval = {
  jobId: 'job_1',
  taskId: 'task_2',
  nodeId: 'approval-budget',
  domainId: 'civic',
  prompt: 'Spend it?',
  roles: ['admin'],
  status: ApprovalStatus.WAITING,
  requestedAt: time,
  expiresAt: time,
};
const row = {
  job_id: 'job_1',
  task_id: 'task_2',
  node_id: 'approval-budget',
  domain_id: 'civic',
  prompt: 'Spend it?',
  roles: ['admin'],
  status: 'waiting',
  requested_at: at2026,
  expires_at: at2026,
  decided_by: null,
  decided_at: null,
  comment: null,
};

describe('approvals', () => {
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

  it('are listed, those that wait unless another status is named', async () => {
    at.handlers.approvals = {
      listApprovals: ({ status, jobId, page }) => {
        asked.push([ApprovalStatus[status], jobId, page?.limit]);
        return { approvals: [approval], page: { page: 1, limit: 20, total: 1n } };
      },
    };
    const body = { approvals: [row], pagination: { page: 1, limit: 20, total: 1, next_cursor: null } };
    expect((await at.send('GET approvals', { token })).body).toEqual(body);
    await at.send('GET approvals?status=expired&job_id=job_1&limit=5', { token });
    expect(asked).toEqual([
      ['WAITING', '', 20],
      ['EXPIRED', 'job_1', 5],
    ]);
    const answer = await at.send('GET approvals?status=open', { token });
    expect(problemOf(answer)).toMatchObject({ status: 400, details: [{ field: 'status' }] });
  });

  it('are shown one by one with what they rest on', async () => {
    const inputs = { 'agent-1': { cost: 7 } };
    at.handlers.approvals = {
      getApproval: ({ jobId, taskId }) => {
        asked.push([jobId, taskId]);
        return { approval: { ...approval, inputs } };
      },
    };
    const { body } = await at.send('GET executions/job_1/tasks/approval-budget/approval', { token });
    expect(body).toEqual({ ...row, inputs });
    expect(asked).toEqual([['job_1', 'approval-budget']]);
  });

  it('are approved and rejected, with a comment or without', async () => {
    const decided = { decidedBy: 'u', decidedAt: time };
    at.handlers.approvals = {
      decideApproval: ({ jobId, taskId, approve, comment }) => {
        asked.push([jobId, taskId, approve, comment]);
        const status = approve ? ApprovalStatus.APPROVED : ApprovalStatus.REJECTED;
        return { approval: { ...approval, ...decided, status, comment } };
      },
    };
    const path = 'executions/job_1/tasks/task_2';
    const approved = await at.send(`POST ${path}/approve`, { token, body: { comment: 'fine' } });
    const shown = { ...row, decided_by: 'u', decided_at: at2026, inputs: null };
    expect(approved).toMatchObject({ status: 200, body: { ...shown, status: 'approved', comment: 'fine' } });
    const rejected = await at.send(`POST ${path}/reject`, { token });
    expect(rejected).toMatchObject({ status: 200, body: { ...shown, status: 'rejected', comment: null } });
    expect(asked).toEqual([
      ['job_1', 'task_2', true, 'fine'],
      ['job_1', 'task_2', false, ''],
    ]);
  });

  it.each([{ comment: 7 }, { comment: 'x'.repeat(1_001) }])('are not decided with %j', async (body) => {
    const answer = await at.send('POST executions/job_1/tasks/task_2/approve', { token, body });
    expect(problemOf(answer)).toMatchObject({ status: 400, details: [{ field: 'comment' }] });
  });

  it.each<readonly [FaultReason, number]>([
    ['permission_denied', 403],
    ['not_found', 404],
    ['failed_precondition', 409],
  ])('are for the orchestrator to refuse: %s as %i', async (reason, status) => {
    at.handlers.approvals = {
      decideApproval: () => {
        throw new Fault(reason, 'No');
      },
    };
    const answer = await at.send('POST executions/job_1/tasks/task_2/reject', { token });
    expect(problemOf(answer).status).toBe(status);
  });
});
