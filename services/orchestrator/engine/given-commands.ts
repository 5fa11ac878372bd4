// Commands on their way into a run that is held here: each is decided once however often it is given, and one that can never be decided is
// dropped before the run comes to harm by it.
import type { Command, Observation } from '../core/decision/decision.ts';
import type { StoredCommand } from '../store/store.ts';
import type { LiveExecution } from './live-execution.ts';
import { type StepDeps, step } from './step.ts';

/** After so many failures of deciding or recording a command it is dropped; of an attempt that has ended only what came of it. */
const triesMax = 3;
/** Commands whose failures are remembered; then all are forgotten. */
const failedMax = 1_000;

/** How a command is given. */
export interface GivingOptions {
  /** True when more is observed at once: the run stays in memory, whatever it waits for. */
  readonly stays?: boolean;
}

/** Gives commands. */
export interface GivenCommands {
  /**
   * Resolves with true when the command is decided and that is durable, or it is dropped; with false when the run is not held any more as it
   * was. A command that was given before is not decided again: it may have been read before that was durable.
   */
  give(live: LiveExecution, stored: StoredCommand, options?: GivingOptions): Promise<boolean>;
  /** What a run decided could not be made or recorded. True when commands were among it: then they count as failed, and not the run. */
  blame(live: LiveExecution): boolean;
}

/** No command has been given yet. */
export function createGivenCommands(steps: StepDeps): GivenCommands {
  const failures = new Map<string, number>();

  function decide(live: LiveExecution, { id, command }: StoredCommand, stays: boolean): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const isDropped = (failures.get(id) ?? 0) >= triesMax;
    if (isDropped)
      steps.log.error({ execution_id: live.executionId }, 'A command that cannot be carried out is dropped');
    const done = (): void => {
      live.undecided.delete(id);
      failures.delete(id);
      resolve(true);
    };
    live.undecided.add(id);
    const seen = isDropped ? insteadOf(command) : command;
    step(steps, live, seen, { commandId: id, stays, done, lost: () => resolve(false) });
    return promise;
  }

  return {
    give(live, stored, { stays = false } = {}) {
      const given = live.commands.get(stored.id) ?? decide(live, stored, stays);
      live.commands.set(stored.id, given);
      return given;
    },
    blame({ undecided }) {
      if (failures.size > failedMax) failures.clear();
      for (const id of undecided) failures.set(id, (failures.get(id) ?? 0) + 1);
      return undecided.size > 0;
    },
  };
}

// A person asks again. Nobody else tells what came of an attempt: without it its task would wait for ever.
// What is stored may be anything that an earlier version wrote.
function insteadOf(command: Command | null): Observation {
  if (command?.type !== 'worker_ended') return { type: 'time' };
  const { answer: _answer, fault: _fault, ...ended } = command;
  const message = 'What came of the attempt cannot be recorded';
  return { ...ended, fault: { code: 'output_invalid', message } };
}
