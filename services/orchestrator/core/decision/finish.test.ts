// The end of a run: what is found out before, what is applied, and what becomes of an outcome that cannot be written.
import { describe, expect, it } from '@jest/globals';
import { eventsOf, readAgain, runOf, startedRun, type TestRunOptions } from '../decide.for-test.ts';
import { planOf } from '../run-plan.for-test.ts';

const only = planOf({ only: [] });
const preparing: TestRunOptions = { steps: { document: true, prepare: true } };
const fault = { code: 'output_too_large', message: 'too large' };

function answeredRun(options: TestRunOptions = {}) {
  const run = startedRun(only, options);
  return { run, effects: run.answer('only') };
}

describe('a run whose tasks have all ended', () => {
  it('is applied, and completed once that is done, and not before', () => {
    const { run, effects } = answeredRun();
    expect(effects).toEqual([{ type: 'apply' }]);
    expect(run.state.status).toBe('finishing');
    expect(run.see({ type: 'applied', summary: 'One answer' })).toEqual([]);
    expect(run.state).toMatchObject({ status: 'completed', summary: 'One answer' });
  });

  it('without a document ends at once', () => {
    const { run, effects } = answeredRun({ steps: { document: false, prepare: false } });
    expect(effects).toEqual([]);
    expect(run.journal.slice(-2).map(({ event }) => event.type)).toEqual(['finishing', 'ended']);
    expect(run.state.status).toBe('completed');
  });

  it('finds out what applying changes first and records it before it is applied', () => {
    const { run, effects } = answeredRun(preparing);
    expect(effects).toEqual([{ type: 'prepare' }]);
    expect(run.see({ type: 'applied', summary: '' })).toEqual([]);
    expect(run.state.status).toBe('finishing');
    expect(run.see({ type: 'prepared', prepared: { patch_ids: ['p'] } })).toEqual([{ type: 'apply' }]);
    expect(run.state.prepared).toEqual({ patch_ids: ['p'] });
    expect(run.see({ type: 'prepared', prepared: {} })).toEqual([]);
    run.see({ type: 'applied', summary: '' });
    expect(run.state.status).toBe('completed');
  });

  it('that failed changes nothing, so that nothing has to be found out', () => {
    const run = startedRun(only, preparing);
    expect(run.fault('only', 'output_invalid')).toEqual([{ type: 'apply' }]);
    expect(eventsOf(run, 'effects_planned')).toEqual([]);
  });

  it('goes on where it was when its owner is lost', () => {
    const { run } = answeredRun(preparing);
    expect(readAgain(run, preparing.steps).see({ type: 'loaded' })).toEqual([{ type: 'prepare' }]);
    run.see({ type: 'prepared', prepared: {} });
    expect(readAgain(run, preparing.steps).see({ type: 'loaded' })).toEqual([{ type: 'apply' }]);
    const failed = startedRun(only, preparing);
    failed.fault('only', 'output_invalid');
    expect(readAgain(failed, preparing.steps).see({ type: 'loaded' })).toEqual([{ type: 'apply' }]);
  });
});

describe('an outcome that cannot be written', () => {
  it('is turned from a success into a failure, and given up as a failure', () => {
    const { run } = answeredRun();
    expect(run.see({ type: 'outcome_refused', fault })).toEqual([{ type: 'apply' }]);
    expect(run.state.outcome).toEqual({
      succeeded: false,
      partial: false,
      reason: 'output_too_large',
      error: 'too large',
    });
    expect(run.see({ type: 'outcome_refused', fault })).toEqual([]);
    expect(run.state.status).toBe('failed');
  });

  it('because it could not be prepared is a failure, and what is prepared late is not applied', () => {
    const { run } = answeredRun(preparing);
    run.see({ type: 'outcome_refused', fault });
    expect(run.see({ type: 'prepared', prepared: {} })).toEqual([]);
    run.see({ type: 'applied', summary: '' });
    expect(run.state).toMatchObject({ status: 'failed', outcome: { reason: 'output_too_large' } });
  });

  it('of a cancelled run leaves it cancelled', () => {
    const run = runOf(only);
    run.cancel();
    expect(run.see({ type: 'outcome_refused', fault })).toEqual([]);
    expect(run.state).toMatchObject({ status: 'cancelled', outcome: { reason: 'cancelled' } });
  });
});

describe('a run that has ended', () => {
  it('changes no more', () => {
    const { run } = answeredRun();
    run.see({ type: 'applied', summary: '' });
    const before = run.journal.length;
    run.see({ type: 'applied', summary: '' });
    run.see({ type: 'outcome_refused', fault });
    run.see({ type: 'document_placed' });
    run.cancel();
    run.pause();
    run.resume();
    run.pass(10_000_000);
    expect(run.journal).toHaveLength(before);
  });
});
