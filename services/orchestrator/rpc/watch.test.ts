// Watching over the wire, on two replicas: what is told to whom, and that it does not matter which replica is asked.
import { randomUUID } from 'node:crypto';
import type { CallOptions, Client } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import type { ClosableTransport } from '../../../foundation/rpc/balanced-transport.ts';
import { createMeshClient } from '../../../foundation/rpc/mesh-client.ts';
import type { RunningService } from '../../../foundation/rpc/rpc-service.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import type { ExecutionEvent } from '../../../proto/gen/domainflow/orchestrator/v1/execution_event_pb.js';
import { ExecutionKind } from '../../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import { ReplicaService } from '../../../proto/gen/domainflow/orchestrator/v1/replica_service_pb.js';
import {
  type WatchExecutionResponse,
  type WatchOwnResponse,
  WatchService,
} from '../../../proto/gen/domainflow/orchestrator/v1/watch_service_pb.js';
import { newPerson, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import { startOrchestrator } from '../app.ts';
import { answerAfter, answerAtOnce } from '../clients/neighbours.for-test.ts';
import { readOrchestratorConfig } from '../config.ts';
import { executionIdOf, jobIdOf } from '../core/public-id.ts';

let databases: TestDatabases;
let app: TestOrchestrator;
let other: RunningService;
let transport: ClosableTransport;
let here: Client<typeof WatchService>;
let there: Client<typeof WatchService>;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'watching');
  other = await startOrchestrator(readOrchestratorConfig({ ...app.settings, REPLICA_NAME: 'replica-1' }));
  transport = app.transportTo(other.address);
  here = createMeshClient(WatchService, app.transport);
  there = createMeshClient(WatchService, transport);
}, 30_000);
afterEach(() => {
  app.neighbours.invoke = answerAtOnce;
});
afterAll(async () => {
  transport.close();
  await other.close();
  await app.close();
  await databases.stop();
});

const report = { domainId: 'city', text: 'A pothole on Main Street', source: 'web' };

type Told = Pick<WatchExecutionResponse | WatchOwnResponse, 'told'>;

/** Events until the stream ends, or the test has enough. */
async function eventsOf(
  stream: AsyncIterable<Told>,
  isEnough: (events: readonly ExecutionEvent[], step: Told) => boolean = () => false,
): Promise<ExecutionEvent[]> {
  const events: ExecutionEvent[] = [];
  for await (const step of stream) {
    if (step.told.case === 'event') events.push(step.told.value);
    if (isEnough(events, step)) break;
  }
  return events;
}

const seqs = (events: readonly ExecutionEvent[]) => events.map(({ seq }) => Number(seq));
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
const reasonOf = (stream: AsyncIterable<Told>): Promise<unknown> =>
  eventsOf(stream).then(
    () => 'ok',
    ({ reason }: { reason: string }) => reason,
  );

async function endedRun(person: Principal) {
  const started = await app.executions.startIngestion(report, app.as(person));
  await app.watch.seen({ id: executionIdOf(started.jobId) ?? '' }, 'ended');
  return started;
}

