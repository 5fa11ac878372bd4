// Requests with a name over the wire, and requests that come again under their id after nobody heard what came of them.
import { randomBytes } from 'node:crypto';
import { type CallOptions, type Client, createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { pause } from '../../../local/pause.for-test.ts';
import { ApprovalStatus } from '../../../proto/gen/domainflow/orchestrator/v1/approval_pb.js';
import { ExecutionStatus } from '../../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import { RequestNameService } from '../../../proto/gen/domainflow/orchestrator/v1/request_name_service_pb.js';
import { newAdmin, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import { keyOf, planWithApprovals, submit } from './control.for-test.ts';
import { reasonOf } from './deletions.for-test.ts';
import { answerGolden, prepareGolden } from './gates.for-test.ts';

let databases: TestDatabases;
let app: TestOrchestrator;
let names: Client<typeof RequestNameService>;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'repeated_requests');
  names = createClient(RequestNameService, app.transport);
  app.neighbours.plans.set('gate', planWithApprovals({ 'approval-a': [] }));
}, 30_000);
afterAll(async () => {
  await app?.close();
  await databases?.stop();
});

const bytes = (length = 32) => new Uint8Array(randomBytes(length));
const newWish = () => ({ name: bytes(), bodyHash: bytes(), leaseSeconds: 60 });

function repeatable(person: Principal, requestId = newId()): CallOptions {
  const options = app.as(person);
  return { ...options, headers: { ...options.headers, 'x-request-id': requestId } };
}

async function faultOf(call: Promise<unknown>): Promise<Fault> {
  const thrown = await call.catch((error: unknown) => error);
  if (thrown instanceof Fault) return thrown;
  throw new Error('The call was not refused', { cause: thrown });
}

/** Makes three calls that are all kept from writing to a table until each of them is about to. */
async function atOnce<T>(table: 'tasks' | 'workflows', call: () => Promise<T>): Promise<T[]> {
  const { admin } = app.stores;
  const waiting = `select count(*)::int as waiting from pg_locks where not granted and relation = 'orchestrator.${table}'::regclass`;
  await admin.query('begin');
  await admin.query(`lock table orchestrator.${table} in exclusive mode`);
  const calls = [call(), call(), call()];
  try {
    while ((await admin.query(waiting)).rows[0]?.waiting < calls.length) await pause();
  } finally {
    await admin.query('rollback');
  }
  return Promise.all(calls);
}

/** What there is of a tenant. */
async function rowsOf({ tenantId }: Principal): Promise<unknown> {
  const count = (table: string) =>
    `(select count(*)::int from orchestrator.${table} where tenant_id = $1) as ${table}`;
  const text = `select ${['tasks', 'workflows', 'executions', 'orchestration_logs'].map(count).join(', ')}`;
  const [row] = (await app.stores.admin.query(text, [tenantId])).rows;
  const { orchestration_logs: entries, ...rows } = row;
  return { ...rows, entries };
}

describe('a name of a request', () => {
  it('is claimed, answered with, and refused to another body and to whoever comes meanwhile', async () => {
    const options = app.as(newAdmin());
    const wish = newWish();
    const { requestId, outcome } = await names.claimName(wish, options);
    expect(await reasonOf(names.claimName(wish, options))).toBe('aborted');
    const claim = outcome.case === 'claim' ? outcome.value : '';
    const answer = bytes(320 * 1024);
    await names.keepAnswer({ name: wish.name, claim, answer }, options);
    expect(await names.claimName(wish, options)).toMatchObject({
      requestId,
      outcome: { case: 'answer', value: answer },
    });
    expect(await reasonOf(names.claimName({ ...wish, bodyHash: bytes() }, options))).toBe('request_reused');
  });

  it('is free at once when it is released', async () => {
    const options = app.as(newAdmin());
    const wish = newWish();
    const { requestId, outcome } = await names.claimName(wish, options);
    await names.releaseName({ name: wish.name, claim: String(outcome.value) }, options);
    expect(await names.claimName(wish, options)).toMatchObject({ requestId, outcome: { case: 'claim' } });
  });

  it('is told everything that is wrong with it at once', async () => {
    const wish = { name: bytes(31), bodyHash: bytes(33), leaseSeconds: 601 };
    const { violations } = await faultOf(names.claimName(wish, app.as(newAdmin())));
    expect(violations.map(({ field }) => field)).toEqual(['name', 'body_hash', 'lease_seconds']);
  });

  it.each([0, 320 * 1024 + 1])('keeps no answer of %i bytes', async (length) => {
    const wanted = { name: bytes(), claim: newId(), answer: bytes(length) };
    const { violations } = await faultOf(names.keepAnswer(wanted, app.as(newAdmin())));
    expect(violations).toEqual([{ field: 'answer', reason: 'must have 1 to 327680 bytes' }]);
  });
});

