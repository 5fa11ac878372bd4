// Outputs that are computed once: within a run, and never beyond its failure. What outlives a run is proved by the tests of the engine.
import assert from 'node:assert/strict';
import { TaskFailure } from '../../../clients/worker/task-failure.ts';
import { provenInCheckout } from '../checkout-proof.ts';
import { finishQuery, makeDomain, openSession, playbook } from '../sample.ts';
import { startScriptedWorker } from '../scripted-worker.ts';
import { type Category, httpTest } from '../suite.ts';

/** cache-1 to cache-4 of the specification. */
export const cacheTests: Category = {
  name: 'caching',
  proves: '13.1–13.5, E5.1–E5.5',
  isDeployed: false,
  tests: [
    httpTest(
      ['cache-1', 'shared agent runs once, `cached` for the second dependent', 'critical'],
      async (t) => {
        const invoked: unknown[] = [];
        const worker = await startScriptedWorker(t, ({ context }) => {
          invoked.push(context.agent_id);
          return { output: { summary: 'Done' } };
        });
        const shared = await worker.agent();
        const users = [1, 2].map(() => worker.agent({ agent_dependencies: [shared] }));
        const [first, second] = [(await users[0]) ?? '', (await users[1]) ?? ''];
        const domainId = await makeDomain(t, { query_playbook: playbook([first, second]) });
        const sessionId = await openSession(t, domainId);
        const done = await finishQuery(t, { sessionId, domainId, question: 'What?' });
        assert.equal(done.status, 'completed', done.error ?? '');
        assert.deepEqual(invoked.toSorted(), [shared, first, second].toSorted());
        const ofShared = done.execution_log.filter(({ agent_id }) => agent_id === shared);
        assert.deepEqual(
          ofShared.map(({ status }) => status),
          ['success', 'cached'],
        );
        assert.equal(ofShared[1]?.cache?.source, 'run');
        assert.ok([first, second].includes(ofShared[1]?.cache?.handed_to ?? ''));
        assert.deepEqual(done.cache_stats, { cached_agents: 1, executed_agents: 3, total_agents: 3 });
        await worker.stop();
      },
    ),
    provenInCheckout('cache-2', 'cross-run hit and expiry'),
    provenInCheckout('cache-3', 'failures not cached'),
    httpTest(['cache-4', 'run cache gone after failure'], async (t) => {
      const invoked: unknown[] = [];
      let bad = '';
      const worker = await startScriptedWorker(t, ({ context }) => {
        invoked.push(context.agent_id);
        if (context.agent_id === bad) throw new TaskFailure('permission_denied', 'Refused by the test');
        return { output: { summary: 'Done' } };
      });
      const good = await worker.agent();
      bad = await worker.agent();
      const domainId = await makeDomain(t, { query_playbook: playbook([good, bad], [[good, bad]]) });
      const asked = { sessionId: await openSession(t, domainId), domainId, question: 'What?' };
      for (const times of [1, 2]) {
        assert.equal((await finishQuery(t, asked)).status, 'failed');
        assert.equal(invoked.filter((id) => id === good).length, times);
      }
      await worker.stop();
    }),
  ],
};
