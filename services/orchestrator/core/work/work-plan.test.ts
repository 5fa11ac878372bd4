// The beginning of runs of tasks for workers: their plans as texts, and what is offered at once.
import { describe, expect, it } from '@jest/globals';
import { fold } from '../evolve.ts';
import { initialState } from '../execution-state.ts';
import { beginWork } from './begin-work.ts';
import { openWork, pinWork } from './work-plan.ts';
import { pinnedWork, workGraph } from './work-run.for-test.ts';

const run = (...given: Parameters<typeof pinnedWork>) => {
  const plan = openWork(pinnedWork(...given));
  if (!plan) throw new Error('no plan of work');
  return plan;
};

describe('a pinned graph', () => {
  it('is read back as it was, without a domain and without a time for the whole', () => {
    const graph = workGraph({ a: [], b: ['a'] }, { requiredCapabilities: ['see'], priority: 4 }, 'continue');
    const plan = openWork(pinWork(graph));
    expect(plan).toMatchObject({ domainId: '', domainVersion: 0, failurePolicy: 'continue', hasWork: true });
    expect(plan?.executionTimeoutMs).toBe(Number.POSITIVE_INFINITY);
    expect(plan?.tasks).toMatchObject([
      { taskId: 'task_1', nodeId: 'a', agentName: 'The a', parents: [], anyOutput: true },
      {
        nodeId: 'b',
        parents: ['a'],
        work: { type: 'analysis', requiredCapabilities: ['see'], priority: 4 },
        limits: { retriesMax: 3, attemptTimeoutMs: 300_000, totalTimeoutMs: 600_000 },
      },
    ]);
  });

  it('has the hash of its content', () => {
    expect(pinnedWork({ a: [] })).toEqual(pinnedWork({ a: [] }));
    expect(pinnedWork({ a: [] }).hash).not.toBe(pinnedWork({ a: [] }, { priority: 3 }).hash);
    expect(pinnedWork({ a: [] }).hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is told from plans of playbooks', () => {
    expect(openWork({ text: '{"domainId":"city"}' })).toBeUndefined();
    expect(openWork({ text: '{"description":"\\"form\\":\\"work\\""}' })).toBeUndefined();
    expect(openWork({ text: '{"a":{"form":"work"}}' })).toBeUndefined();
  });
});

describe('a run that begins', () => {
  it('offers what has no parents, as its journal says', () => {
    const plan = run({ a: [], b: ['a'], c: [] });
    const begun = beginWork({ run: plan, nowMs: 5_000 });
    expect(begun).toEqual({
      atMs: 5_000,
      status: 'running',
      startedAtMs: 5_000,
      events: [
        { type: 'started' },
        { type: 'task_offered', nodeId: 'a', attempt: 1 },
        { type: 'task_offered', nodeId: 'c', attempt: 1 },
      ],
      changes: [
        { type: 'offered', nodeId: 'a', attempt: 1, offeredAtMs: 5_000 },
        { type: 'offered', nodeId: 'c', attempt: 1, offeredAtMs: 5_000 },
      ],
    });
    const entries = begun.events.map((event, at) => ({ seq: at + 1, atMs: 5_000, event }));
    expect(fold(initialState(plan), entries).counts).toMatchObject({ waiting_worker: 2, waiting: 1 });
  });
});
