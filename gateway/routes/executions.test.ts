// Executions: what of a run a caller sees.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ExecutionKind,
  ExecutionStatus,
  LogStatus,
  TaskStatus,
} from '../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import { startGatewayForTest, type TestGateway } from '../app.for-test.ts';

const at2026 = '2026-03-01T10:00:00.123Z';
const time = timestampFromDate(new Date(at2026));

const entry = {
  agentId: 'agent-1',
  agentName: 'Geo',
  agentVersion: 1,
  taskId: 'task_1',
  timestamp: time,
  executionTimeMs: 12n,
  attempt: 1,
};
const task = {
  taskId: 'task_1',
  nodeId: 'agent-1',
  agentId: 'agent-1',
  agentVersion: 1,
  status: TaskStatus.RETRY_WAIT,
  attempt: 1,
  waitingFor: ['another try'],
};

const execution = {
  jobId: 'job_1',
  kind: ExecutionKind.INGEST,
  status: ExecutionStatus.FAILED,
  reason: 'agent_missing',
  partial: true,
  domainId: 'civic',
  domainVersion: 3,
  subject: { case: 'incidentId' as const, value: 'inc_1' },
  tasks: [task],
  edges: [{ from: 'task_1', to: 'task_2' }],
  executionLog: [
    { ...entry, status: LogStatus.SUCCESS, output: { a: 1 }, confidence: 0.8, runtime: 'builtin' },
    { ...entry, status: LogStatus.CACHED, cache: { source: 'run', fromJobId: 'job_1', handedTo: 'agent-2' } },
    { ...entry, status: LogStatus.ERROR, errorCode: 'tool_error', errorMessage: 'No answer' },
  ],
  cacheStats: { cachedAgents: 1, executedAgents: 2, totalAgents: 3 },
  toolCalls: [
    {
      ...{
        taskId: 'task_1',
        agentId: 'agent-1',
        attempt: 1,
        number: 1,
        toolName: 'weather',
        startedAt: time,
      },
      ...{ durationMs: 7n, arguments: { text: '{"place":"Boston"}', bytes: 18n } },
      result: { text: '{"days":[1,', bytes: 20_000n, sha256: 'ab'.repeat(32) },
    },
    {
      ...{ taskId: 'task_1', agentId: 'agent-1', attempt: 1, toolName: 'mail', startedAt: time },
      errorCode: 'permission_denied',
    },
  ],
  traceId: 'f'.repeat(32),
  createdAt: time,
  error: 'It failed',
};

const shown = {
  job_id: 'job_1',
  kind: 'ingest',
  status: 'failed',
  reason: 'agent_missing',
  partial: true,
  domain_id: 'civic',
  domain_version: 3,
  incident_id: 'inc_1',
  plan: {
    nodes: [
      {
        task_id: 'task_1',
        node_id: 'agent-1',
        agent_version: 1,
        implicit: false,
        status: 'retry_wait',
        attempt: 1,
        waiting_for: ['another try'],
      },
    ],
    edges: [{ from: 'task_1', to: 'task_2' }],
  },
  cache_stats: { cached_agents: 1, executed_agents: 2, total_agents: 3 },
  conflicts: [],
  tool_calls: [
    {
      ...{ task_id: 'task_1', agent_id: 'agent-1', attempt: 1, number: 1, tool_name: 'weather' },
      ...{ started_at: at2026, duration_ms: 7, error_code: null },
      ...{ arguments: { place: 'Boston' }, arguments_cut: null },
      ...{ result: '{"days":[1,', result_cut: { bytes: 20_000, sha256: 'ab'.repeat(32) } },
    },
    {
      ...{ number: null, duration_ms: null, error_code: 'permission_denied', arguments: null },
      ...{ arguments_cut: null, result: null, result_cut: null },
    },
  ],
  rerun_of: null,
  trace_id: 'f'.repeat(32),
  created_at: at2026,
  started_at: null,
  completed_at: null,
  error: 'It failed',
};

describe('executions', () => {
  let at: TestGateway;
  let token: string;
  beforeAll(async () => {
    at = await startGatewayForTest();
    token = await at.token({ roles: ['viewer'] });
  });
  afterAll(() => at.close());

  it('are shown with plan, log and trace', async () => {
    at.handlers.executions = { getExecution: () => ({ execution }) };
    const { body } = await at.send('GET executions/job_1', { token });
    expect(body).toMatchObject(shown);
    const [success, cached, failed] = body.execution_log;
    const computed = { status: 'success', output: { a: 1 }, confidence: 0.8, runtime: 'builtin' };
    expect(success).toMatchObject({ ...computed, execution_time_ms: 12, timestamp: at2026 });
    expect(success).not.toHaveProperty('error_code');
    expect(cached.cache).toEqual({ source: 'run', from_job_id: 'job_1', handed_to: 'agent-2' });
    const why = { error_code: 'tool_error', error_message: 'No answer' };
    expect(failed).toMatchObject({ status: 'error', output: null, ...why });
  });

  it('show approvals as what they are, and where reused outputs are from', async () => {
    const approval = {
      taskId: 'task_2',
      nodeId: 'approval-budget',
      status: TaskStatus.WAITING_APPROVAL,
      waitingFor: ['a decision of an editor'],
    };
    const decided = {
      ...{ taskId: 'task_2', status: LogStatus.SUCCESS, timestamp: time },
      ...{ output: { approved: true }, attempt: 1 },
    };
    const cache = { source: 'rerun', fromJobId: 'job_0' };
    const reused = { ...entry, status: LogStatus.CACHED, attempt: 0, cache };
    const run = { tasks: [task, approval], executionLog: [decided, reused], rerunOf: 'job_0' };
    const paused = { ...execution, ...run, status: ExecutionStatus.PAUSED };
    at.handlers.executions = { getExecution: () => ({ execution: paused }) };
    const { body } = await at.send('GET executions/job_1', { token });
    expect([body.status, body.rerun_of]).toEqual(['paused', 'job_0']);
    expect(body.plan.nodes[0]).not.toHaveProperty('kind');
    const noAgent = { agent_id: null, agent_name: null, agent_version: null };
    expect(body.plan.nodes[1]).toMatchObject({
      ...noAgent,
      kind: 'approval',
      node_id: 'approval-budget',
      status: 'waiting_approval',
      waiting_for: ['a decision of an editor'],
    });
    expect(body.execution_log[0]).toMatchObject({
      ...noAgent,
      status: 'success',
      output: { approved: true },
    });
    expect(body.execution_log[1].cache).toEqual({ source: 'rerun', from_job_id: 'job_0' });
  });

  it('are listed by kind and status, without plan and log', async () => {
    const asked: unknown[] = [];
    at.handlers.executions = {
      listExecutions: (request) => {
        asked.push(request);
        const found = { ...execution, subject: { case: 'queryId' as const, value: 'qry_1' } };
        return { executions: [found], page: { page: 1, limit: 20 } };
      },
    };
    const { body } = await at.send('GET executions?kind=query&status=completed&domain_id=civic', { token });
    expect(body.executions).toEqual([expect.objectContaining({ job_id: 'job_1', query_id: 'qry_1' })]);
    expect(body.executions[0]).not.toHaveProperty('plan');
    const filter = { kind: ExecutionKind.QUERY, status: ExecutionStatus.COMPLETED, domainId: 'civic' };
    expect(asked).toEqual([expect.objectContaining(filter)]);
  });
});
