// One engine on a real database: what a run leaves behind, and what a caller is told.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../foundation/fault/fault.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { FailurePolicy } from '../../../proto/gen/domainflow/registry/v1/domain_pb.js';
import { fold } from '../core/evolve.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { initialState } from '../core/execution-state.ts';
import { type JournalWatch, watchJournal } from '../store/journal-watch.for-test.ts';
import { openTestStores, type TestStores } from '../store/stores.for-test.ts';
import {
  answered,
  beginTestEngine,
  faulted,
  quickRhythm,
  recordOf,
  type TestEngine,
  type TestEngineOptions,
  untilAborted,
} from './engine.for-test.ts';
import { openPlan } from './pinned-plan.ts';

const diamond = { a: [], b: ['a'], c: ['a'], d: ['b', 'c'] };

let databases: TestDatabases;
let stores: TestStores;
let watch: JournalWatch;
let engine: TestEngine | undefined;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'engine');
  watch = await watchJournal(stores.urls.admin);
}, 30_000);
afterEach(async () => {
  await engine?.close();
  engine = undefined;
  await stores.admin.query('truncate orchestrator.executions, orchestrator.execution_events');
});
afterAll(async () => {
  await watch.close();
  await stores.close();
  await databases.stop();
});

async function begin(options: TestEngineOptions = {}): Promise<TestEngine> {
  engine = await beginTestEngine(stores.urls, options);
  return engine;
}

const journalOf = ({ tenantId, id }: ExecutionRecord) => stores.executions.readJournal(tenantId, id);
const rowOf = ({ tenantId, id }: ExecutionRecord) => stores.executions.read(tenantId, id);

describe('a run', () => {
  it('completes, and its journal folds to the state that was applied', async () => {
    let given: unknown;
    const { start, applied } = await begin({
      documents: {
        apply: async ({ state }) => {
          given = structuredClone(state); // it goes on moving
        },
      },
    });
    const record = recordOf(diamond);
    await start(record);
    await watch.seen(record, 'ended');

    const journal = await journalOf(record);
    const folded = fold(initialState(openPlan(record.plan).run), journal);
    expect(folded).toMatchObject({ status: 'completed', outcome: { succeeded: true } });
    expect(folded.tasks.map(({ answer }) => answer?.output.answer)).toEqual(['a', 'b', 'c', 'd']);
    expect(given).toEqual(fold(initialState(openPlan(record.plan).run), journal.slice(0, -1)));
    expect(applied).toHaveLength(1);
    const { startedMs, endedMs } = folded;
    expect(await rowOf(record)).toMatchObject({
      status: 'completed',
      startedAtMs: startedMs,
      completedAtMs: endedMs,
    });
  });

  it('begins a task once, after all its parents are recorded, with their outputs', async () => {
    const begun: unknown[] = [];
    const { start } = await begin({
      invoke: async ({ execution, agent, input }) => {
        const recorded = (await journalOf(execution)).flatMap(({ event }) =>
          event.type === 'task_succeeded' ? [`${event.nodeId}_output`] : [],
        );
        const given = Object.keys(input).filter((key) => key.endsWith('_output'));
        begun.push([agent.agentId, given, given.every((key) => recorded.includes(key))]);
        return answered(agent.agentId);
      },
    });
    const record = recordOf(diamond);
    await start(record);
    await watch.seen(record, 'ended');
    expect(begun.toSorted()).toEqual([
      ['a', [], true],
      ['b', ['a_output'], true],
      ['c', ['a_output'], true],
      ['d', ['b_output', 'c_output'], true],
    ]);
  });

  it('is not held up by another whose agent answers something that cannot be stored', async () => {
    const { start, applied } = await begin({
      invoke: async ({ agent }) =>
        agent.agentId === 'bad'
          ? faulted({ code: 'output_invalid', message: 'NUL \0 and half a pair \ud800' })
          : answered('fine'),
    });
    const good = Array.from({ length: 20 }, () => recordOf({ good: [] }));
    const bad = recordOf({ bad: [] });
    await Promise.all([...good, bad].map((record) => start(record)));
    await Promise.all([...good, bad].map((record) => watch.seen(record, 'ended')));
    expect(await rowOf(bad)).toMatchObject({ status: 'failed', reason: 'output_invalid' });
    for (const record of good) expect(await rowOf(record)).toMatchObject({ status: 'completed' });
    expect(applied).toHaveLength(21);
  });

  it('applies what succeeded beside a failed task when its policy is to continue', async () => {
    const { start, applied } = await begin({
      invoke: async ({ agent }) =>
        agent.agentId === 'bad' ? faulted({ code: 'output_invalid', message: 'no' }) : answered('yes'),
    });
    const record = recordOf({ bad: [], good: [] }, { failurePolicy: FailurePolicy.CONTINUE });
    await start(record);
    await watch.seen(record, 'ended');
    expect(applied[0]?.outcome).toMatchObject({ succeeded: false, partial: true, reason: 'output_invalid' });
    expect(await rowOf(record)).toMatchObject({ status: 'failed', partial: true });
  });

  it('aborts its attempts when its time is up, and fails', async () => {
    const aborts = { slow: Promise.withResolvers<void>(), slower: Promise.withResolvers<void>() };
    let aheadMs = 0; // the time of the run passes at once, and is noticed when an attempt would be timed out
    const { start, applied } = await begin({
      clock: () => Date.now() + aheadMs,
      invoke: async (invocation) => {
        const { agentId } = invocation.agent;
        if (agentId === 'quick') return answered('done');
        if (agentId === 'slower') aheadMs = 20_000;
        const end = await untilAborted(invocation);
        aborts[agentId as keyof typeof aborts].resolve();
        return end;
      },
      documents: {
        apply: async () => void (await Promise.all([aborts.slow.promise, aborts.slower.promise])),
      },
    });
    const record = recordOf(
      { quick: [], slow: [], slower: [], never: ['slow'] },
      {
        ...{ executionTimeoutS: 20, attemptTimeoutS: 1 },
      },
    );
    await start(record);
    await watch.seen(record, 'ended');
    expect(applied[0]?.outcome).toMatchObject({ succeeded: false, reason: 'deadline' });
    expect(await rowOf(record)).toMatchObject({ status: 'failed', reason: 'deadline' });
    const { tasks } = fold(initialState(openPlan(record.plan).run), await journalOf(record));
    expect(tasks.map(({ status }) => status)).toEqual(['succeeded', 'failed', 'failed', 'skipped']);
  });
});

