// Follows every run of a session or a user for one watcher, those that are started meanwhile included, and knows at each moment how far the
// watcher has read. Runs beyond the most that are followed at once wait in the journal until others have ended.
import { Fault } from '../../../../foundation/fault/fault.ts';
import { idTimeMs } from '../../../../foundation/ids/ids.ts';
import type { FeedEntries, FeedText } from '../../core/feed-item.ts';
import {
  endedRunsMax,
  lastIdAt,
  moveMark,
  newVector,
  noteEnd,
  noteEvent,
  openRunsMax,
  type ResumeVector,
  shortName,
} from '../../core/resume-vector.ts';
import { type StreamEvent, type StreamSubject, streamSubjectOf } from '../../core/stream-event.ts';
import type { WatchScope } from '../../core/watch-reads.ts';
import type { WatchStore } from '../../store/store.ts';
import type { RunSink } from './follower.ts';
import type { WatchQueue } from './watch-queue.ts';
import type { WatchedRuns } from './watched-runs.ts';

/** A run may become visible this long after its id was made, in milliseconds, clocks of replicas that differ included. */
export const lateMs = 30_000;
/** Runs in one look: more than can be known and still be found again. */
export const startedMax = openRunsMax + endedRunsMax + 100;
/** Runs that ended here and are remembered beyond the vector, for news of them that comes late. */
const finishedMax = 1_000;

/** What is told of many runs. */
export type ScopeStep =
  | { readonly type: 'event'; readonly subject: StreamSubject; readonly event: StreamEvent }
  | { readonly type: 'text'; readonly text: FeedText }
  /** Nothing more follows of the run, although no last event was told. */
  | { readonly type: 'gone'; readonly id: string };

/** Whose runs are followed. */
export type ScopeSubject = Omit<WatchScope, 'afterId'>;

/** What following them needs. */
export interface ScopeWatchDeps {
  readonly subject: ScopeSubject;
  readonly store: WatchStore;
  readonly runs: WatchedRuns;
  readonly queue: WatchQueue<ScopeStep>;
  /** Milliseconds since the Unix epoch. */
  readonly clock: () => number;
}

/** Follows the runs of one scope. */
export interface ScopeWatch {
  /** Begins where the vector says; absent means with what happens from now on. Fault `resource_exhausted` when too many runs go on. */
  begin(vector: ResumeVector | undefined): Promise<void>;
  /** A run told something, perhaps one that is new. */
  notice(item: FeedEntries): void;
  /** Where the search for new runs goes on. */
  position(): WatchScope;
  /** What the search has found, which was begun at this time. */
  found(ids: readonly string[], begunMs: number): void;
  /** What the watcher has read now. */
  read(step: ScopeStep): void;
  vector(): ResumeVector;
  leave(): void;
}

interface Scope {
  readonly deps: ScopeWatchDeps;
  vector: ResumeVector;
  /** By execution id: how to leave it; undefined while it is opened. */
  readonly followed: Map<string, (() => void) | undefined>;
  /** By execution id: where to begin, of runs that could not be read. */
  readonly unread: Map<string, number>;
  readonly finished: Set<string>;
  isOver: boolean;
}

/** A scope that has not begun. */
export function createScopeWatch(deps: ScopeWatchDeps): ScopeWatch {
  const { subject } = deps;
  const scope: Scope = {
    deps,
    vector: newVector(0),
    followed: new Map(),
    unread: new Map(),
    finished: new Set(),
    isOver: false,
  };
  return {
    begin: (vector) => (vector ? resume(scope, vector) : beginNow(scope)),
    notice({ sessionId, executionId, seq }) {
      if (subject.sessionId !== undefined && subject.sessionId !== sessionId) return;
      if (scope.isOver || isKnown(scope, executionId) || !hasRoom(scope)) return;
      // An older one was overlooked when the stream began: it is told from now on.
      join(scope, executionId, idTimeMs(executionId) > scope.vector.markMs ? 0 : seq - 1);
    },
    position: () => ({ ...subject, afterId: lastIdAt(scope.vector.markMs) }),
    found: (ids, begunMs) => joinFound(scope, ids, begunMs),
    read(step) {
      if (step.type === 'event') noteEvent(scope.vector, step.subject.id, step.event);
      if (step.type === 'gone') noteEnd(scope.vector, step.id);
    },
    vector: () => scope.vector,
    leave() {
      scope.isOver = true;
      for (const leave of scope.followed.values()) leave?.();
      scope.followed.clear();
    },
  };
}

