// People and runs through the whole mesh: a run waits for a decision, is watched, cancelled, paused and repeated.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openEventStream, type TestFrame } from '../../gateway/http/event-client.for-test.ts';
import { pollUntil } from '../../local/demo/demo-run.ts';
import { bodyOf, type RestClient } from '../../local/rest-client.ts';
import type { ExecutionDocument, ReportAccepted } from '../../local/rest-documents.ts';
import { reportOnceEnded, startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

const domainId = 'reviewed_works';
const approval = {
  id: 'approval-crew',
  kind: 'approval',
  prompt: 'Send a crew?',
  roles: ['editor', 'admin'],
};
const never = new AbortController().signal;
let mesh: TestMesh;
let editor: RestClient;
let viewer: RestClient;

beforeAll(async () => {
  mesh = await startTestMesh();
  editor = await mesh.as('acme', 'edgar', ['editor']);
  viewer = await mesh.as('acme', 'vera', ['viewer']);
  const graph = (nodes: readonly unknown[], edges: readonly object[] = []) => ({
    agent_execution_graph: { nodes, edges },
  });
  const domain = {
    domain_id: domainId,
    domain_name: 'Reviewed Works',
    ingestion_playbook: graph(
      ['builtin-ingestion-entity', approval, 'builtin-ingestion-temporal'],
      [
        { from: 'builtin-ingestion-entity', to: approval.id },
        { from: approval.id, to: 'builtin-ingestion-temporal' },
      ],
    ),
    query_playbook: graph(['builtin-query-what']),
    management_playbook: graph(['builtin-management-status-updater']),
  };
  bodyOf(await editor.post('/api/v1/domains', domain), 201, 'Making a domain');
});

afterAll(() => mesh?.close());

let submitted = 0;

/** Submits a report whose text no other has, so that nothing is known of it, and waits until its run waits for a person. */
async function waitingRun(): Promise<ReportAccepted> {
  submitted += 1;
  const text = `A sinkhole has opened at ${submitted} Main Street this morning, cars are in danger`;
  const accepted = await editor.post<ReportAccepted>('/api/v1/reports', { domain_id: domainId, text });
  const { job_id, incident_id, ...rest } = bodyOf(accepted, 202, 'Submitting a report');
  await pollUntil(
    () => runOf(job_id),
    (run) => nodeOf(run, approval.id)?.status === 'waiting_approval',
    never,
  );
  return { job_id, incident_id, ...rest };
}

async function runOf(jobId: string): Promise<ExecutionDocument> {
  return bodyOf(await editor.get<ExecutionDocument>(`/api/v1/executions/${jobId}`), 200, 'Reading a run');
}

function endedRun(jobId: string): Promise<ExecutionDocument> {
  return pollUntil(
    () => runOf(jobId),
    ({ completed_at }) => completed_at !== null,
    never,
  );
}

function nodeOf({ plan }: ExecutionDocument, nodeId: string) {
  return plan.nodes.find(({ node_id }) => node_id === nodeId);
}

const decisionPath = (jobId: string, verb: string) =>
  `/api/v1/executions/${jobId}/tasks/${approval.id}/${verb}`;

interface ApprovalList {
  readonly approvals: readonly {
    readonly job_id: string;
    readonly prompt: string;
    readonly status: string;
  }[];
}

describe('a run that waits for a person', () => {
  it('says so, is in the list, and goes on when one of its roles approves, once', async () => {
    const { job_id, incident_id } = await waitingRun();
    const waits = nodeOf(await runOf(job_id), approval.id)?.waiting_for.join();
    expect(waits).toContain('editor');
    const listed = bodyOf(await viewer.get<ApprovalList>('/api/v1/approvals'), 200, 'Listing approvals');
    expect(listed.approvals.find((each) => each.job_id === job_id)).toMatchObject({
      prompt: approval.prompt,
    });
    expect((await viewer.post(decisionPath(job_id, 'approve'), {})).status).toBe(403);
    const approved = await editor.post(decisionPath(job_id, 'approve'), { comment: 'Crew 4 is free' });
    expect(approved).toMatchObject({ status: 200, body: { status: 'approved', comment: 'Crew 4 is free' } });
    expect((await editor.post(decisionPath(job_id, 'reject'), {})).status).toBe(409);
    expect((await reportOnceEnded(editor, incident_id)).status).toBe('completed');
  });

  it('fails when it is rejected, and is repeated from where it failed', async () => {
    const { job_id, incident_id } = await waitingRun();
    bodyOf(await editor.post(decisionPath(job_id, 'reject'), { comment: 'No crew' }), 200, 'Rejecting');
    const report = await reportOnceEnded(editor, incident_id);
    expect([report.status, report.error]).toEqual(['failed', expect.stringContaining('No crew')]);
    const before = await endedRun(job_id);
    expect(before).toMatchObject({ status: 'failed', reason: 'approval_rejected' });
    const path = `/api/v1/executions/${job_id}/rerun`;
    const parts = {
      reused: ['builtin-ingestion-entity'],
      to_run: [approval.id, 'builtin-ingestion-temporal'],
    };
    const preview = await editor.post(path, { mode: 'failed', preview: true });
    expect(preview).toMatchObject({ status: 200, body: parts });
    const again = bodyOf(await editor.post<ReportAccepted>(path, { mode: 'failed' }), 202, 'Repeating');
    expect(again).toMatchObject({ rerun_of: job_id, ...parts });
    await pollUntil(
      () => runOf(again.job_id),
      (run) => nodeOf(run, approval.id)?.status === 'waiting_approval',
      never,
    );
    bodyOf(await editor.post(decisionPath(again.job_id, 'approve'), {}), 200, 'Approving');
    const done = await endedRun(again.job_id);
    expect(done).toMatchObject({ status: 'completed', rerun_of: job_id });
    const [reused] = done.execution_log;
    expect(reused).toMatchObject({ status: 'cached', cache: { source: 'rerun', from_job_id: job_id } });
    expect((await reportOnceEnded(editor, incident_id)).status).toBe('completed');
    expect(await runOf(job_id)).toEqual(before);
  });

  it('is cancelled by its starter, and its report says so', async () => {
    const { job_id, incident_id } = await waitingRun();
    expect((await editor.post(`/api/v1/executions/${job_id}/cancel`, {})).status).toBe(202);
    expect(await endedRun(job_id)).toMatchObject({ status: 'cancelled' });
    const report = await reportOnceEnded(editor, incident_id);
    expect([report.status, report.error]).toEqual(['failed', 'cancelled']);
    expect((await editor.post(`/api/v1/executions/${job_id}/cancel`, {})).status).toBe(409);
  });

  it('is paused and resumed', async () => {
    const { job_id } = await waitingRun();
    const steer = (verb: string) => editor.post(`/api/v1/executions/${job_id}/${verb}`, {});
    expect(await steer('pause')).toMatchObject({ status: 200, body: { status: 'paused' } });
    expect((await steer('pause')).status).toBe(409);
    bodyOf(await editor.post(decisionPath(job_id, 'approve'), {}), 200, 'Approving');
    expect(nodeOf(await runOf(job_id), 'builtin-ingestion-temporal')?.status).not.toBe('succeeded');
    expect((await steer('resume')).status).toBe(200);
    expect(await endedRun(job_id)).toMatchObject({ status: 'completed' });
  });

  it('ends with its report', async () => {
    const { job_id, incident_id } = await waitingRun();
    bodyOf(await editor.delete(`/api/v1/reports/${incident_id}`), 200, 'Deleting');
    expect(await endedRun(job_id)).toMatchObject({ status: 'cancelled' });
  });
});

describe('the stream of a run', () => {
  const events = async (jobId: string, headers: Record<string, string> = {}) => {
    const token = await mesh.token('acme', 'edgar', ['editor']);
    return openEventStream(`${mesh.gatewayUrl}/api/v1/executions/${jobId}/events`, { token, headers });
  };
  const numbers = (frames: readonly TestFrame[]) =>
    frames.flatMap(({ id }) => (id === undefined ? [] : [Number(id)]));

  it('tells every event in order while it goes on, and what is missing to who comes back', async () => {
    const { job_id } = await waitingRun();
    const stream = await events(job_id);
    const first = [await stream.next(), await stream.next()];
    expect(first.map((frame) => [frame?.id, frame?.data.status])).toEqual([
      ['1', 'loading_agents'],
      ['2', 'agent_invoking'],
    ]);
    bodyOf(await editor.post(decisionPath(job_id, 'approve'), {}), 200, 'Approving');
    const rest = await stream.rest();
    const told = numbers(rest);
    expect(told).toEqual(told.map((_, at) => at + 3));
    expect(rest.map(({ data }) => data?.status ?? data?.notice)).toEqual(
      expect.arrayContaining(['agent_complete', 'approval_requested', 'approval_decided', 'complete']),
    );
    expect(rest.at(-1)?.event).toBe('end');
    const back = await events(job_id, { 'last-event-id': '4' });
    expect(numbers(await back.rest())).toEqual(told.filter((seq) => seq > 4));
    expect((await events(job_id, { 'last-event-id': String(told.at(-1)) })).answer.statusCode).toBe(204);
  });
});
