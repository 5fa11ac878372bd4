// The process of a replica is killed at every kind of moment in the life of an execution, before it and after it. A new process of the same
// name goes on: nothing is lost, nothing that is recorded is run again, and every execution ends as it does undisturbed.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JournalEvent } from '../../services/orchestrator/core/journal-event.ts';
import { type CrashStage, openCrashStage, type PlayedScenario } from './crash-stage.for-test.ts';
import type { CrashPoint } from './replica-messages.for-test.ts';
import { type Scenario, scenarios } from './scenarios.for-test.ts';

/** `CRASH_POINTS=all` kills at every single append of every scenario, where otherwise one of each kind is enough. */
const killsAll = process.env.CRASH_POINTS === 'all';

const testMsMax = killsAll ? 3_600_000 : 120_000;

let stage: CrashStage;
beforeAll(async () => {
  stage = await openCrashStage();
}, 60_000);
afterAll(() => stage?.stop(), 60_000);

/** Every append is one only where a single process makes them all, as long as nothing is wrong. */
function pointsOf({ sites, before, shutsDown }: Scenario, { appends }: PlayedScenario): CrashPoint[] {
  const kinds = sites.map((site) => ({ site }));
  const all = before || shutsDown ? [] : appends.map((_, at) => ({ site: 'append', nth: at + 1 }));
  const moments: readonly Omit<CrashPoint, 'when'>[] = killsAll ? [...kinds, ...all] : kinds;
  return moments.flatMap((moment): CrashPoint[] => [
    { ...moment, when: 'before' },
    { ...moment, when: 'after' },
  ]);
}

describe.each(scenarios)('$name', (scenario) => {
  it(
    'ends the same wherever its process dies',
    async () => {
      const undisturbed = await stage.play(scenario, []);
      expect(undisturbed.broken).toEqual([]);
      for (const point of pointsOf(scenario, undisturbed)) {
        const { results, broken } = await stage.play(scenario, [point]);
        expect([point, broken]).toEqual([point, []]);
        expect([point, results]).toEqual([point, undisturbed.results]);
      }
    },
    testMsMax,
  );
});

describe('the scenarios', () => {
  const types: Record<JournalEvent['type'], true> = {
    started: true,
    task_reused: true,
    task_offered: true,
    task_withdrawn: true,
    task_started: true,
    attempt_uncertain: true,
    tool_called: true,
    tool_ended: true,
    task_succeeded: true,
    task_failed: true,
    task_cancelled: true,
    retry_scheduled: true,
    task_skipped: true,
    approval_requested: true,
    approval_decided: true,
    paused: true,
    resumed: true,
    placed: true,
    cancel_requested: true,
    finishing: true,
    effects_planned: true,
    ended: true,
  };

  it('come to everything that can happen to an execution', () => {
    const killedAt = new Set(scenarios.flatMap(({ sites }) => sites));
    expect(Object.keys(types).filter((type) => !killedAt.has(type))).toEqual([]);
  });
});
