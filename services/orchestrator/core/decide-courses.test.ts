// What holds over all courses of all runs, whatever comes back from outside, whatever people ask, and whenever the owner is lost.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { expectFolded, readAgain, type TestRun } from './decide.for-test.ts';
import { decide } from './decide.ts';
import {
  type Course,
  courseOf,
  courses,
  endOf,
  nextObservation,
  plans,
  runSteps,
} from './decide-courses.for-test.ts';
import type { Observation } from './decision/decision.ts';
import { nextDueMs, parkUntilMs } from './decision/due.ts';
import type { JournalEvent } from './journal-event.ts';
import type { LogEntry } from './log-entry.ts';
import type { PlannedTask } from './run-plan.ts';

type Check = (course: Course, observation: Observation) => void;

/** Follows a course and then lets it come to its end, with a check around each observation. */
function follow(course: Course, numbers: readonly (readonly [number, number])[], around: Check): void {
  const see = (observation: Observation) => {
    around(course, observation);
    course.outside.push(...course.run.see(observation).filter(({ type }) => type !== 'abort'));
  };
  for (const step of numbers) {
    const observation = nextObservation(course, step);
    if (observation) see(observation);
  }
  course.run.places = 10;
  see({ type: 'resume', by: 'a-user' });
  for (let guard = 0; course.run.state.endedMs === undefined && guard < 1_000; guard += 1)
    see(onward(course));
}

function onward({ run, outside }: Course): Observation {
  const effect = outside.shift();
  const observation = effect ? endOf(effect, 8) : undefined;
  if (observation) return observation;
  const dueMs = nextDueMs(run.state);
  if (Number.isFinite(dueMs)) run.nowMs = Math.max(run.nowMs, dueMs);
  return run.state.status === 'pending' ? { type: 'document_placed' } : { type: 'time' };
}

function everyCourse(around: Check, atEnd: (run: TestRun) => void, numRuns = 300): void {
  fc.assert(
    fc.property(plans, runSteps, courses, (plan, steps, numbers) => {
      const course = courseOf(plan, steps);
      follow(course, numbers, around);
      atEnd(course.run);
    }),
    { numRuns },
  );
}

const nothing = () => undefined;

function endingOf(event: JournalEvent): string | undefined {
  const ends = ['task_succeeded', 'task_failed', 'task_cancelled', 'task_skipped', 'task_reused'];
  return 'nodeId' in event && ends.includes(event.type) ? event.nodeId : undefined;
}

/** Whether something may begin from now on, as far as people say; undefined where nobody says anything. */
function steeredBy({ type }: JournalEvent): boolean | undefined {
  if (type === 'resumed') return true;
  return type === 'paused' || type === 'cancel_requested' ? false : undefined;
}

const begins = (event: JournalEvent) => event.type === 'task_started' || event.type === 'approval_requested';

describe('every course of every run', () => {
  it('comes to an end, after which nothing is recorded', () => {
    everyCourse(nothing, ({ state, journal }) => {
      expect(['completed', 'failed', 'cancelled']).toContain(state.status);
      expect(journal.findIndex(({ event }) => event.type === 'ended')).toBe(journal.length - 1);
    });
  });

  it('leads to the state that its journal folds to, numbered without gaps, after each observation', () => {
    everyCourse(
      ({ run }) => expectFolded(run),
      (run) => {
        expectFolded(run);
        expect(run.state.seq).toBe(run.journal.length);
      },
      100,
    );
  });

  it('is decided in the same way by whoever is in the same state', () => {
    everyCourse(
      ({ run, steps }, observation) => {
        const { nowMs, places } = run;
        const known = { nowMs, places, steps };
        const [one, other] = [structuredClone(run.state), structuredClone(run.state)];
        const { events, effects } = decide(one, observation, known);
        const again = decide(other, observation, known);
        expect([events, effects]).toEqual([again.events, again.effects]);
      },
      nothing,
      60,
    );
  });

  it('ends each task once', () => {
    everyCourse(nothing, ({ state, journal }) => {
      const ended = journal.flatMap(({ event }) => endingOf(event) ?? []);
      expect(ended.toSorted()).toEqual(state.tasks.map(({ planned }) => planned.nodeId).toSorted());
    });
  });

  it('begins no task before its parents have succeeded', () => {
    everyCourse(nothing, ({ state, journal }) => {
      const succeeded = new Set<string>();
      for (const { event } of journal) {
        if (event.type === 'task_succeeded') succeeded.add(event.nodeId);
        if (event.type !== 'task_started' && event.type !== 'approval_requested') continue;
        const parents = state.plan.tasks[state.plan.places.get(event.nodeId) ?? -1]?.parents ?? [];
        expect(parents.filter((parent) => !succeeded.has(parent))).toEqual([]);
      }
    });
  });

  it('begins nothing while it is paused, after a cancel, or after a failure under fail_fast', () => {
    everyCourse(nothing, ({ state, journal }) => {
      let steered = true;
      let hopeful = true;
      for (const { event } of journal) {
        steered = steeredBy(event) ?? steered;
        hopeful &&= event.type !== 'task_failed' || state.plan.failurePolicy === 'continue';
        if (begins(event)) expect([steered, hopeful]).toEqual([true, true]);
      }
    });
  });

  it('begins no more attempts than there are places, and never runs more than ten', () => {
    everyCourse(
      ({ run, steps }, observation) => {
        const copy = structuredClone(run.state);
        const { effects } = decide(copy, observation, { nowMs: run.nowMs, places: run.places, steps });
        const begun = effects.filter((effect) => effect.type === 'invoke' && !effect.repeated);
        expect(begun.length).toBeLessThanOrEqual(run.places);
        expect(copy.counts.running).toBeLessThanOrEqual(10);
      },
      nothing,
      60,
    );
  });

  it('counts the attempts of each task from 1 without gaps, those that a breaker refused apart', () => {
    everyCourse(nothing, ({ journal, state }) => {
      const used = new Map<string, number>();
      for (const { event } of journal) {
        if (event.type === 'task_started') expect(event.attempt).toBe((used.get(event.nodeId) ?? 0) + 1);
        if (event.type === 'retry_scheduled' && event.counts) used.set(event.nodeId, event.attempt);
      }
      for (const { planned } of state.tasks) {
        expect(used.get(planned.nodeId) ?? 0).toBeLessThanOrEqual(planned.limits.retriesMax);
      }
    });
  });
});

