// Commands and changes: each leaves a patch, can wait for a person, and can be taken back while nothing later holds it.
import assert from 'node:assert/strict';
import type { Query } from '../../../clients/api/gen/api-types.ts';
import { refused } from '../answers.ts';
import { provenInCheckout } from '../checkout-proof.ts';
import {
  builtins,
  finishQuery,
  finishReport,
  makeDomain,
  openSession,
  playbook,
  readReport,
} from '../sample.ts';
import { type Category, httpTest, type TestContext } from '../suite.ts';

const patch = '/api/v1/patches/{patch_id}';

interface Commanded {
  readonly incidentId: string;
  command(question: string): Promise<Query>;
}

/** A report of a domain of its own, and commands about it. */
async function commanded(t: TestContext, apply: 'auto' | 'review'): Promise<Commanded> {
  const management_playbook = playbook([...builtins.management], [], { apply });
  const domainId = await makeDomain(t, { management_playbook });
  const { incidentId } = await finishReport(t, `A hydrant leaks, ${t.unique('case')}`, domainId);
  const sessionId = await openSession(t, domainId);
  const command = async (question: string): Promise<Query> => {
    const done = await finishQuery(t, { sessionId, domainId, question, mode: 'management' });
    assert.equal(done.status, 'completed', done.error ?? '');
    return done;
  };
  return { incidentId, command };
}

/** The patches of a command: as many as are wanted. */
async function patchesOf(t: TestContext, { patches }: Query, count: number) {
  assert.equal(patches.length, count);
  return Promise.all(patches.map((patch_id) => t.as('viewer').get(patch, { path: { patch_id } })));
}

const decide = (t: TestContext, patch_id: string, verb: 'apply' | 'reject' | 'revert') =>
  t.as('editor').post(`${patch}/${verb}`, { path: { patch_id } });

/** manage-1 to manage-4 of the specification. */
export const managementTests: Category = {
  name: 'management',
  proves: '4.2, 8.5, E2.5, E6.4, E9.1–E9.6',
  isDeployed: false,
  tests: [
    httpTest(['manage-1', 'assign, status, details make patches and history'], async (t) => {
      const { incidentId, command } = await commanded(t, 'auto');
      const done = [
        await command(`Assign ${incidentId} to Crew North`),
        await command(`Mark ${incidentId} as in_progress because parts came`),
        await command(`Set priority of ${incidentId} to high`),
      ];
      const changed: string[] = [];
      for (const query of done) {
        const [made] = await patchesOf(t, query, 1);
        assert.deepEqual([made?.status, made?.source, made?.incident_id], ['applied', 'agent', incidentId]);
        assert.equal(made?.query_id, query.query_id);
        changed.push(...(made?.changes.map(({ path }) => path) ?? []));
        assert.deepEqual(
          query.references_used.map(({ reference_id }) => reference_id),
          [incidentId],
        );
      }
      for (const path of [
        'management_data.task_details.assignee_id',
        'status',
        'management_data.task_details.priority',
      ])
        assert.ok(changed.includes(path), `No patch changes ${path}: ${changed.join(', ')}`);
      const { status, management_data } = await readReport(t, incidentId);
      assert.equal(status, 'in_progress');
      const history = management_data.history as readonly {
        readonly patch_id: string;
        readonly by: string;
      }[];
      const told = history.map(({ patch_id }) => patch_id).toSorted();
      assert.deepEqual(told, done.flatMap(({ patches }) => patches).toSorted());
    }),
    httpTest(['manage-2', 'review, apply, reject'], async (t) => {
      const { incidentId, command } = await commanded(t, 'review');
      const [first] = await patchesOf(t, await command(`Mark ${incidentId} as resolved`), 1);
      assert.equal(first?.status, 'proposed');
      assert.notEqual((await readReport(t, incidentId)).status, 'resolved');
      const firstId = first?.patch_id ?? '';
      await refused(t.as('viewer').post(`${patch}/apply`, { path: { patch_id: firstId } }), 403);
      assert.equal((await decide(t, firstId, 'apply')).status, 'applied');
      assert.equal((await readReport(t, incidentId)).status, 'resolved');
      const [second] = await patchesOf(t, await command(`Mark ${incidentId} as closed`), 1);
      const secondId = second?.patch_id ?? '';
      assert.equal((await decide(t, secondId, 'reject')).status, 'rejected');
      await refused(decide(t, secondId, 'apply'), 409);
      assert.equal((await readReport(t, incidentId)).status, 'resolved');
    }),
    httpTest(['manage-3', 'revert and its conflict'], async (t) => {
      const { incidentId, command } = await commanded(t, 'auto');
      const [made] = await patchesOf(t, await command(`Mark ${incidentId} as resolved`), 1);
      const patchId = made?.patch_id ?? '';
      const reverting = await decide(t, patchId, 'revert');
      assert.deepEqual([reverting.reverts, reverting.status], [patchId, 'applied']);
      assert.equal((await readReport(t, incidentId)).status, 'completed');
      await refused(decide(t, patchId, 'revert'), 409);
      const [under] = await patchesOf(t, await command(`Mark ${incidentId} as in_progress`), 1);
      await command(`Mark ${incidentId} as closed`);
      const { violations } = await refused(decide(t, under?.patch_id ?? '', 'revert'), 409);
      assert.deepEqual(
        violations.map(({ field }) => field),
        ['status'],
      );
      assert.equal((await readReport(t, incidentId)).status, 'closed');
    }),
    provenInCheckout('manage-4', 'a query run cannot update'),
  ],
};
