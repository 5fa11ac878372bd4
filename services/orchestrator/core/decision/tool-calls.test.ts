// How the calls of tools of a run are shared out: what attempts are given, who waits, and that all of them together are never too many.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  eventsOf,
  expectFolded,
  invoked,
  readAgain,
  runOf,
  startedRun,
  type TestRun,
} from '../decide.for-test.ts';
import type { ExecutionState } from '../execution-state.ts';
import { planOf, withTasks } from '../run-plan.for-test.ts';
import type { RunPlan } from '../run-plan.ts';
import { attemptToolCallsMax, executionToolCallsMax, heldBy } from '../tool-calls-left.ts';
import { waitingFor } from '../waiting-for.ts';

function callers(graph: Readonly<Record<string, readonly string[]>>): RunPlan {
  const plan = planOf(graph, 'continue');
  return withTasks(
    plan,
    Object.fromEntries(Object.keys(graph).map((nodeId) => [nodeId, { callsTools: true }])),
  );
}

const namesOf = (count: number) => Array.from({ length: count }, (_, at) => `n${at}`);
const parallel = (count: number) => callers(Object.fromEntries(namesOf(count).map((name) => [name, []])));
const givenIn = (run: TestRun) =>
  eventsOf(run, 'task_started').map(({ nodeId, toolCalls }) => [nodeId, toolCalls]);

function call(run: TestRun, nodeId: string, times: number): void {
  for (let made = 0; made < times; made += 1) {
    run.see({ type: 'tool_called', nodeId, attempt: run.task(nodeId).attempt, toolName: 'search' });
  }
}

function committed({ toolCalls, tasks }: ExecutionState): number {
  return toolCalls + tasks.reduce((sum, task) => sum + heldBy(task), 0);
}

