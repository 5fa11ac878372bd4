// Live status: what happens in a run is told as it happens, by streams that can be left and come back to.
import assert from 'node:assert/strict';
import { provenInCheckout } from '../checkout-proof.ts';
import { openEvents, type TestEvent } from '../event-stream.ts';
import {
  ask,
  builtins,
  endedQuery,
  makeAgent,
  makeDomain,
  openSession,
  playbook,
  sharedDomain,
  submitReport,
} from '../sample.ts';
import { type Category, httpTest } from '../suite.ts';

const isStatus =
  (wanted: string) =>
  ({ data }: TestEvent) =>
    data.status === wanted;
const isEnd = ({ name }: TestEvent): boolean => name === 'end';
const statusesOf = (events: readonly TestEvent[]) => events.map(({ data }) => data.status);
const sequence = (events: readonly TestEvent[]) =>
  events.filter(({ name }) => name !== 'end').map(({ data }) => data.seq);

/** live-1 to live-5 of the specification. */
export const liveTests: Category = {
  name: 'live',
  proves: '7.1–7.5, 10.5, E10.1–E10.7',
  isDeployed: false,
  tests: [
    httpTest(['live-1', 'session stream shows agent_invoking then complete'], async (t) => {
      const domainId = await sharedDomain(t);
      const sessionId = await openSession(t, domainId);
      const stream = await openEvents(t, { path: `/api/v1/sessions/${sessionId}/events` });
      const { queryId, jobId } = await ask(t, { sessionId, domainId, question: 'What is reported?' });
      const told = (await stream?.until(isStatus('complete'))) ?? [];
      stream?.close();
      const statuses = statusesOf(told);
      assert.equal(statuses.at(-1), 'complete');
      assert.ok(statuses.indexOf('agent_invoking') >= 0, statuses.join(' '));
      assert.ok(statuses.indexOf('agent_invoking') < statuses.indexOf('agent_complete'));
      for (const { data } of told)
        assert.deepEqual([data.job_id, data.query_id, data.session_id], [jobId, queryId, sessionId]);
      assert.equal((await endedQuery(t, queryId)).status, 'completed');
    }),
    httpTest(['live-2', 'error status'], async (t) => {
      const off = await makeAgent(t);
      const domainId = await makeDomain(t, { query_playbook: playbook([off]) });
      await t
        .as('editor')
        .put('/api/v1/agents/{agent_id}', { path: { agent_id: off }, body: { enabled: false } });
      const sessionId = await openSession(t, domainId);
      const { jobId } = await ask(t, { sessionId, domainId, question: 'What is reported?' });
      const stream = await openEvents(t, { path: `/api/v1/executions/${jobId}/events` });
      const told = (await stream?.until(isEnd)) ?? [];
      const failed = told.find(isStatus('agent_error'));
      assert.equal(failed?.data.metadata?.error_code, 'agent_disabled', statusesOf(told).join(' '));
      const last = told.find(isStatus('error'));
      assert.ok(last?.data.metadata?.reason || last?.data.message, 'The error event gives no reason');
      assert.ok(!told.some(isStatus('complete')));
    }),
    httpTest(['live-3', 'resume in mid-run and after the end, no gap'], async (t) => {
      const approval = { id: 'approval-go', kind: 'approval' as const, prompt: 'Go on?' };
      const [geo = '', temporal = ''] = builtins.ingestion;
      const edges = [
        [geo, approval.id],
        [approval.id, temporal],
      ] as const;
      const ingestion_playbook = playbook([geo, approval, temporal], edges);
      const domainId = await makeDomain(t, { ingestion_playbook });
      const { jobId } = await submitReport(t, `A lamp is out, ${t.unique('case')}`, domainId);
      const path = `/api/v1/executions/${jobId}/events`;
      const first = await openEvents(t, { path });
      const before = (await first?.until(({ data }) => data.notice === 'approval_requested')) ?? [];
      first?.close();
      const second = await openEvents(t, { path, after: before.at(-1)?.place });
      const task = { path: { job_id: jobId, task_id: approval.id }, body: {} };
      await t.as('editor').post('/api/v1/executions/{job_id}/tasks/{task_id}/approve', task);
      const after = (await second?.until(isEnd)) ?? [];
      const seen = sequence([...before, ...after]);
      assert.deepEqual(
        seen,
        seen.map((_, at) => at + 1),
      );
      assert.ok(after.some(isStatus('complete')) && after.some(isEnd), 'The stream broke off');
      const again = await openEvents(t, { path, after: before[0]?.place });
      assert.deepEqual(sequence((await again?.until(isEnd)) ?? []), seen.slice(1));
      const lastPlace = after.findLast(({ name }) => name !== 'end')?.place;
      assert.equal(
        await openEvents(t, { path, after: lastPlace }),
        undefined,
        'After the end 204 was expected',
      );
    }),
    provenInCheckout('live-4', 'disconnect frees resources'),
    provenInCheckout('live-5', 'ping, token deltas'),
  ],
};