describe('WatchExecution', () => {
  it('tells a run from its beginning to its end, at the replica that holds it and at the other one', async () => {
    const editor = newPerson();
    const letGo = Promise.withResolvers<void>();
    app.neighbours.invoke = answerAfter(letGo.promise);
    const { jobId, incidentId } = await app.executions.startIngestion(report, app.as(editor));
    const goOn = (events: readonly ExecutionEvent[]): boolean => {
      if (events.length === 2) letGo.resolve();
      return false;
    };
    const [one, two] = await Promise.all(
      [here, there].map((client) => eventsOf(client.watchExecution({ jobId }, app.as(editor)), goOn)),
    );
    expect(one).toEqual(two);
    expect(seqs(one ?? [])).toEqual(upTo(one?.length ?? 0));
    expect(one?.[0]).toMatchObject({
      jobId,
      status: 'loading_agents',
      kind: ExecutionKind.INGEST,
      incidentId,
      queryId: '',
      userId: editor.userId,
      metadata: { agent_count: 2 },
      last: false,
    });
    expect(one?.at(-1)).toMatchObject({ status: 'complete', last: true });
  });

  it('goes on at the other replica after every number', async () => {
    const editor = newPerson();
    const { jobId } = await endedRun(editor);
    const whole = await eventsOf(here.watchExecution({ jobId }, app.as(editor)));
    for (let after = 0; after <= whole.length; after += 1) {
      const client = after % 2 === 0 ? there : here;
      const rest = await eventsOf(client.watchExecution({ jobId, afterSeq: BigInt(after) }, app.as(editor)));
      expect(rest).toEqual(whole.slice(after));
    }
  });

  it('does not tell another tenant that there is such a run, and tells a query to its asker alone', async () => {
    const asker = newPerson();
    const { tenantId } = asker;
    const { jobId } = await endedRun(asker);
    const ask = (id: string, options: CallOptions) => reasonOf(here.watchExecution({ jobId: id }, options));
    expect(await ask(jobId, app.as(newPerson()))).toBe('not_found');
    expect(await ask(jobIdOf(newId()), app.as(asker))).toBe('not_found');
    expect(await ask('job_1', app.as(asker))).toBe('not_found');
    expect(await ask(jobId, app.as(newPerson({ tenantId })))).toBe('ok');
    app.neighbours.sessions.set('ses_asked', { tenantId, userId: asker.userId });
    const question = { sessionId: 'ses_asked', domainId: 'city', question: 'How many potholes?' };
    const query = await app.executions.startQuery(question, app.as(asker));
    expect(await ask(query.jobId, app.as(newPerson({ tenantId, roles: ['admin'] })))).toBe(
      'permission_denied',
    );
    expect(await ask(query.jobId, app.as(newPerson()))).toBe('not_found');
    expect(await ask(query.jobId, app.as(asker))).toBe('ok');
  });

  it('is for people, with a number that can be', async () => {
    const editor = newPerson();
    const { jobId } = await endedRun(editor);
    const run = { runId: randomUUID(), capability: 'query', writeTarget: randomUUID() };
    expect(await reasonOf(here.watchExecution({ jobId }, app.asRun(editor, run)))).toBe('permission_denied');
    expect(await reasonOf(here.watchExecution({ jobId }, app.asService()))).toBe('unauthenticated');
    for (const afterSeq of [-1n, 2n ** 31n]) {
      const asked = here.watchExecution({ jobId, afterSeq }, app.as(editor));
      await expect(eventsOf(asked)).rejects.toMatchObject({
        reason: 'invalid_argument',
        violations: [{ field: 'last_event_id' }],
      });
    }
  });
});

describe('WatchOwn', () => {
  it('tells every run of the caller from now on and goes on at the other replica without loss', async () => {
    const editor = newPerson();
    const { tenantId } = editor;
    await endedRun(editor);
    let resume = '';
    const keep = (_: readonly ExecutionEvent[], step: Told): boolean => {
      if ('resume' in step && step.resume !== '') resume = String(step.resume);
      return step.told.case === 'alive';
    };
    expect(await eventsOf(there.watchOwn({}, app.as(editor)), keep)).toEqual([]);
    expect(resume).not.toBe('');
    await endedRun(newPerson({ tenantId }));
    const runs = [await endedRun(editor), await endedRun(editor)];
    const told: ExecutionEvent[] = [];
    while (told.filter(({ last }) => last).length < runs.length) {
      const client = told.length % 2 === 0 ? here : there;
      const more = await eventsOf(client.watchOwn({ resume }, app.as(editor)), (events, step) => {
        keep(events, step);
        return events.length === 3 || events.at(-1)?.last === true;
      });
      told.push(...more);
    }
    for (const { jobId } of runs) {
      const ofRun = told.filter((event) => event.jobId === jobId);
      expect(seqs(ofRun)).toEqual(upTo(ofRun.length));
      expect(ofRun.at(-1)?.last).toBe(true);
    }
    expect(new Set(told.map(({ jobId }) => jobId)).size).toBe(runs.length);
  });

  it('tells a run that is started at the other replica', async () => {
    const editor = newPerson();
    let jobId = '';
    const events = await eventsOf(there.watchOwn({}, app.as(editor)), (told, step) => {
      if (step.told.case === 'alive' && jobId === '') {
        jobId = 'starting';
        void app.executions.startIngestion(report, app.as(editor)).then((started) => {
          jobId = started.jobId;
        });
      }
      return told.at(-1)?.last === true;
    });
    expect(new Set(events.map((event) => event.jobId))).toEqual(new Set([jobId]));
    expect(seqs(events)).toEqual(upTo(events.length));
  });

  it('does not go on where another user, another stream or nobody was', async () => {
    const editor = newPerson();
    let resume = '';
    await eventsOf(here.watchOwn({}, app.as(editor)), (_, step) => {
      if ('resume' in step) resume = String(step.resume);
      return true;
    });
    app.neighbours.sessions.set('ses_mine', editor);
    const refused = [
      here.watchOwn({ resume }, app.as(newPerson({ tenantId: editor.tenantId }))),
      here.watchOwn({ resume }, app.as({ ...editor, tenantId: randomUUID() })),
      here.watchOwn({ resume: `A${resume.slice(1)}x` }, app.as(editor)),
      here.watchSession({ sessionId: 'ses_mine', resume }, app.as(editor)),
    ];
    for (const stream of refused) {
      await expect(eventsOf(stream)).rejects.toMatchObject({
        reason: 'invalid_argument',
        violations: [{ field: 'last_event_id' }],
      });
    }
  });
});