describe('an attempt', () => {
  it('is given all the calls that one may make while there are enough', () => {
    const run = startedRun(parallel(5));
    expect(givenIn(run)).toEqual(namesOf(5).map((name) => [name, attemptToolCallsMax]));
  });

  it('shares what there is with those that can start beside it', () => {
    const run = startedRun(parallel(6));
    const given = eventsOf(run, 'task_started').map(({ toolCalls = 0 }) => toolCalls);
    expect(given).toHaveLength(6);
    expect(Math.min(...given)).toBe(16);
    expect(given.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(executionToolCallsMax);
  });

  it('of an agent without tools is given none, and its journal says nothing of it', () => {
    const run = startedRun(planOf({ a: [] }));
    expect(eventsOf(run, 'task_started')).toEqual([{ type: 'task_started', nodeId: 'a', attempt: 1 }]);
  });

  it('waits for calls that others hold, takes no place meanwhile, and starts once they come back', () => {
    const plan = callers({
      ...Object.fromEntries(namesOf(5).map((name) => [name, []])),
      gate: [],
      late: ['gate'],
    });
    const run = startedRun(withTasks(plan, { gate: { callsTools: false } }));
    expect(givenIn(run).filter(([, given]) => given === attemptToolCallsMax)).toHaveLength(5);
    expect(invoked(run.answer('gate'))).toEqual([]);
    expect(run.state.startable).toEqual([]);
    expect(waitingFor(run.state, run.task('late').planned)).toEqual([
      'calls of tools that are set aside for other tasks of the run',
    ]);
    call(run, 'n0', 3);
    expect(invoked(run.answer('n0'))).toEqual(['late']);
    expect(givenIn(run).at(-1)).toEqual(['late', 17]);
    expectFolded(run);
  });

  it('is given none, and does not wait, once every call of the run is made', () => {
    const run = startedRun(callers({ a: [], b: ['a'], c: ['b'] }));
    run.toolCallsMax = 25;
    call(run, 'a', 20);
    run.answer('a');
    expect(givenIn(run).at(-1)).toEqual(['b', 5]);
    call(run, 'b', 5);
    expect(invoked(run.answer('b'))).toEqual(['c']);
    expect(givenIn(run).at(-1)).toEqual(['c', 0]);
  });

  it('that is repeated is given calls anew, out of what the earlier ones have left of the run', () => {
    const run = startedRun(parallel(1));
    run.toolCallsMax = 30;
    call(run, 'n0', 15);
    run.fault('n0', 'model_error');
    run.pass(60_000);
    expect(givenIn(run)).toEqual([
      ['n0', 20],
      ['n0', 15],
    ]);
    expect(run.state.toolCalls).toBe(15);
  });

  it('that waits for its repetition and for calls is not looked at again and again', () => {
    const run = startedRun(parallel(6));
    run.toolCallsMax = 60;
    run.fault('n0', 'model_error');
    call(run, 'n1', 16);
    run.pass(60_000);
    expect(run.task('n0')).toMatchObject({ status: 'retry_wait', waitsForCalls: true });
    const journal = run.journal.length;
    expect(run.pass(1)).toEqual([]);
    expect(run.journal).toHaveLength(journal);
  });

  it('that another process takes up has what it had, without the calls that are on record', () => {
    const run = startedRun(parallel(1));
    call(run, 'n0', 6);
    const again = readAgain(run);
    again.see({ type: 'loaded' });
    expect(heldBy(again.task('n0'))).toBe(14);
    again.see({ type: 'attempt_uncertain', nodeId: 'n0', attempt: 1 });
    expect(again.task('n0').toolsTold).toBe(0);
    expect(heldBy(again.task('n0'))).toBe(14);
    expect(again.state.toolCalls).toBe(6);
  });

  it('of a journal that set nothing aside counts as if all were', () => {
    const run = startedRun(parallel(1));
    const journal = run.journal.map((entry) =>
      entry.event.type === 'task_started'
        ? { ...entry, event: { type: 'task_started' as const, nodeId: 'n0', attempt: 1 } }
        : entry,
    );
    const again = startedRun(run.state.plan, { journal });
    expect(heldBy(again.task('n0'))).toBe(attemptToolCallsMax);
  });
});

describe('a call that has ended', () => {
  it('is recorded as it is told, and not once the attempt is over', () => {
    const run = startedRun(parallel(1));
    const given = { text: '{"q":1}', bytes: 7, sha256: '' };
    const end = { toolName: 'search', number: 1, durationMs: 5, errorCode: '', given };
    run.see({ type: 'tool_ended', nodeId: 'n0', attempt: 1, ...end });
    expect(eventsOf(run, 'tool_ended')).toEqual([{ type: 'tool_ended', nodeId: 'n0', attempt: 1, ...end }]);
    expect(run.task('n0').toolEndsTold).toBe(1);
    run.answer('n0');
    run.see({ type: 'tool_ended', nodeId: 'n0', attempt: 1, ...end, number: 2 });
    expect(eventsOf(run, 'tool_ended')).toHaveLength(1);
  });
});

describe('all attempts of a run together', () => {
  const step = fc.record({
    what: fc.constantFrom('call', 'call', 'call', 'answer', 'fault', 'pass', 'reload'),
    which: fc.nat(11),
    times: fc.integer({ min: 1, max: 25 }),
  });

  /** The run after one more step, as whoever owns it then sees it. */
  function after(run: TestRun, { what, which, times }: Step): TestRun {
    const nodeId = `n${which}`;
    const task = run.task(nodeId);
    if (what === 'reload') return loadedAgain(run);
    if (what === 'pass') run.pass(10_000);
    else if (what === 'call') call(run, nodeId, Math.min(times, heldBy(task)));
    else if (task.status !== 'running') return run;
    else if (what === 'answer') run.answer(nodeId);
    else run.fault(nodeId, 'model_error');
    return run;
  }

  it('are never given more calls than the run may make, and nobody waits while nobody runs', () => {
    const lives = fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.array(step, { maxLength: 80 }),
      (max, steps) => {
        let run = runOf(parallel(12));
        run.toolCallsMax = max;
        run.see({ type: 'loaded' });
        run.see({ type: 'document_placed' });
        for (const each of steps) {
          run = after(run, each);
          expect(committed(run.state)).toBeLessThanOrEqual(max);
          const waits = run.state.tasks.some(({ waitsForCalls }) => waitsForCalls);
          expect(waits && run.state.counts.running === 0).toBe(false);
        }
      },
    );
    fc.assert(lives, { numRuns: 200 });
  });
});

type Step = { readonly what: string; readonly which: number; readonly times: number };

function loadedAgain(run: TestRun): TestRun {
  const again = readAgain(run);
  again.toolCallsMax = run.toolCallsMax;
  again.see({ type: 'loaded' });
  return again;
}
