// A runtime in the hands of a test: it says and answers what the test wants, when it wants it, and stops for nothing.
import type { Invocation, InvocationEnd } from '../core/invocation.ts';
import type { InvocationCircumstances } from './run-agent.ts';
import type { RunInvocation } from './run-invocation.ts';

/** One run of an agent. */
export interface HeldRun {
  readonly invocation: Invocation;
  readonly circumstances: InvocationCircumstances;
  /** Ends the run with this answer. */
  answer(text: string): void;
  /** Ends the run with this. */
  end(end: InvocationEnd): void;
}

/** The runtime. */
export interface HeldRuntime {
  readonly run: RunInvocation;
  /** Every run, in order. */
  readonly runs: readonly HeldRun[];
  /** The run with this number, from 0, once it has begun. */
  begun(at?: number): Promise<HeldRun>;
}

/** The result of a run that was answered with a text. */
export function answerOf(text: string): InvocationEnd {
  const answer = { output: { answer: text }, reasoning: 'Asked', confidence: 1, spans: {}, references: [] };
  return { answer, runtime: 'held' };
}

/** A runtime that has run nothing. */
export function createHeldRuntime(): HeldRuntime {
  const runs: HeldRun[] = [];
  const waiting: (() => void)[] = [];
  return {
    runs,
    run: (invocation, circumstances) => {
      const { promise, resolve } = Promise.withResolvers<InvocationEnd>();
      runs.push({ invocation, circumstances, end: resolve, answer: (text) => resolve(answerOf(text)) });
      for (const wake of waiting.splice(0)) wake();
      return promise;
    },
    begun: async (at = 0) => {
      for (;;) {
        const found = runs[at];
        if (found) return found;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
  };
}