describe('a document', () => {
  it('that is refused rejects the caller, but not before the failure is recorded', async () => {
    const placedAgain = Promise.withResolvers<void>();
    const revoke = 'revoke insert on orchestrator.execution_events from orchestrator_engine';
    let places = 0;
    const { start, applied, invoked } = await begin({
      documents: {
        place: async () => {
          places += 1;
          if (places === 1) await stores.admin.query(revoke);
          if (places === 3) placedAgain.resolve();
          throw new Fault('permission_denied', 'Not in this domain');
        },
      },
    });
    // While nothing can be recorded any more, the run is read again and again, and the caller waits.
    const record = recordOf(diamond);
    let told: unknown;
    const started = start(record).catch((error: unknown) => {
      told = error;
    });
    await placedAgain.promise;
    const toldBefore = told;
    await stores.admin.query('grant insert on orchestrator.execution_events to orchestrator_engine');
    await started;
    expect(toldBefore).toBeUndefined();
    expect(told).toMatchObject({ reason: 'permission_denied', message: 'Not in this domain' });
    expect((await journalOf(record)).map(({ event }) => event.type)).toContain('finishing');

    await watch.seen(record, 'ended');
    expect(applied.map(({ outcome }) => outcome)).toEqual([
      {
        succeeded: false,
        partial: false,
        reason: 'permission_denied',
        error: 'The run could not start: Not in this domain',
      },
    ]);
    expect(await rowOf(record)).toMatchObject({ status: 'failed', reason: 'permission_denied' });
    expect(invoked).toEqual([]);
  });

  it('whose store is away ends a fresh run at once, and gets the outcome when the store is back', async () => {
    let away = true;
    const { start, applied } = await begin({
      documents: {
        place: async () => {
          throw new Fault('unavailable', 'Away');
        },
        apply: async () => {
          if (!away) return;
          away = false;
          throw new Fault('unavailable', 'Away');
        },
      },
    });
    const record = recordOf(diamond);
    await expect(start(record)).rejects.toMatchObject({ reason: 'unavailable' });
    await watch.seen(record, 'ended');
    expect(applied.map(({ outcome }) => outcome.reason)).toEqual(['dependency_unavailable']);
    expect(await rowOf(record)).toMatchObject({ status: 'failed', reason: 'dependency_unavailable' });
  });

  it('that refuses a success for good gets a failure instead, and so does the row', async () => {
    const { start, applied } = await begin({
      documents: {
        apply: async ({ outcome }) => {
          if (outcome.succeeded) throw new Fault('invalid_argument', 'Too much');
        },
      },
    });
    const record = recordOf(diamond);
    await start(record);
    await watch.seen(record, 'ended');
    const failure = {
      partial: false,
      reason: 'output_too_large',
      error: expect.stringContaining('Too much'),
    };
    expect(applied.map(({ outcome }) => outcome)).toEqual([{ succeeded: false, ...failure }]);
    expect(await rowOf(record)).toMatchObject({ status: 'failed', ...failure });
  });

  it('that refuses even the failure keeps no run from ending', async () => {
    const { start } = await begin({
      documents: {
        apply: async () => {
          throw new Fault('permission_denied', 'Never');
        },
      },
    });
    const record = recordOf(diamond);
    await start(record);
    await watch.seen(record, 'ended');
    expect(await rowOf(record)).toMatchObject({ status: 'failed', reason: 'permission_denied' });
  });

  it('that is gone when the outcome comes counts as written', async () => {
    const { start } = await begin({
      documents: {
        apply: async () => {
          throw new Fault('not_found', 'No such report');
        },
      },
    });
    const record = recordOf(diamond);
    await start(record);
    await watch.seen(record, 'ended');
    expect(await rowOf(record)).toMatchObject({ status: 'completed', reason: '' });
  });

  it('that is being changed by others is tried again', async () => {
    let conflicts = 0;
    const { start } = await begin({
      documents: {
        apply: async () => {
          conflicts += 1;
          if (conflicts === 1) throw new Fault('aborted', 'Others change it', { retryAfterMs: 100 });
        },
      },
    });
    const record = recordOf(diamond);
    await start(record);
    await watch.seen(record, 'ended');
    expect(await rowOf(record)).toMatchObject({ status: 'completed' });
  });
});

