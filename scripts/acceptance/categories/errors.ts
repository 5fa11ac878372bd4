// Failures: told with their reason, kept from spreading, and shown in the log together with what they kept from running.
import assert from 'node:assert/strict';
import type { PlaybookSettings, Query } from '../../../clients/api/gen/api-types.ts';
import { TaskFailure } from '../../../clients/worker/task-failure.ts';
import { provenInCheckout } from '../checkout-proof.ts';
import { finishQuery, makeDomain, openSession, playbook, readRun } from '../sample.ts';
import { startScriptedWorker } from '../scripted-worker.ts';
import { type Category, httpTest, type TestContext } from '../suite.ts';

const reason = 'The scripted worker refuses';

interface Failure {
  readonly query: Query;
  readonly bad: string;
  readonly dependents: readonly string[];
  readonly free: readonly string[];
}

/** A question whose second agent fails; two depend on it, one after the other, and two do not. */
async function failedQuestion(t: TestContext, settings: PlaybookSettings): Promise<Failure> {
  let bad = '';
  const worker = await startScriptedWorker(t, ({ context }) => {
    if (context.agent_id === bad) throw new TaskFailure('permission_denied', reason);
    return { output: { summary: 'Done' } };
  });
  const first = await worker.agent();
  bad = await worker.agent();
  const [next, last, free] = [await worker.agent(), await worker.agent(), await worker.agent()];
  const edges = [
    [first, bad],
    [bad, next],
    [next, last],
    [first, free],
  ] as const;
  const query_playbook = playbook([first, bad, next, last, free], edges, settings);
  const domainId = await makeDomain(t, { query_playbook });
  const sessionId = await openSession(t, domainId);
  const query = await finishQuery(t, { sessionId, domainId, question: 'What?' });
  await worker.stop();
  return { query, bad, dependents: [next, last], free: [first, free] };
}

const failFast = (t: TestContext): Promise<Failure> =>
  t.shared('failed question', () => failedQuestion(t, { failure_policy: 'fail_fast' }));

/** error-1 to error-6 of the specification. */
export const errorTests: Category = {
  name: 'errors',
  proves: '15.1–15.5, E3.3–E3.7, E6.1–E6.3',
  isDeployed: false,
  tests: [
    httpTest(['error-1', 'status failed', 'critical'], async (t) => {
      const { query } = await failFast(t);
      assert.equal(query.status, 'failed');
      assert.ok(query.error, 'A failed question does not say why');
      assert.deepEqual([query.answers, query.references_used], [[], []]);
      const run = await readRun(t, query.job_id);
      assert.deepEqual([run.status, run.partial], ['failed', false]);
    }),
    httpTest(['error-2', 'agent `error` with message'], async (t) => {
      const { query, bad } = await failFast(t);
      const entry = query.execution_log.find(({ agent_id }) => agent_id === bad);
      assert.deepEqual(
        [entry?.status, entry?.error_code, entry?.output],
        ['error', 'permission_denied', null],
      );
      assert.ok(entry?.error_message?.includes(reason), entry?.error_message);
    }),
    httpTest(['error-3', 'dependents `skipped`', 'critical'], async (t) => {
      const { query, bad, dependents } = await failFast(t);
      for (const id of dependents) {
        const entry = query.execution_log.find(({ agent_id }) => agent_id === id);
        assert.equal(entry?.status, 'skipped');
        const names = [bad, query.execution_log.find(({ agent_id }) => agent_id === bad)?.agent_name];
        assert.ok(
          names.some((name) => name && entry?.reasoning.includes(name)),
          entry?.reasoning,
        );
      }
    }),
    httpTest(['error-4', '`continue` policy'], async (t) => {
      const { query, dependents, free } = await failedQuestion(t, { failure_policy: 'continue' });
      const statusOf = (id: string) => query.execution_log.find(({ agent_id }) => agent_id === id)?.status;
      assert.deepEqual(free.map(statusOf), ['success', 'success']);
      assert.deepEqual(dependents.map(statusOf), ['skipped', 'skipped']);
      const run = await readRun(t, query.job_id);
      assert.deepEqual([query.status, run.status, run.partial], ['failed', 'failed', true]);
      assert.deepEqual(
        query.answers.map(({ agent_id }) => agent_id),
        free,
      );
    }),
    provenInCheckout('error-5', 'retry with backoff, timeouts'),
    provenInCheckout('error-6', 'invalid output repaired or refused'),
  ],
};
