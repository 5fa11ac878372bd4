// Deletions and named starts whose process is killed by a real signal: the next process ends what was begun.
import { createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../foundation/fault/fault.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { DeletionService } from '../../../proto/gen/domainflow/orchestrator/v1/deletion_service_pb.js';
import { ExecutionService } from '../../../proto/gen/domainflow/orchestrator/v1/execution_service_pb.js';
import { newPerson, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import type { DeletionKind } from '../core/deletion.ts';
import { executionIdOf } from '../core/public-id.ts';
import { deleteObject, objectOf, reasonOf, recordedFor, untilOver } from '../rpc/deletions.for-test.ts';
import { type ReplicaProcess, startReplica } from './replica-process.for-test.ts';

let databases: TestDatabases;
let app: TestOrchestrator;
let replica: ReplicaProcess | undefined;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'killed');
}, 30_000);
afterAll(async () => {
  replica?.end();
  await app.close();
  await databases.stop();
});

const steps: readonly [DeletionKind, string][] = [
  ['report', 'deleteReport'],
  ['report', 'purgeReport'],
  ['report', 'markReferenceDeleted'],
  ['session', 'deleteSession'],
  ['session', 'purgeSession'],
  ['query', 'deleteQueryJob'],
  ['query', 'purgeQueryJob'],
];

describe('a deletion whose process is killed', () => {
  it.each(
    steps.flatMap(([kind, method]) =>
      (['before', 'after'] as const).map((when) => [kind, when, method] as const),
    ),
  )(
    'of a %s, %s %s, is ended by another process',
    async (kind, when, method) => {
      replica = await startReplica(app);
      const owner = newPerson();
      const subjectId = objectOf(app, kind, owner);
      const reached = Promise.withResolvers<void>();
      const killed = Promise.withResolvers<never>();
      killed.promise.catch(() => undefined);
      app.neighbours.onDeletion = async (now, called, subject) => {
        if (now !== when || called !== method || subject !== subjectId) return;
        reached.resolve();
        await killed.promise;
      };
      const asked = deleteObject(
        { deletions: createClient(DeletionService, replica.transport), as: app.as },
        subjectId,
        owner,
      );
      const told = reasonOf(asked);
      await reached.promise;
      expect(await recordedFor(app, subjectId)).toMatchObject({ claim: expect.any(String), passes: 0 });
      await replica.kill();
      await told;
      app.neighbours.onDeletion = async () => undefined;
      killed.reject(new Fault('cancelled', 'The caller is dead'));

      // What the dead process had sent last may still be carried out, such as a claim, so that one claim more has to run out.
      await untilOver(app, subjectId);
      expect(app.neighbours.gone.has(subjectId)).toBe(true);
      expect(app.neighbours.parts.get(subjectId)).toBe(0);
      expect(app.neighbours.parts.get(`references ${subjectId}`) ?? 0).toBe(0);
    },
    20_000,
  );
});

describe('a named start whose process is killed before it answers', () => {
  it('is answered with the same ids when it is repeated elsewhere', async () => {
    replica = await startReplica(app);
    const editor = newPerson();
    const letGo = Promise.withResolvers<void>();
    const placing = app.neighbours.holdPlace(letGo.promise);
    const request = { domainId: 'city', text: 'A pothole', source: 'web', requestId: 'lost' };
    const told = reasonOf(
      createClient(ExecutionService, replica.transport).startIngestion(request, app.as(editor)),
    );
    await placing;
    const { rows } = await app.stores.admin.query<{ id: string; subject_id: string }>(
      'select id, subject_id from orchestrator.executions where tenant_id = $1',
      [editor.tenantId],
    );
    const [recorded] = rows;
    if (!recorded) throw new Error('nothing was recorded');
    await replica.kill();
    await told;
    expect(await reasonOf(app.executions.startIngestion(request, app.as(editor)))).toBe('aborted');
    await app.watch.seen(recorded, 'started');
    const again = await app.executions.startIngestion(request, app.as(editor));
    expect(again).toMatchObject({ incidentId: recorded.subject_id, replayed: true });
    expect(executionIdOf(again.jobId)).toBe(recorded.id);
    await app.watch.seen(recorded, 'ended');
    expect(app.neighbours.documents.get(recorded.subject_id)).toMatchObject({ status: 'completed' });
    letGo.resolve();
  }, 20_000);
});
