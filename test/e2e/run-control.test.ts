// People and runs through the whole mesh: a run waits for a decision, is watched, cancelled, paused and repeated.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApiClient } from '../../clients/api/api-client.ts';
import type { AcceptedReport, ApprovalNode, Execution } from '../../clients/api/gen/api-types.ts';
import { openEventStream, type TestFrame } from '../../gateway/http/event-client.for-test.ts';
import { pollUntil } from '../../local/demo/demo-run.ts';
import { refused } from './answers.ts';
import type { RawClient } from './raw-client.ts';
import { createDomain, playbook } from './sample-definitions.ts';
import { reportOnceEnded, startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

const domainId = 'reviewed_works';
const approval: ApprovalNode = {
  id: 'approval-crew',
  kind: 'approval',
  prompt: 'Send a crew?',
  roles: ['editor', 'admin'],
};
const never = new AbortController().signal;
let mesh: TestMesh;
let editor: ApiClient;
let viewer: ApiClient;
let raw: RawClient;

beforeAll(async () => {
  mesh = await startTestMesh();
  editor = await mesh.as('acme', 'edgar', ['editor']);
  viewer = await mesh.as('acme', 'vera', ['viewer']);
  raw = await mesh.raw('acme', 'edgar', ['editor']);
  await createDomain(editor, domainId, {
    ingestion_playbook: playbook(
      ['builtin-ingestion-entity', approval, 'builtin-ingestion-temporal'],
      [
        ['builtin-ingestion-entity', approval.id],
        [approval.id, 'builtin-ingestion-temporal'],
      ],
    ),
  });
});

afterAll(() => mesh?.close());

let submitted = 0;

/** Submits a report whose text no other has, so that nothing is known of it, and waits until its run waits for a person. */
async function waitingRun(): Promise<AcceptedReport> {
  submitted += 1;
  const text = `A sinkhole has opened at ${submitted} Main Street this morning, cars are in danger`;
  const accepted = await editor.post('/api/v1/reports', { body: { domain_id: domainId, text } });
  await pollUntil(
    () => runOf(accepted.job_id),
    (run) => nodeOf(run, approval.id)?.status === 'waiting_approval',
    never,
  );
  return accepted;
}

const run = '/api/v1/executions/{job_id}';

function runOf(job_id: string): Promise<Execution> {
  return editor.get(run, { path: { job_id } });
}

function endedRun(jobId: string): Promise<Execution> {
  return pollUntil(
    () => runOf(jobId),
    ({ completed_at }) => completed_at !== null,
    never,
  );
}

function nodeOf({ plan }: Execution, nodeId: string) {
  return plan.nodes.find(({ node_id }) => node_id === nodeId);
}

const decide = (job_id: string, verb: 'approve' | 'reject', comment = '', by = editor) =>
  by.post(`${run}/tasks/{task_id}/${verb}`, {
    path: { job_id, task_id: approval.id },
    body: { comment },
  });

/** The status of a request without an Idempotency-Key; one with a key is answered where it has led, since it may have come before. */
const unnamed = async (jobId: string, verb: 'cancel' | 'pause') =>
  (await raw('POST', `/executions/${jobId}/${verb}`)).status;

describe('a run that waits for a person', () => {
  it('says so, is in the list, and goes on when one of its roles approves, once', async () => {
    const { job_id, incident_id } = await waitingRun();
    const waits = nodeOf(await runOf(job_id), approval.id)?.waiting_for.join();
    expect(waits).toContain('editor');
    const { approvals } = await viewer.get('/api/v1/approvals');
    expect(approvals.find((each) => each.job_id === job_id)).toMatchObject({
      prompt: approval.prompt,
    });
    expect((await refused(decide(job_id, 'approve', '', viewer))).status).toBe(403);
    const approved = await decide(job_id, 'approve', 'Crew 4 is free');
    expect(approved).toMatchObject({ status: 'approved', comment: 'Crew 4 is free' });
    expect((await refused(decide(job_id, 'reject'))).status).toBe(409);
    expect((await reportOnceEnded(editor, incident_id)).status).toBe('completed');
  });

  it('fails when it is rejected, and is repeated from where it failed', async () => {
    const { job_id, incident_id } = await waitingRun();
    await decide(job_id, 'reject', 'No crew');
    const report = await reportOnceEnded(editor, incident_id);
    expect([report.status, report.error]).toEqual(['failed', expect.stringContaining('No crew')]);
    const before = await endedRun(job_id);
    expect(before).toMatchObject({ status: 'failed', reason: 'approval_rejected' });
    const rerun = { path: { job_id }, body: { mode: 'failed' } } as const;
    const parts = {
      reused: ['builtin-ingestion-entity'],
      to_run: [approval.id, 'builtin-ingestion-temporal'],
    };
    const preview = { ...rerun, body: { ...rerun.body, preview: true } };
    expect(await editor.post(`${run}/rerun`, preview)).toMatchObject(parts);
    const again = await editor.post(`${run}/rerun`, rerun);
    expect(again).toMatchObject({ rerun_of: job_id, ...parts });
    if (!('job_id' in again)) throw new Error('Nothing was repeated');
    await pollUntil(
      () => runOf(again.job_id),
      (run) => nodeOf(run, approval.id)?.status === 'waiting_approval',
      never,
    );
    await decide(again.job_id, 'approve');
    const done = await endedRun(again.job_id);
    expect(done).toMatchObject({ status: 'completed', rerun_of: job_id });
    const [reused] = done.execution_log;
    expect(reused).toMatchObject({ status: 'cached', cache: { source: 'rerun', from_job_id: job_id } });
    expect((await reportOnceEnded(editor, incident_id)).status).toBe('completed');
    expect(await runOf(job_id)).toEqual(before);
  });

  it('is cancelled by its starter, and its report says so', async () => {
    const { job_id, incident_id } = await waitingRun();
    const cancel = () => editor.post(`${run}/cancel`, { path: { job_id } });
    await cancel();
    expect(await endedRun(job_id)).toMatchObject({ status: 'cancelled' });
    const report = await reportOnceEnded(editor, incident_id);
    expect([report.status, report.error]).toEqual(['failed', 'cancelled']);
    expect(await cancel()).toMatchObject({ status: 'cancelled' });
    expect(await unnamed(job_id, 'cancel')).toBe(409);
  });

  it('is paused and resumed', async () => {
    const { job_id } = await waitingRun();
    const steer = (verb: 'pause' | 'resume') => editor.post(`${run}/${verb}`, { path: { job_id } });
    expect(await steer('pause')).toMatchObject({ status: 'paused' });
    expect(await steer('pause')).toMatchObject({ status: 'paused' });
    expect(await unnamed(job_id, 'pause')).toBe(409);
    await decide(job_id, 'approve');
    expect(nodeOf(await runOf(job_id), 'builtin-ingestion-temporal')?.status).not.toBe('succeeded');
    await steer('resume');
    expect(await endedRun(job_id)).toMatchObject({ status: 'completed' });
  });

  it('ends with its report', async () => {
    const { job_id, incident_id } = await waitingRun();
    await editor.delete('/api/v1/reports/{incident_id}', { path: { incident_id } });
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
    await decide(job_id, 'approve');
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
