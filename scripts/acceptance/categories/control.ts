// Control of runs: cancelled, paused, decided, repeated, started once, and never held up by what does not concern them.
import assert from 'node:assert/strict';
import type { ApprovalNode, Execution } from '../../../clients/api/gen/api-types.ts';
import { refused } from '../answers.ts';
import {
  builtins,
  endedReport,
  endedRun,
  finishQuery,
  makeDomain,
  openSession,
  playbook,
  readRun,
  removeReportLater,
  runThat,
  type Submitted,
  sharedDomain,
  submitReport,
} from '../sample.ts';
import { startScriptedWorker } from '../scripted-worker.ts';
import { type Category, httpTest, type TestContext } from '../suite.ts';

const run = '/api/v1/executions/{job_id}';
const gate: ApprovalNode = { id: 'approval-go', kind: 'approval', prompt: 'Go on?' };
const [first = '', last = ''] = builtins.ingestion;

/** A domain whose reports wait for a person between two agents. */
function gatedDomain(t: TestContext, node = gate): Promise<string> {
  const edges = [
    [first, node.id],
    [node.id, last],
  ] as const;
  return makeDomain(t, { ingestion_playbook: playbook([first, node, last], edges) });
}

const nodeOf = ({ plan }: Execution, id: string) => plan.nodes.find(({ node_id }) => node_id === id);

/** A run that waits for a person. */
async function waitingRun(t: TestContext, domainId?: string): Promise<Submitted> {
  const domain = domainId ?? (await t.shared('gated domain', () => gatedDomain(t)));
  const submitted = await submitReport(t, `A lamp is out, ${t.unique('case')}`, domain);
  const waits = (found: Execution): boolean => nodeOf(found, gate.id)?.status === 'waiting_approval';
  await runThat(t, submitted.jobId, ['waits for a person', waits]);
  return submitted;
}

const decide = (
  t: TestContext,
  job_id: string,
  verb: 'approve' | 'reject',
  as: 'editor' | 'viewer' = 'editor',
) =>
  t.as(as).post(`${run}/tasks/{task_id}/${verb}`, {
    path: { job_id, task_id: gate.id },
    body: { comment: 'Tested' },
  });

const order = (t: TestContext, job_id: string, verb: 'cancel' | 'pause' | 'resume') =>
  t.as('editor').post(`${run}/${verb}`, { path: { job_id } });

// The client names each request, and a named one is answered where it has led, since it may have come before.
async function unnamedStatus({ url, tokens, signal }: TestContext, path: string): Promise<number> {
  const headers = { authorization: `Bearer ${tokens.editor}` };
  const response = await fetch(url + path, { method: 'POST', headers, signal });
  await response.body?.cancel();
  return response.status;
}

