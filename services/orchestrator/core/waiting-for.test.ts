// What a task is said to wait for, in each status and wherever its run is kept.
import { describe, expect, it } from '@jest/globals';
import { runOf, startedRun, type TestRun } from './decide.for-test.ts';
import { approvalNode, planOf, withTasks } from './run-plan.for-test.ts';
import { type Whereabouts, waitingFor } from './waiting-for.ts';

function waits(run: TestRun, nodeId: string, where?: Whereabouts): string[] {
  return waitingFor(run.state, run.task(nodeId).planned, where);
}

const chain = planOf({ a: [], b: [], join: ['a', 'b'] });
const asking = withTasks(planOf({ ask: [], after: ['ask'] }), { ask: approvalNode() });

describe('a task', () => {
  it('of a run that has not begun waits for its start, and a queued one for its turn', () => {
    const run = runOf(chain);
    expect(waits(run, 'a')).toEqual(['the run to start']);
    expect(waits(run, 'join', { place: 'queued' })).toEqual([
      'the run to be admitted: others of the tenant come first',
      'the output of a',
      'the output of b',
    ]);
  });

  it('of a run that is set aside waits for that alone, unless it has ended', () => {
    const run = startedRun(chain);
    run.answer('a');
    const [aside] = waits(run, 'join', { place: 'set_aside' });
    expect(aside).toContain('was set aside');
    expect(waits(run, 'b', { place: 'set_aside' })).toEqual([aside]);
    expect(waits(run, 'a', { place: 'set_aside' })).toEqual([]);
  });

  it('waits for the parents that have not succeeded, agents or approvals', () => {
    const run = startedRun(chain);
    run.answer('a');
    expect(waits(run, 'join')).toEqual(['the output of b']);
    expect(waits(startedRun(asking), 'after')).toEqual(['the approval of ask']);
  });

  it('that could start waits for a slot of the run, or for any', () => {
    const graph = Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`n${at}`, []]));
    expect(waits(startedRun(planOf(graph)), 'n10')).toEqual(['a free slot of the run']);
    const run = runOf(chain);
    run.places = 0;
    run.see({ type: 'document_placed' });
    expect(waits(run, 'a')).toEqual(['a free slot']);
    expect(waits(run, 'a', { place: 'parked' })).toEqual(['the run to be taken up again']);
    expect(waits(run, 'a', { place: 'queued' })).toEqual([
      'the run to be admitted: others of the tenant come first',
    ]);
  });

  it('that is looked for in the cache waits for that', () => {
    const run = startedRun(withTasks(chain, { a: { cacheTtlMs: 1_000 } }));
    expect(waits(run, 'a')).toEqual(['a look into the cache']);
  });

  it('that runs says with which attempt, and when it is being aborted', () => {
    const run = startedRun(chain);
    expect(waits(run, 'a')).toEqual(['attempt 1 of a Agent is running']);
    run.cancel();
    expect(waits(run, 'a')).toEqual(['attempt 1 of a Agent to end, which is being aborted']);
  });

  it('that is tried again waits until then, and then for a slot', () => {
    const run = startedRun(chain);
    run.fault('a', 'tool_error');
    expect(waits(run, 'a')).toEqual([
      'the next attempt at 2026-03-01T12:00:01.000Z, after: tool_error happened',
    ]);
    run.places = 0;
    run.pass(1_000);
    expect(waits(run, 'a')).toEqual(['a free slot']);
  });

  it('that an open breaker keeps back waits for the breaker', () => {
    const run = startedRun(chain);
    run.fault('a', 'dependency_unavailable', { notBeforeMs: 60_000 });
    expect(waits(run, 'a')).toEqual([
      'the circuit breaker to let it through at 2026-03-01T12:01:00.000Z, after: dependency_unavailable happened',
    ]);
  });

  it('that a person decides waits for one with a role, until it decides itself', () => {
    expect(waits(startedRun(asking), 'ask')).toEqual([
      'the decision of a person with the role editor or admin until 2026-03-02T12:00:00.000Z',
    ]);
  });

  it('of a paused run waits for the resume, unless it is under way', () => {
    const run = startedRun(planOf({ a: [], runs: [], flaky: [], below: ['a'], last: ['runs'] }));
    run.fault('flaky', 'tool_error');
    run.pause();
    run.answer('a');
    expect(waits(run, 'below')).toEqual(['the run to be resumed']);
    expect(waits(run, 'last')).toEqual(['the run to be resumed', 'the output of runs']);
    expect(waits(run, 'flaky')).toEqual([
      'the run to be resumed',
      expect.stringContaining('the next attempt'),
    ]);
    expect(waits(run, 'runs')).toEqual(['attempt 1 of runs Agent is running']);
  });

  it('that has ended waits for nothing, also while its run is being applied', () => {
    const run = startedRun(planOf({ good: [], bad: [], below: ['bad'] }));
    run.answer('good');
    run.fault('bad', 'output_invalid');
    expect(run.state.status).toBe('finishing');
    for (const nodeId of ['good', 'bad', 'below']) expect(waits(run, nodeId)).toEqual([]);
  });
});
