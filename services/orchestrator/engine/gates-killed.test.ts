// A gate in the middle of which a replica is killed by a real signal: the other one ends it, and each row counts once.

import { createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { pause } from '../../../local/pause.for-test.ts';
import { GateStatus } from '../../../proto/gen/domainflow/orchestrator/v1/gate_pb.js';
import { GateService } from '../../../proto/gen/domainflow/orchestrator/v1/gate_service_pb.js';
import { newAdmin, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import {
  type AskedAttempt,
  answerGolden,
  gateWhen,
  prepareGolden,
  startGate,
} from '../rpc/gates.for-test.ts';
import { type ReplicaProcess, startReplica } from './replica-process.for-test.ts';

const rows = 40;
const replicaName = 'replica-1';
/** Attempts that end before the replica is killed. */
const endedBefore = 10;

let databases: TestDatabases;
let app: TestOrchestrator;
let replica: ReplicaProcess | undefined;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'gates_killed');
}, 30_000);
afterAll(async () => {
  replica?.end();
  await app?.close();
  await databases?.stop();
});

/** Names of the replicas that hold runs of the tenant. */
async function holdersOf({ tenantId }: Principal): Promise<readonly string[]> {
  const { rows: found } = await app.stores.admin.query<{ replica_name: string }>(
    `select distinct o.replica_name from orchestrator.executions x join orchestrator.owners o on o.owner_id = x.owner_id
    where x.tenant_id = $1 and x.completed_at is null`,
    [tenantId],
  );
  return found.map(({ replica_name: name }) => name);
}

/** A gate whose runs are held by the replica. Whoever looks at a gate first goes on with it, so others are begun until it is that one. */
async function gateOf({ gates }: Pick<TestOrchestrator, 'gates'>) {
  for (;;) {
    const admin = newAdmin();
    const gateId = await startGate({ gates, as: app.as }, admin);
    let holders: readonly string[] = [];
    for (; holders.length === 0; await pause()) holders = await holdersOf(admin);
    if (holders.includes(replicaName)) return { admin, gateId };
    await app.gates.cancelGate({ domainId: 'city', gateId }, app.as(admin));
  }
}

/** Holds attempts back; `next` answers one that waits, and lets it go when it is told to. */
function holdAttempts() {
  const waiting: { readonly asked: AskedAttempt; readonly go: () => void }[] = [];
  let isOpen = false;
  let arrived = (): void => undefined;
  const asked = answerGolden(app.neighbours, async (attempt) => {
    if (isOpen) return;
    const held = Promise.withResolvers<void>();
    waiting.push({ asked: attempt, go: held.resolve });
    arrived();
    await held.promise;
  });
  return {
    asked,
    async next() {
      while (waiting.length === 0)
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      return waiting.shift();
    },
    open() {
      isOpen = true;
      for (const { go } of waiting.splice(0)) go();
    },
  };
}

describe('a gate one of whose replicas is killed', () => {
  it('is ended by the other one, with each row once on each side', async () => {
    prepareGolden(app, rows);
    const attempts = holdAttempts();
    replica = await startReplica(app, replicaName);
    const { admin, gateId } = await gateOf({ gates: createClient(GateService, replica.transport) });
    for (let ended = 0; ended < endedBefore; ended += 1) (await attempts.next())?.go();
    await replica.kill();
    attempts.open();
    const gate = await gateWhen(app, { admin, gateId });
    expect(gate).toMatchObject({ status: GateStatus.COMPLETED, passed: true, rowsDone: rows });
    expect(gate.result).toMatchObject({
      fields: [
        { path: 'answer', candidate: { expected: rows, correct: rows }, present: { correct: rows / 2 } },
      ],
      runs_failed: { candidate: 0, present: 0 },
    });
    const { rows: runs } = await app.stores.admin.query(
      `select r.side, count(distinct r.row_number)::int as rows, count(distinct x.id)::int as runs
      from orchestrator.gate_runs r join orchestrator.executions x on x.tenant_id = r.tenant_id and x.id = r.execution_id
      where r.tenant_id = $1 and x.status = 'completed' group by r.side order by r.side`,
      [admin.tenantId],
    );
    expect(runs).toEqual(['candidate', 'present'].map((side) => ({ side, rows, runs: rows })));
    const { rows: all } = await app.stores.admin.query(
      'select count(*)::int as runs from orchestrator.executions where tenant_id = $1',
      [admin.tenantId],
    );
    expect(all).toEqual([{ runs: 2 * rows }]);
    expect(app.neighbours.documents.size).toBe(0);
    expect(app.neighbours.gateResults).toHaveLength(1);
  }, 90_000);
});