/** control-1 to control-7 of the specification. */
export const controlTests: Category = {
  name: 'control',
  proves: '9.5, E2.1–E2.4, E3.1, E3.2, E3.8, E4.1–E4.6, P4.1, P4.2',
  isDeployed: false,
  tests: [
    httpTest(['control-1', 'cancel'], async (t) => {
      const { jobId, incidentId } = await waitingRun(t);
      await refused(t.as('viewer').post(`${run}/cancel`, { path: { job_id: jobId } }), 403);
      await order(t, jobId, 'cancel');
      assert.equal((await endedRun(t, jobId)).status, 'cancelled');
      const { status, error } = await endedReport(t, incidentId);
      assert.equal(status, 'failed');
      assert.match(error ?? '', /cancelled/);
      assert.equal(await unnamedStatus(t, `/api/v1/executions/${jobId}/cancel`), 409);
    }),
    httpTest(['control-2', 'pause, resume'], async (t) => {
      const { jobId, incidentId } = await waitingRun(t);
      await order(t, jobId, 'pause');
      await runThat(t, jobId, ['is paused', ({ status }) => status === 'paused']);
      await decide(t, jobId, 'approve');
      const paused = await readRun(t, jobId);
      assert.deepEqual([paused.status, nodeOf(paused, last)?.attempt], ['paused', 0]);
      await order(t, jobId, 'resume');
      assert.equal((await endedRun(t, jobId)).status, 'completed');
      assert.equal((await endedReport(t, incidentId)).status, 'completed');
      assert.equal(await unnamedStatus(t, `/api/v1/executions/${jobId}/resume`), 409);
    }),
    httpTest(['control-3', 'approve, reject, timeout'], async (t) => {
      const [approved, rejected] = [await waitingRun(t), await waitingRun(t)];
      await refused(decide(t, approved.jobId, 'approve', 'viewer'), 403);
      await decide(t, approved.jobId, 'approve');
      await refused(decide(t, approved.jobId, 'reject'), 409);
      assert.equal((await endedRun(t, approved.jobId)).status, 'completed');
      await decide(t, rejected.jobId, 'reject');
      const failed = await endedRun(t, rejected.jobId);
      assert.deepEqual([failed.status, failed.reason], ['failed', 'approval_rejected']);
      const hasty = await gatedDomain(t, { ...gate, timeout_s: 1 });
      const { jobId } = await submitReport(t, `A lamp is out, ${t.unique('case')}`, hasty);
      assert.equal((await endedRun(t, jobId)).reason, 'approval_timeout');
    }),
    httpTest(['control-4', 're-run failed, from, latest'], async (t) => {
      const { jobId } = await waitingRun(t);
      await decide(t, jobId, 'reject');
      const before = await endedRun(t, jobId);
      const rerun = async (
        job_id: string,
        body: { mode: 'failed' | 'from'; task_id?: string; versions?: 'latest' },
      ) => {
        const answer = await t.as('editor').post(`${run}/rerun`, { path: { job_id }, body });
        assert.ok('job_id' in answer, 'Nothing was repeated');
        return answer;
      };
      const again = await rerun(jobId, { mode: 'failed' });
      assert.deepEqual([again.rerun_of, again.reused, again.to_run], [jobId, [first], [gate.id, last]]);
      await runThat(t, again.job_id, [
        'waits',
        (found) => nodeOf(found, gate.id)?.status === 'waiting_approval',
      ]);
      await decide(t, again.job_id, 'approve');
      const done = await endedRun(t, again.job_id);
      assert.equal(done.status, 'completed');
      assert.deepEqual(
        [done.execution_log[0]?.status, done.execution_log[0]?.cache?.source],
        ['cached', 'rerun'],
      );
      const third = await rerun(again.job_id, { mode: 'from', task_id: last, versions: 'latest' });
      assert.deepEqual(third.to_run, [last]);
      assert.equal((await endedRun(t, third.job_id)).status, 'completed');
      assert.deepEqual(await readRun(t, jobId), before);
    }),
    httpTest(['control-5', 'idempotent start'], async (t) => {
      const body = { domain_id: await sharedDomain(t), text: `A lamp is out, ${t.unique('case')}` };
      const headers = { 'idempotency-key': t.unique('key') };
      const submit = () => t.as('editor').post('/api/v1/reports', { body, headers });
      const { incident_id, job_id } = await submit();
      removeReportLater(t, incident_id);
      for (const _ of [1, 2]) {
        const again = await submit();
        assert.deepEqual([again.incident_id, again.job_id], [incident_id, job_id]);
      }
      const other = { ...body, text: 'Another text' };
      await refused(t.as('editor').post('/api/v1/reports', { body: other, headers }), 422);
    }),
    httpTest(['control-6', 'the fast branch of an uneven diamond does not wait'], async (t) => {
      const { promise: tailBegan, resolve: onTail } = Promise.withResolvers<void>();
      let [slow, tail] = ['', ''];
      const worker = await startScriptedWorker(t, async ({ context }, { signal }) => {
        if (context.agent_id === tail) onTail();
        // Were the tail made to wait for the slow branch, neither would ever end.
        if (context.agent_id === slow)
          await Promise.race([
            tailBegan,
            new Promise((_, reject) => signal.addEventListener('abort', reject)),
          ]);
        return { output: { summary: 'Done' } };
      });
      const [top, fast, bottom] = [await worker.agent(), await worker.agent(), await worker.agent()];
      [slow, tail] = [await worker.agent(), await worker.agent()];
      const edges = [
        [top, slow],
        [top, fast],
        [fast, tail],
        [slow, bottom],
        [tail, bottom],
      ] as const;
      const query_playbook = playbook([top, slow, fast, tail, bottom], edges);
      const domainId = await makeDomain(t, { query_playbook });
      const sessionId = await openSession(t, domainId);
      const done = await finishQuery(t, { sessionId, domainId, question: 'What?' });
      assert.equal(done.status, 'completed', done.error ?? '');
      const ended = done.execution_log
        .filter(({ status }) => status === 'success')
        .map(({ agent_id }) => agent_id);
      assert.ok(ended[0] === top && ended.at(-1) === bottom && ended.indexOf(fast) < ended.indexOf(slow));
      await worker.stop();
    }),
    httpTest(['control-7', 'edits do not touch a run'], async (t) => {
      const domainId = await gatedDomain(t);
      const { jobId } = await waitingRun(t, domainId);
      const body = { ingestion_playbook: playbook([builtins.ingestion[2] ?? '']) };
      await t.as('editor').put('/api/v1/domains/{domain_id}', { path: { domain_id: domainId }, body });
      await decide(t, jobId, 'approve');
      const done = await endedRun(t, jobId);
      assert.deepEqual([done.status, done.domain_version], ['completed', 1]);
      assert.deepEqual(
        done.plan.nodes.map(({ node_id }) => node_id),
        [first, gate.id, last],
      );
      const next = await submitReport(t, `A lamp is out, ${t.unique('case')}`, domainId);
      assert.equal((await endedRun(t, next.jobId)).domain_version, 2);
    }),
  ],
};