async function resume(scope: Scope, vector: ResumeVector): Promise<void> {
  scope.vector = vector;
  for (const [id, seq] of [...vector.open]) join(scope, id, seq);
}

async function beginNow(scope: Scope): Promise<void> {
  const { store, subject, clock } = scope.deps;
  scope.vector = newVector(clock() - lateMs);
  const afterId = lastIdAt(scope.vector.markMs);
  const going = await store.goingOn({ ...subject, afterId }, startedMax);
  const open = going.filter(({ ended }) => !ended);
  if (open.length > openRunsMax) throw tooMany(open.length);
  for (const { id, ended } of going) if (ended) scope.vector.ended.add(shortName(id));
  for (const { id, seq } of open) join(scope, id, seq);
}

function tooMany(runs: number): Fault {
  const sentence = `${runs} runs go on, and a stream that begins can follow ${openRunsMax}: watch single runs, or wait`;
  return new Fault('resource_exhausted', sentence, { retryAfterMs: 10_000 });
}

function isKnown({ followed, unread, finished, vector }: Scope, id: string): boolean {
  const isFollowed = followed.has(id) || unread.has(id) || vector.open.has(id);
  return isFollowed || finished.has(id) || vector.ended.has(shortName(id));
}

function hasRoom({ vector }: Scope): boolean {
  return vector.open.size < openRunsMax && vector.ended.size < endedRunsMax;
}

// What is found late must not be overlooked: the mark stays behind, and never passes what has to wait.
function joinFound(scope: Scope, ids: readonly string[], begunMs: number): void {
  if (scope.isOver) return;
  for (const [id, after] of [...scope.unread]) join(scope, id, after);
  let markMs = begunMs - lateMs;
  const last = ids.at(-1);
  if (last !== undefined && ids.length >= startedMax) markMs = Math.min(markMs, idTimeMs(last) - 1);
  for (const id of ids) {
    if (isKnown(scope, id)) continue;
    if (!hasRoom(scope)) {
      markMs = Math.min(markMs, idTimeMs(id) - 1);
      break;
    }
    join(scope, id, 0);
  }
  moveMark(scope.vector, markMs);
}

function join(scope: Scope, id: string, after: number): void {
  const { vector, followed, unread } = scope;
  unread.delete(id);
  followed.set(id, undefined);
  if (!vector.open.has(id)) vector.open.set(id, after);
  void open(scope, id, after);
}

async function open(scope: Scope, id: string, after: number): Promise<void> {
  const { store, subject, runs } = scope.deps;
  try {
    const execution = await store.read(subject.tenantId, id);
    if (scope.isOver) return;
    if (!execution) return end(scope, id, false);
    scope.followed.set(id, runs.follow(execution, after, sinkOf(scope, streamSubjectOf(execution))));
  } catch {
    scope.followed.delete(id);
    scope.unread.set(id, after); // the next search tries again
  }
}

function sinkOf(scope: Scope, subject: StreamSubject): RunSink {
  const { queue } = scope.deps;
  let wasToldLast = false;
  return {
    event: (event) => {
      wasToldLast = event.last;
      queue.push({ type: 'event', subject, event }, weightOf(event));
    },
    text: (text) => queue.push({ type: 'text', text }, text.text.length),
    caughtUp: () => undefined,
    ended: () => end(scope, subject.id, wasToldLast),
    drained: queue.drained,
  };
}

function end({ deps, followed, finished }: Scope, id: string, wasToldLast: boolean): void {
  followed.delete(id);
  finished.add(id);
  for (const oldest of finished) {
    if (finished.size <= finishedMax) break;
    finished.delete(oldest);
  }
  if (!wasToldLast) deps.queue.push({ type: 'gone', id }, 0);
}

/** What an event weighs in a queue, in characters. */
export function weightOf({ message, metadata }: StreamEvent): number {
  return message.length + JSON.stringify(metadata).length;
}
