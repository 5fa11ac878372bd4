// Every event of a journal as watchers are told it, and what they are never told.
import { describe, expect, it } from '@jest/globals';
import type { AgentAnswer } from './agent-answer.ts';
import { slimEvent } from './feed-item.ts';
import type { JournalEvent, Outcome } from './journal-event.ts';
import { approvalNode, planOf, withTasks } from './run-plan.for-test.ts';
import { createStreamMapper } from './stream-event.ts';

const plan = withTasks(planOf({ first: [], check: ['first'], second: ['check'] }), {
  check: approvalNode({ prompt: 'Send the crew?', roles: ['editor'] }),
});
const secret = 'what nobody is told';
const answer: AgentAnswer = {
  output: { answer: secret, place: secret },
  reasoning: secret,
  confidence: 0.9,
  references: [secret],
  spans: {},
  runtime: 'builtin',
};
const fault = { code: 'model_timeout', message: 'The model did not answer' };
const recorded = { text: secret, bytes: 20, sha256: '' };
const dueMs = Date.UTC(2026, 2, 1);
const due = '2026-03-01T00:00:00.000Z';
const success: Outcome = { succeeded: true, partial: false, reason: '', error: '' };
const failure: Outcome = { succeeded: false, partial: false, reason: 'deadline', error: 'Time is up' };

const first = { agentId: 'first', agentName: 'first Agent', taskId: 'task_1' };
const second = { agentId: 'second', agentName: 'second Agent', taskId: 'task_3' };
const nobody = { agentId: '', agentName: '', taskId: '' };
const person = { agentId: '', agentName: '', taskId: 'task_2' };

const rows: [JournalEvent, object][] = [
  [
    { type: 'started' },
    {
      ...nobody,
      status: 'loading_agents',
      message: 'The plan has 2 agents',
      metadata: {
        agent_count: 2,
        agents: [
          { agent_id: 'first', agent_name: 'first Agent' },
          { agent_id: 'second', agent_name: 'second Agent' },
        ],
      },
    },
  ],
  [
    { type: 'task_started', nodeId: 'first', attempt: 1 },
    { ...first, status: 'agent_invoking', message: 'Executing agent 1/2', metadata: { attempt: 1 } },
  ],
  [
    { type: 'task_started', nodeId: 'second', attempt: 3 },
    { ...second, status: 'agent_invoking', message: 'Executing agent 2/2', metadata: { attempt: 3 } },
  ],
  [
    { type: 'tool_called', nodeId: 'first', attempt: 1, toolName: 'search' },
    {
      ...first,
      status: 'calling_tool',
      message: 'first Agent calls search',
      metadata: { tool_name: 'search', attempt: 1 },
    },
  ],
  [
    {
      ...{ type: 'tool_ended', nodeId: 'first', attempt: 1, toolName: 'search', number: 1, durationMs: 9 },
      ...{ errorCode: '', given: recorded, answered: recorded },
    },
    {
      ...first,
      notice: 'tool_ended',
      message: 'search answered first Agent',
      metadata: { tool_name: 'search', attempt: 1, execution_time_ms: 9, error_code: null },
    },
  ],
  [
    {
      ...{ type: 'tool_ended', nodeId: 'first', attempt: 1, toolName: 'search', number: 2, durationMs: 9 },
      ...{ errorCode: 'tool_error', given: recorded },
    },
    {
      ...first,
      notice: 'tool_ended',
      message: 'search failed for first Agent: tool_error',
      metadata: { tool_name: 'search', attempt: 1, execution_time_ms: 9, error_code: 'tool_error' },
    },
  ],
  [
    { type: 'task_succeeded', nodeId: 'first', attempt: 1, answer, durationMs: 12 },
    {
      ...first,
      status: 'agent_complete',
      message: 'first Agent is done',
      metadata: { execution_time_ms: 12, cached: false, output_keys: ['answer', 'place'] },
    },
  ],
  [
    { type: 'task_succeeded', nodeId: 'first', attempt: 0, answer, durationMs: 0, cachedFrom: 'another run' },
    {
      ...first,
      status: 'agent_complete',
      metadata: { execution_time_ms: 0, cached: true, output_keys: ['answer', 'place'] },
    },
  ],
  [
    { type: 'task_reused', nodeId: 'first', answer, fromExecutionId: 'another run' },
    { ...first, status: 'agent_complete', metadata: { cached: true, execution_time_ms: 0 } },
  ],
  [
    { type: 'task_succeeded', nodeId: 'check', attempt: 0, answer, durationMs: 0 },
    { ...person, status: 'agent_complete', message: 'check is approved' },
  ],
  [
    { type: 'task_failed', nodeId: 'first', attempt: 2, fault, durationMs: 5 },
    {
      ...first,
      status: 'agent_error',
      message: 'first Agent failed: The model did not answer',
      metadata: { error_code: 'model_timeout', attempt: 2 },
    },
  ],
  [
    { type: 'task_cancelled', nodeId: 'first', attempt: 1, durationMs: 5 },
    { ...first, status: 'agent_error', metadata: { error_code: 'cancelled', attempt: 1 } },
  ],
  [
    { type: 'attempt_uncertain', nodeId: 'first', attempt: 1 },
    { ...first, notice: 'attempt_uncertain', metadata: { attempt: 1 } },
  ],
  [
    { type: 'retry_scheduled', nodeId: 'first', attempt: 1, fault, durationMs: 5, dueMs, counts: true },
    {
      ...first,
      notice: 'retry_scheduled',
      message: `Attempt 1 of first Agent failed: The model did not answer; the next one is due at ${due}`,
      metadata: { attempt: 1, error_code: 'model_timeout', due_at: due },
    },
  ],
  [
    { type: 'retry_scheduled', nodeId: 'first', attempt: 1, fault, durationMs: 5, dueMs, counts: false },
    {
      notice: 'retry_scheduled',
      message: `first Agent waits until ${due}: The model did not answer`,
    },
  ],
  [
    { type: 'task_skipped', nodeId: 'second', because: 'Skipped because first Agent failed' },
    {
      ...second,
      notice: 'task_skipped',
      message: 'Skipped because first Agent failed',
      metadata: { because: 'Skipped because first Agent failed' },
    },
  ],
  [
    { type: 'approval_requested', nodeId: 'check', expiresMs: dueMs },
    {
      ...person,
      notice: 'approval_requested',
      metadata: { prompt: 'Send the crew?', roles: ['editor'], expires_at: due },
    },
  ],
  [
    { type: 'approval_decided', nodeId: 'check', approved: false, by: 'user-1', comment: 'Too late' },
    {
      ...person,
      notice: 'approval_decided',
      message: 'check was rejected',
      metadata: { approved: false, decided_by: 'user-1', comment: 'Too late' },
    },
  ],
  [
    { type: 'approval_decided', nodeId: 'check', approved: true, by: null, comment: '' },
    {
      ...person,
      notice: 'approval_decided',
      message: 'Nobody decided on check in time: it is approved',
      metadata: { decided_by: null },
    },
  ],
  [
    { type: 'paused', by: 'user-1' },
    { ...nobody, notice: 'paused', metadata: { by: 'user-1' } },
  ],
  [
    { type: 'resumed', by: 'user-1' },
    { ...nobody, notice: 'resumed', metadata: { by: 'user-1' } },
  ],
  [
    { type: 'cancel_requested', by: 'user-1', because: 'Wrong report' },
    { ...nobody, notice: 'cancel_requested', metadata: { by: 'user-1', because: 'Wrong report' } },
  ],
  [
    { type: 'finishing', outcome: success },
    { ...nobody, status: 'validating', metadata: {} },
  ],
  [
    { type: 'effects_planned', prepared: { report: secret } },
    { ...nobody, status: 'synthesizing', metadata: {} },
  ],
];