describe('WatchSession', () => {
  it('tells the runs of the session alone, to its owner alone', async () => {
    const asker = newPerson();
    const { tenantId, userId } = asker;
    app.neighbours.sessions.set('ses_watched', { tenantId, userId });
    const question = { sessionId: 'ses_watched', domainId: 'city', question: 'How many potholes?' };
    let isAsked = false;
    const watched = there.watchSession({ sessionId: 'ses_watched' }, app.as(asker));
    const events = await eventsOf(watched, (told, step) => {
      if (step.told.case === 'alive' && !isAsked) {
        isAsked = true;
        void endedRun(asker).then(() => app.executions.startQuery(question, app.as(asker)));
      }
      return told.at(-1)?.last === true;
    });
    expect(new Set(events.map(({ sessionId }) => sessionId))).toEqual(new Set(['ses_watched']));
    expect(events[0]).toMatchObject({ kind: ExecutionKind.QUERY, incidentId: '', userId });
    const watch = (person: Principal) =>
      reasonOf(here.watchSession({ sessionId: 'ses_watched' }, app.as(person)));
    expect(await watch(newPerson({ tenantId, roles: ['admin'] }))).toBe('permission_denied');
    expect(await watch(newPerson())).toBe('not_found');
  });
});

describe('Feed', () => {
  it('is for replicas alone', async () => {
    const client = createMeshClient(ReplicaService, app.transport);
    const editor = newPerson();
    const run = { runId: randomUUID(), capability: 'query', writeTarget: randomUUID() };
    for (const options of [app.as(newPerson({ roles: ['admin'] })), app.asRun(editor, run)]) {
      const hear = (async () => {
        for await (const _ of client.feed({}, options)) break;
      })();
      await expect(hear).rejects.toMatchObject({ reason: 'permission_denied' });
    }
  });

  it('tells no output and no prompt of a run', async () => {
    const client = createMeshClient(ReplicaService, app.transport);
    const editor = newPerson();
    const said: string[] = [];
    for await (const { told } of client.feed({}, app.asService())) {
      if (told.case === 'alive' && said.length === 0) {
        said.push('');
        void app.executions.startIngestion(report, app.as(editor));
      }
      if (told.case !== 'entries' || told.value.tenantId !== editor.tenantId) continue;
      said.push(...told.value.entries.map(({ event }) => event));
      if (told.value.ended) break;
    }
    expect(said.length).toBeGreaterThan(5);
    expect(said.join()).toContain('task_succeeded');
    expect(said.join()).not.toContain('was here');
    expect(said.join()).not.toContain('pothole');
  });
});

describe('a replica that goes', () => {
  it('ends its streams as unavailable, and they go on at another', async () => {
    const editor = newPerson();
    const letGo = Promise.withResolvers<void>();
    app.neighbours.invoke = answerAfter(letGo.promise);
    const { jobId } = await app.executions.startIngestion(report, app.as(editor));
    const config = readOrchestratorConfig({ ...app.settings, REPLICA_NAME: 'replica-2' });
    const going = await startOrchestrator(config);
    const toGoing = app.transportTo(going.address);
    const told: ExecutionEvent[] = [];
    let closed: Promise<void> | undefined;
    const client = createMeshClient(WatchService, toGoing);
    const cut = eventsOf(client.watchExecution({ jobId }, app.as(editor)), (events) => {
      told.splice(0, told.length, ...events);
      closed ??= going.close();
      return false;
    });
    await expect(cut).rejects.toMatchObject({ reason: 'unavailable' });
    await closed;
    toGoing.close();
    letGo.resolve();
    const afterSeq = told.at(-1)?.seq ?? 0n;
    told.push(...(await eventsOf(there.watchExecution({ jobId, afterSeq }, app.as(editor)))));
    expect(seqs(told)).toEqual(upTo(told.length));
    expect(told.at(-1)?.last).toBe(true);
  });
});
