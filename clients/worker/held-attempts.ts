// The attempts that a worker holds: which run, until when each is trusted to be the worker's, and which were lost.
import type { ClaimedTask } from './worker-calls.ts';

/** Why an attempt's signal is aborted: somebody else has the task now, or may have it. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** One attempt that runs. */
export interface HeldAttempt {
  readonly task: ClaimedTask;
  /** Aborted with LeaseLost, or with whatever made the worker give up. */
  readonly signal: AbortSignal;
}

/** What runs here. Times are milliseconds of a clock that never goes back. */
export interface HeldAttempts {
  /** Undefined for one that runs already. An older attempt of the same task is lost with it. */
  begin(task: ClaimedTask, leaseUntilMs: number): HeldAttempt | undefined;
  end(held: HeldAttempt): void;
  /** What runs now. */
  all(): readonly HeldAttempt[];
  /** A sign of life that named these was heard: all of them but those of the lost tasks are trusted for longer. */
  heard(named: readonly HeldAttempt[], lost: readonly string[], leaseUntilMs: number): void;
  /** Gives up what has not been confirmed in time. */
  expire(nowMs: number): void;
  abortAll(reason: Error): void;
}

interface Entry {
  readonly held: HeldAttempt;
  readonly controller: AbortController;
  leaseUntilMs: number;
}

/** None at first. */
export function createHeldAttempts(): HeldAttempts {
  const entries = new Map<string, Entry>();
  const lose = ({ held, controller }: Entry, sentence: string): void => {
    entries.delete(held.task.task_id);
    controller.abort(new LeaseLost(sentence));
  };
  return {
    begin: (task, leaseUntilMs) => {
      const former = entries.get(task.task_id);
      if (former && former.held.task.attempt >= task.attempt) return undefined;
      if (former) lose(former, 'A later attempt of the task has begun');
      const controller = new AbortController();
      const held = { task, signal: controller.signal };
      entries.set(task.task_id, { held, controller, leaseUntilMs });
      return held;
    },
    end: (held) => {
      if (entries.get(held.task.task_id)?.held === held) entries.delete(held.task.task_id);
    },
    all: () => [...entries.values()].map(({ held }) => held),
    heard: (named, lost, leaseUntilMs) => {
      for (const held of named) {
        const entry = entries.get(held.task.task_id);
        if (entry?.held !== held) continue; // it has ended, or a later attempt of it was begun meanwhile
        if (lost.includes(held.task.task_id)) lose(entry, 'The platform gave the task to another worker');
        else entry.leaseUntilMs = Math.max(entry.leaseUntilMs, leaseUntilMs);
      }
    },
    expire: (nowMs) => {
      for (const entry of entries.values())
        if (entry.leaseUntilMs <= nowMs) lose(entry, 'No sign of life was heard in time');
    },
    abortAll: (reason) => {
      for (const { controller } of entries.values()) controller.abort(reason);
    },
  };
}