describe('the end of every course', () => {
  it('agrees with its tasks', () => {
    everyCourse(nothing, ({ state }) => {
      const { status, outcome, tasks } = state;
      const allSucceeded = tasks.every((task) => task.status === 'succeeded');
      if (outcome?.succeeded) expect([status, allSucceeded]).toEqual(['completed', true]);
      else expect(['failed', 'cancelled']).toContain(status);
      if (outcome?.partial) expect(state.plan.failurePolicy).toBe('continue');
    });
  });

  it('agrees with its log: one entry for each task that says how it ended, in order of time', () => {
    const words = {
      succeeded: ['success', 'cached'],
      failed: ['error'],
      cancelled: ['error'],
      skipped: ['skipped'],
    };
    everyCourse(nothing, ({ state }) => {
      const stepsOf = ({ nodeId }: PlannedTask) => state.log.filter((entry) => isStepOf(entry, nodeId));
      for (const { planned, status } of state.tasks) {
        const isSilent = planned.approval !== undefined && status === 'succeeded';
        const entries = stepsOf(planned);
        expect(entries).toHaveLength(isSilent ? 0 : 1);
        for (const entry of entries) expect(words[status as keyof typeof words]).toContain(entry.status);
      }
      const times = state.log.map(({ atMs }) => atMs);
      expect(times).toEqual(times.toSorted((one, other) => one - other));
    });
  });
});

function isStepOf({ agentId, cache }: LogEntry, nodeId: string): boolean {
  return agentId === nodeId && cache?.source !== 'run';
}

describe('the times of every course', () => {
  it('are met: at the time that a run has to be looked at, something changes or the time moves', () => {
    everyCourse(({ run, steps }) => {
      const dueMs = nextDueMs(run.state);
      if (!Number.isFinite(dueMs)) return;
      const state = structuredClone(run.state);
      const nowMs = Math.max(run.nowMs, dueMs);
      const { events } = decide(state, { type: 'time' }, { nowMs, places: run.places, steps });
      expect(events.length > 0 || nextDueMs(state) > dueMs).toBe(true);
    }, nothing);
  });

  it('do not keep a run busy: looked at a few times, it has nothing due at that moment any more', () => {
    everyCourse(({ run, steps }) => {
      const { nowMs, places } = run;
      const state = structuredClone(run.state);
      for (let times = 0; times < 4; times += 1) decide(state, { type: 'time' }, { nowMs, places, steps });
      expect(nextDueMs(state)).toBeGreaterThan(nowMs);
    }, nothing);
  });

  it('let a run leave memory only when nothing could go on, and for no longer than until the next time', () => {
    everyCourse(({ run, steps }) => {
      const untilMs = parkUntilMs(run.state, run.nowMs);
      if (untilMs === undefined) return;
      const again = readAgain(run, steps);
      expect(again.see({ type: 'loaded' })).toEqual([]);
      expect(again.journal).toEqual(run.journal);
      expect(untilMs).toBe(nextDueMs(again.state));
      expect(untilMs).toBeGreaterThan(run.nowMs);
    }, nothing);
  });

  it('need no look at a run in between: before its time, with no place free, nothing changes', () => {
    everyCourse(({ run, steps }) => {
      const dueMs = nextDueMs(run.state);
      if (dueMs <= run.nowMs) return;
      const state = structuredClone(run.state);
      const nowMs = Math.min(dueMs - 1, run.nowMs + 1_000_000);
      const { events, effects } = decide(state, { type: 'time' }, { nowMs, places: 0, steps });
      const onlyTooLate = events.every((event) => event.type !== 'task_started');
      expect([onlyTooLate, effects.filter(({ type }) => type === 'invoke')]).toEqual([true, []]);
    }, nothing);
  });
});