describe('an engine that closes', () => {
  it('hands back at once: another takes over without waiting for a lease', async () => {
    const rhythm = { ...quickRhythm, leaseMs: 3_600_000 };
    const begun = Promise.withResolvers<void>();
    const aborted = Promise.withResolvers<void>();
    const first = await beginTestEngine(stores.urls, {
      replicaName: 'first',
      rhythm,
      invoke: async (invocation) => {
        if (invocation.agent.agentId === 'a') return answered('a');
        begun.resolve();
        const end = await untilAborted(invocation);
        aborted.resolve();
        return end;
      },
    });
    const record = recordOf(diamond);
    await first.start(record);
    await watch.seen(record, 'task_started', 'c');
    // What is recorded may be seen before its owner hears of it and begins.
    await begun.promise;
    const second = await begin({ replicaName: 'second', rhythm });
    await first.close();
    await aborted.promise;
    await watch.seen(record, 'ended');
    expect(await rowOf(record)).toMatchObject({ status: 'completed' });
    expect(second.invoked.toSorted()).toEqual(['b', 'c', 'd'].map((node) => `${record.id} ${node}`));
  });

  it('tells callers who still wait, and starts nothing more', async () => {
    const placing = Promise.withResolvers<void>();
    const never = Promise.withResolvers<void>();
    const closing = await begin({
      documents: {
        place: () => {
          placing.resolve();
          return never.promise;
        },
      },
    });
    const waiting = closing.start(recordOf(diamond)).catch((error: unknown) => error);
    await placing.promise;
    await closing.stop();
    expect(await waiting).toMatchObject({ reason: 'unavailable' });
    const late = recordOf(diamond);
    await expect(closing.start(late)).rejects.toMatchObject({ reason: 'unavailable' });
    expect(await rowOf(late)).toBeUndefined();
  });
});
