// A run without an outside, for tests: decisions are folded at once and effects are collected.
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { AgentAnswer } from './agent-answer.ts';
import { decide, type Effect, type Observation } from './decide.ts';
import { evolve } from './evolve.ts';
import { type ExecutionState, initialState } from './execution-state.ts';
import type { JournalEntry } from './journal-event.ts';
import type { RunPlan } from './run-plan.ts';

/** A run in a test's hands. */
export interface TestRun {
  state: ExecutionState;
  readonly journal: JournalEntry[];
  /** Decides, folds the events and answers the effects. */
  see(observation: Observation, atMs?: number): readonly Effect[];
  /** The agent answers its present attempt. */
  answer(nodeId: string, output?: JsonObject, more?: Partial<AgentAnswer>): readonly Effect[];
  /** The present attempt faults. */
  fault(nodeId: string, code: string): readonly Effect[];
}

/** A run of a plan, not yet loaded. */
export function runOf(plan: RunPlan): TestRun {
  const run: TestRun = {
    state: initialState(plan),
    journal: [],
    see(observation, atMs = 1_000 + run.journal.length) {
      const { events, effects } = decide(run.state, observation, atMs);
      for (const event of events) {
        const entry = { seq: run.state.seq + 1, atMs, event };
        run.state = evolve(run.state, entry);
        run.journal.push(entry);
      }
      return effects;
    },
    answer(nodeId, output = { answer: nodeId }, more = {}) {
      const answer = {
        output,
        reasoning: '',
        confidence: 0.8,
        references: [],
        spans: {},
        runtime: 'builtin',
        ...more,
      };
      const attempt = run.state.tasks.get(nodeId)?.attempt ?? 0;
      return run.see({ type: 'answered', nodeId, attempt, answer, durationMs: 5 });
    },
    fault(nodeId, code) {
      const attempt = run.state.tasks.get(nodeId)?.attempt ?? 0;
      return run.see({
        type: 'faulted',
        nodeId,
        attempt,
        fault: { code, message: code },
        durationMs: 5,
        random: 0.5,
      });
    },
  };
  return run;
}
