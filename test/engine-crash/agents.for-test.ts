// Agents that outlive every replica, as the agents service does: an attempt has a key and is run once, whoever asks for it again joins it or is
// told how it ended. Every question is noted.
import { canonicalJson } from '../../foundation/json/canonical-json.ts';
import type { JsonObject } from '../../foundation/json/json.ts';
import type { AttemptEnd, AttemptNote } from '../../services/orchestrator/clients/invoke-agent.ts';
import type { JournalEvent } from '../../services/orchestrator/core/journal-event.ts';

/** An attempt that is asked for. */
export interface AskedAttempt {
  readonly executionId: string;
  readonly nodeId: string;
  readonly attempt: number;
  readonly repeated: boolean;
  readonly input: JsonObject;
  /** In milliseconds since the Unix epoch. */
  readonly askedMs: number;
}

/** An attempt while it runs. */
export interface RunningAttempt extends AskedAttempt {
  readonly cancelled: AbortSignal;
  readonly tell: (note: AttemptNote) => void;
}

/** Runs one attempt. */
export type PerformAttempt = (attempt: RunningAttempt) => Promise<AttemptEnd>;

/** A question, in the order of their arrival. */
export interface NotedAttempt extends AskedAttempt {
  /** Names the attempt: execution, node, number. */
  readonly key: string;
  /** What the key stood for when it was asked. */
  readonly found: 'nothing' | 'running' | 'ended';
  /** False when the key was given another input than before. */
  readonly isSame: boolean;
  /** Id of the process that asked. */
  readonly by: number;
}

/** Who asks. */
export interface Asker {
  /** Id of the process. */
  readonly pid: number;
  readonly tell: (note: AttemptNote) => void;
}

/** Agents. */
export interface Agents {
  readonly noted: readonly NotedAttempt[];
  /** Joins the attempt or runs it. What it has told before is told again. */
  ask(asked: AskedAttempt, asker: Asker): Promise<AttemptEnd>;
  /** Ends the attempt as cancelled. */
  cancel(asked: AskedAttempt): void;
  /** Loses everything about the attempts of an execution, as a restart of the service does. */
  forget(executionId: string): void;
}

/** How a cancelled attempt ends. */
export const cancelledEnd: AttemptEnd = {
  fault: { code: 'cancelled', message: 'The attempt was cancelled' },
};

interface Known {
  readonly input: JsonObject;
  readonly told: AttemptNote[];
  readonly readers: Set<(note: AttemptNote) => void>;
  readonly abort: AbortController;
  readonly end: Promise<AttemptEnd>;
  hasEnded: boolean;
}

/** Events that record how an attempt ended. */
export const endTypes: readonly JournalEvent['type'][] = [
  'task_succeeded',
  'task_failed',
  'task_cancelled',
  'retry_scheduled',
];

/** Names an attempt. */
export function attemptKey({
  executionId,
  nodeId,
  attempt,
}: Pick<AskedAttempt, 'executionId' | 'nodeId' | 'attempt'>): string {
  return `${executionId} ${nodeId} ${attempt}`;
}

/** Whether two values are the same as JSON. */
export function isEqual(one: unknown, other: unknown): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

/** Agents that know nothing yet. */
export function createAgents(perform: PerformAttempt): Agents {
  const known = new Map<string, Known>();
  const noted: NotedAttempt[] = [];

  function run(key: string, asked: AskedAttempt): Known {
    const told: AttemptNote[] = asked.repeated ? [{ type: 'uncertain' }] : [];
    const readers = new Set<(note: AttemptNote) => void>();
    const abort = new AbortController();
    const tell = (note: AttemptNote): void => {
      told.push(note);
      for (const read of readers) read(note);
    };
    const end = Promise.resolve().then(() => perform({ ...asked, cancelled: abort.signal, tell }));
    const started: Known = { input: asked.input, told, readers, abort, end, hasEnded: false };
    void end.then(() => {
      started.hasEnded = true;
    });
    known.set(key, started);
    return started;
  }

  return {
    noted,
    async ask(asked, { pid, tell }) {
      const key = attemptKey(asked);
      const before = known.get(key);
      const found = before ? (before.hasEnded ? 'ended' : 'running') : 'nothing';
      const isSame = !before || isEqual(before.input, asked.input);
      noted.push({ ...asked, key, found, isSame, by: pid });
      const current = before ?? run(key, asked);
      for (const note of current.told) tell(note);
      current.readers.add(tell);
      return await current.end;
    },
    cancel: (asked) => known.get(attemptKey(asked))?.abort.abort(),
    forget(executionId) {
      for (const key of known.keys()) if (key.startsWith(executionId)) known.delete(key);
    },
  };
}
