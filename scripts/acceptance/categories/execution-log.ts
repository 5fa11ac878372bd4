// The log of a run: an entry for each agent, whole and in order of time.
import assert from 'node:assert/strict';
import { builtins, finishQuery, makeDomain, openSession, playbook, readRun, sharedQuery } from '../sample.ts';
import { startScriptedWorker } from '../scripted-worker.ts';
import { type Category, httpTest } from '../suite.ts';

/** log-1 to log-3 of the specification. */
export const logTests: Category = {
  name: 'log',
  proves: '14.1–14.5',
  isDeployed: false,
  tests: [
    httpTest(['log-1', 'not empty and well formed', 'critical'], async (t) => {
      const { execution_log: log, job_id } = await sharedQuery(t);
      assert.deepEqual(log.map(({ agent_id }) => agent_id).toSorted(), builtins.query.toSorted());
      for (const entry of log) {
        assert.ok(entry.agent_name && entry.task_id && entry.agent_version === 1);
        assert.ok(['success', 'cached'].includes(entry.status), entry.status);
        assert.ok(Date.parse(entry.timestamp) > 0 && entry.execution_time_ms >= 0);
        assert.ok(entry.reasoning.length > 0, `${entry.agent_id} gives no reasoning`);
        assert.equal(typeof entry.output, 'object');
      }
      assert.deepEqual((await readRun(t, job_id)).execution_log, log);
    }),
    httpTest(['log-2', 'reasoning and outputs'], async (t) => {
      const told = t.unique('because');
      const worker = await startScriptedWorker(t, ({ context }) => ({
        output: { summary: `From ${context.agent_id}` },
        reasoning: told,
      }));
      const [first, second] = [await worker.agent(), await worker.agent()];
      const domainId = await makeDomain(t, { query_playbook: playbook([first, second], [[first, second]]) });
      const sessionId = await openSession(t, domainId);
      const { execution_log: log } = await finishQuery(t, { sessionId, domainId, question: 'What?' });
      assert.deepEqual(
        log.map(({ agent_id, reasoning, output }) => [agent_id, reasoning, output?.summary]),
        [first, second].map((id) => [id, told, `From ${id}`]),
      );
      await worker.stop();
    }),
    httpTest(['log-3', 'chronological'], async (t) => {
      const { execution_log: log, created_at, completed_at } = await sharedQuery(t);
      const times = log.map(({ timestamp }) => Date.parse(timestamp));
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
      );
      assert.ok(Date.parse(created_at) <= (times[0] ?? 0));
      assert.ok((times.at(-1) ?? 0) <= Date.parse(completed_at ?? ''));
    }),
  ],
};
