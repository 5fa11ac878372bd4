// The state machine of a breaker: one table of what happens and where it leads, and properties of any history.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type BreakerMode,
  type BreakerStanding,
  type CallOutcome,
  createBreakerRules,
  standingIn,
} from './breaker-rules.ts';

const limits = { failuresMax: 3, resetMs: 100, successesMin: 2, trialTimeoutMs: 50 };
const rules = createBreakerRules(limits);

/** A call at a time, answered at once with an outcome; or a force into a mode. */
type Step = { readonly atMs: number; readonly outcome: CallOutcome };

function standingAfter(
  steps: readonly Step[],
  start: BreakerStanding = standingIn('closed', 0, 0),
): BreakerStanding {
  return steps.reduce((standing, { atMs, outcome }) => {
    const admission = rules.admit(standing, atMs);
    if (!admission.admitted) return admission.standing;
    const { epoch } = admission.standing;
    return rules.ended(admission.standing, { epoch, outcome, atMs });
  }, start);
}

const calls = (atMs: number, ...outcomes: CallOutcome[]): Step[] =>
  outcomes.map((outcome) => ({ atMs, outcome }));

describe('a breaker', () => {
  const opened = calls(0, 'failure', 'failure', 'failure');
  it.each<[string, Step[], BreakerMode]>([
    ['stays closed below its failures in a row', calls(0, 'failure', 'failure'), 'closed'],
    ['opens at its failures in a row', opened, 'open'],
    [
      'counts anew after a success',
      calls(0, 'failure', 'failure', 'success', 'failure', 'failure'),
      'closed',
    ],
    ['counts on over a caller’s fault', calls(0, 'failure', 'unknown', 'failure', 'failure'), 'open'],
    ['never opens by callers’ faults', calls(0, ...Array<CallOutcome>(9).fill('unknown')), 'closed'],
    ['stays open until its time is over', [...opened, ...calls(99, 'success')], 'open'],
    ['tries after its time', [...opened, ...calls(100, 'success')], 'half_open'],
    ['closes after its successes', [...opened, ...calls(100, 'success', 'success')], 'closed'],
    ['opens again by one failed trial', [...opened, ...calls(100, 'success', 'failure')], 'open'],
    ['goes on trying after a caller’s fault', [...opened, ...calls(100, 'unknown', 'success')], 'half_open'],
    [
      'is open for its full time again',
      [...opened, ...calls(100, 'failure'), ...calls(199, 'success')],
      'open',
    ],
  ])('%s', (_promise, steps, mode) => {
    expect(standingAfter(steps).mode).toBe(mode);
  });

  it('says how long it stays open', () => {
    const standing = standingAfter(opened);
    expect(rules.admit(standing, 30)).toEqual({ admitted: false, standing, retryAfterMs: 70 });
  });

  it('lets one trial through at a time', () => {
    const first = rules.admit(standingAfter(opened), 100);
    expect(first.admitted).toBe(true);
    expect(rules.admit(first.standing, 101)).toMatchObject({ admitted: false, standing: first.standing });
    const { epoch } = first.standing;
    const answered = rules.ended(first.standing, { epoch, outcome: 'success', atMs: 102 });
    expect(rules.admit(answered, 103).admitted).toBe(true);
  });

  it('takes a trial that does not end for a failed one', () => {
    const trial = rules.admit(standingAfter(opened), 100).standing;
    expect(rules.admit(trial, 149).standing.mode).toBe('half_open');
    const late = rules.admit(trial, 150);
    expect([late.admitted, late.standing.mode]).toEqual([false, 'open']);
  });

  it('does not count calls that began in an earlier mode', () => {
    const trying = standingAfter(calls(100, 'success'), standingAfter(opened));
    expect(rules.ended(trying, { epoch: 0, outcome: 'failure', atMs: 101 })).toBe(trying);
    expect(rules.ended(trying, { epoch: 0, outcome: 'success', atMs: 101 })).toBe(trying);
  });

  it.each<[BreakerMode, Step[], BreakerMode]>([
    ['open', calls(99, 'success'), 'open'],
    ['open', calls(100, 'success'), 'half_open'],
    ['closed', calls(0, 'failure', 'failure'), 'closed'],
    ['closed', calls(0, 'failure', 'failure', 'failure'), 'open'],
    ['half_open', calls(0, 'success'), 'half_open'],
    ['half_open', calls(0, 'success', 'success'), 'closed'],
    ['half_open', calls(0, 'failure'), 'open'],
  ])('forced %s ends as that mode always does', (forced, steps, mode) => {
    expect(standingAfter(steps, standingIn(forced, 7, 0)).mode).toBe(mode);
  });

  it('in any history never has two trials at once, and closes only by its successes in a row', () => {
    const outcome = fc.constantFrom<CallOutcome>('success', 'failure', 'unknown');
    const event = fc.record({ begin: fc.boolean(), pick: fc.nat(), outcome, passMs: fc.nat(40) });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const play = createPlay();
        for (const { begin, passMs, pick, outcome } of events) {
          const from = play.standing.mode;
          const successes = play.successes;
          play.next(begin, { passMs, pick, outcome });
          expect(play.trials()).toBeLessThanOrEqual(1);
          const closes = from === 'half_open' && play.standing.mode === 'closed';
          if (closes) expect([successes, outcome]).toEqual([limits.successesMin - 1, 'success']);
        }
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});

/** Calls that overlap: each event begins one or ends one of those under way. */
function createPlay() {
  let nowMs = 0;
  const running: number[] = [];
  const end = (pick: number, outcome: CallOutcome): void => {
    const [epoch = 0] = running.splice(pick % running.length, 1);
    const counts = epoch === play.standing.epoch && play.standing.mode === 'half_open';
    if (counts && outcome === 'success') play.successes += 1;
    play.standing = rules.ended(play.standing, { epoch, outcome, atMs: nowMs });
  };
  const play = {
    standing: standingIn('closed', 0, 0),
    successes: 0,
    trials: () =>
      running.filter((epoch) => epoch === play.standing.epoch && play.standing.mode === 'half_open').length,
    next: (
      begin: boolean,
      { passMs, pick, outcome }: { passMs: number; pick: number; outcome: CallOutcome },
    ) => {
      nowMs += passMs;
      const { epoch } = play.standing;
      if (begin || running.length === 0) {
        const admission = rules.admit(play.standing, nowMs);
        play.standing = admission.standing;
        if (admission.admitted) running.push(admission.standing.epoch);
      } else end(pick, outcome);
      if (play.standing.epoch !== epoch) play.successes = 0;
    },
  };
  return play;
}