describe('a request that comes again', () => {
  it('starts one gate', async () => {
    prepareGolden(app, 1);
    answerGolden(app.neighbours);
    const options = repeatable(newAdmin());
    const asked = { domainId: 'city', goldenSet: 'basics', candidate: { version: 1 } };
    const first = await app.gates.startGate(asked, options);
    const second = await app.gates.startGate(asked, options);
    expect(second.gate?.gateId).toBe(first.gate?.gateId);
    const { rows } = await app.stores.admin.query('select id from orchestrator.gates');
    expect(rows).toHaveLength(1);
  });

  it('while the first is under way makes one task, which all are answered', async () => {
    const person = newAdmin();
    const options = repeatable(person);
    const task = { type: 'analysis', name: 'Read plates', description: 'Reads them' };
    const made = await atOnce('tasks', () => app.tasks.createTask({ task, autoDispatch: true }, options));
    expect(new Set(made.map((each) => each.task?.id)).size).toBe(1);
    expect(new Set(made.map((each) => each.task?.jobId)).size).toBe(1);
    expect(await rowsOf(person)).toEqual({ tasks: 1, workflows: 0, executions: 1, entries: 1 });
  });

  it.each([true, false])(
    'while the first is under way makes one workflow, which all are answered (started: %s)',
    async (start) => {
      const person = newAdmin();
      const options = repeatable(person);
      const task = { type: 'analysis', key: 'read', name: 'Read plates', description: 'Reads them' };
      const workflow = { name: 'Plates', description: 'Reads plates', tasks: [task] };
      const made = await atOnce('workflows', () =>
        app.workflows.createWorkflow({ workflow, start }, options),
      );
      expect(new Set(made.map((each) => each.workflow?.id)).size).toBe(1);
      expect(new Set(made.map((each) => each.workflow?.tasks[0]?.id)).size).toBe(1);
      const runs = start ? 1 : 0;
      expect(await rowsOf(person)).toEqual({ tasks: 1, workflows: 1, executions: runs, entries: 1 + runs });
      const again = await app.workflows.createWorkflow({ workflow, start }, options);
      expect(again.workflow?.id).toBe(made[0]?.workflow?.id);
    },
  );

  it('is told the decision that it made, and that another one was made', async () => {
    const person = newAdmin();
    const { jobId } = await submit(app, person, 'gate');
    await app.watch.seen(keyOf(jobId), 'approval_requested');
    const options = repeatable(person);
    const verdict = { jobId, taskId: 'approval-a', approve: true, comment: '' };
    await app.approvals.decideApproval(verdict, options);
    const { approval } = await app.approvals.decideApproval(verdict, options);
    expect(approval).toMatchObject({ status: ApprovalStatus.APPROVED, decidedBy: person.userId });
    const other = app.approvals.decideApproval({ ...verdict, approve: false }, repeatable(person));
    expect(await reasonOf(other)).toBe('failed_precondition');
    expect(await reasonOf(app.approvals.decideApproval(verdict, app.as(person)))).toBe('failed_precondition');
  });

  it('is told that the run is where it has led it', async () => {
    const person = newAdmin();
    const { jobId } = await submit(app, person, 'gate');
    await app.watch.seen(keyOf(jobId), 'approval_requested');
    const options = repeatable(person);
    const pause = (as: CallOptions) => app.control.pauseExecution({ jobId }, as);
    expect((await pause(options)).status).toBe(ExecutionStatus.PAUSED);
    expect((await pause(options)).status).toBe(ExecutionStatus.PAUSED);
    expect(await reasonOf(pause(app.as(person)))).toBe('failed_precondition');
  });
});