describe('an event of the journal', () => {
  it.each(rows)('%j is told as SPEC S8 has it', (event, told) => {
    const entry = { seq: 7, atMs: 1_000, event };
    const streamed = createStreamMapper(plan).map(entry);
    expect(streamed).toMatchObject({ status: '', notice: '', seq: 7, atMs: 1_000, last: false, ...told });
    expect([streamed.status, streamed.notice].filter((word) => word !== '')).toHaveLength(1);
    expect(streamed.message).not.toBe('');
  });

  it.each(rows)('%j tells nothing of outputs, and the same once it has been slimmed', (event) => {
    const entry = { seq: 1, atMs: 1, event };
    const streamed = createStreamMapper(plan).map(entry);
    expect(JSON.stringify(streamed)).not.toContain(secret);
    expect(JSON.stringify(slimEvent(event))).not.toContain(secret);
    expect(createStreamMapper(plan).map({ ...entry, event: slimEvent(event) })).toEqual(streamed);
  });
});

describe('the end of a run', () => {
  const ends = (outcome: Outcome, status: 'completed' | 'failed' | 'cancelled', summary = '') => {
    const mapper = createStreamMapper(plan);
    mapper.map({ seq: 1, atMs: 1, event: { type: 'finishing', outcome } });
    return mapper.map({ seq: 2, atMs: 2, event: { type: 'ended', status, summary } });
  };

  it('is told with its summary when it is complete', () => {
    expect(ends(success, 'completed', '2 changes')).toMatchObject({
      status: 'complete',
      message: '2 changes',
      metadata: { summary: '2 changes', agent_count: 2 },
      last: true,
    });
  });

  it('is told with the reason when it failed', () => {
    expect(ends(failure, 'failed')).toMatchObject({
      status: 'error',
      message: 'Time is up',
      metadata: { reason: 'Time is up', error_code: 'deadline' },
      last: true,
    });
  });

  it('is told as cancelled when it was, whatever had failed before', () => {
    expect(ends(failure, 'cancelled')).toMatchObject({
      status: 'error',
      metadata: { reason: 'Time is up', error_code: 'cancelled' },
    });
  });

  it('is told with the reason of the row to who begins after the outcome', () => {
    const mapper = createStreamMapper(plan, { reason: 'deadline', error: 'Time is up' });
    const told = mapper.map({ seq: 9, atMs: 1, event: { type: 'ended', status: 'failed', summary: '' } });
    expect(told).toEqual({ ...ends(failure, 'failed'), seq: 9, atMs: 1 });
  });
});
