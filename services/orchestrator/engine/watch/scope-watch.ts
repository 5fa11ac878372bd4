// Follows every run of a session or a user for one watcher, those that are started meanwhile included, and knows at each moment how far the
// watcher has read. Runs beyond the most that are followed at once wait in the journal until others have ended.
import { idTimeMs } from '../../../../foundation/ids/ids.ts';
import type { FeedEntries, FeedText } from '../../core/feed-item.ts';
import {
  endedRunsMax,
  lastIdAt,
  moveMark,
  moveNews,
  newVector,
  noteEnd,
  noteEvent,
  openRunsMax,
  type ResumeVector,
  shortName,
} from '../../core/resume-vector.ts';
import { type StreamEvent, type StreamSubject, streamSubjectOf } from '../../core/stream-event.ts';
import type { MovedRun, NewsScope, ScopedRun, WatchScope } from '../../core/watch-reads.ts';
import type { WatchStore } from '../../store/store.ts';
import type { RunSink } from './follower.ts';
import { createPageTurns } from './page-turns.ts';
import type { WatchQueue } from './watch-queue.ts';
import type { WatchedRuns } from './watched-runs.ts';

/** A run or a decision may become visible this long after its id or time was made, in milliseconds, clocks of replicas that differ included. */
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

type EventStep = Extract<ScopeStep, { readonly type: 'event' }>;

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
  /** Begins where the vector says; absent means with what happens from now on. */
  begin(vector: ResumeVector | undefined): Promise<void>;
  /** A run told something, perhaps one that is new. */
  notice(item: FeedEntries): void;
  /** Where the search for new runs goes on. */
  position(): WatchScope;
  /** What the search has found, which was begun at this time. */
  found(ids: readonly string[], begunMs: number): void;
  /** Where the search for older runs that went on goes on. */
  news(): NewsScope;
  /** True once such a run told something, until the next search. */
  hasNews(): boolean;
  /** What that search has found, which was begun at this time. */
  foundMoved(runs: readonly MovedRun[], begunMs: number): void;
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
  /** By execution id: no event that was told of a followed run was decided later, in milliseconds since the Unix epoch. */
  readonly toldMs: Map<string, number>;
  readonly turn: () => Promise<() => void>;
  hasNews: boolean;
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
    toldMs: new Map(),
    turn: createPageTurns(deps.queue),
    hasNews: false,
    isOver: false,
  };
  return {
    begin: (vector) => (vector ? resume(scope, vector) : beginNow(scope)),
    notice({ sessionId, executionId }) {
      if (subject.sessionId !== undefined && subject.sessionId !== sessionId) return;
      if (scope.isOver || isKnown(scope, executionId)) return;
      if (idTimeMs(executionId) <= scope.vector.markMs) scope.hasNews = true;
      else if (hasRoom(scope)) join(scope, executionId, 0);
    },
    position: () => ({ ...subject, afterId: lastIdAt(scope.vector.markMs) }),
    found: (ids, begunMs) => joinFound(scope, ids, begunMs),
    news() {
      scope.hasNews = false;
      const { markMs, newsMs } = scope.vector;
      return { ...subject, untilId: lastIdAt(markMs), sinceMs: newsMs };
    },
    hasNews: () => scope.hasNews,
    foundMoved: (moved, begunMs) => joinMoved(scope, moved, begunMs),
    read(step) {
      if (step.type === 'event') noteEvent(scope.vector, step.subject.id, step.event);
      if (step.type === 'gone') noteEnd(scope.vector, step.id, deps.clock());
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
  for (const { id, ended } of going) if (ended) noteEnd(scope.vector, id, clock());
  for (const { id, seq } of followedFirst(going, scope.vector)) join(scope, id, seq);
}

// Parked runs that are quiet need not be followed: what they do next is news. The same holds for those that find no place.
function followedFirst(going: readonly ScopedRun[], { markMs, newsMs }: ResumeVector): ScopedRun[] {
  const open = going.filter(({ ended }) => !ended);
  const owned = open.filter(({ isParked }) => !isParked);
  const isYoung = ({ id, atMs = 0 }: ScopedRun): boolean => idTimeMs(id) > markMs || atMs > newsMs;
  return [...owned, ...open.filter((run) => run.isParked && isYoung(run))].slice(0, openRunsMax);
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

// Where something was found that has no place yet, the time of news stays, so that it is found again.
function joinMoved(scope: Scope, moved: readonly MovedRun[], begunMs: number): void {
  if (scope.isOver) return;
  leaveQuiet(scope);
  let isWhole = moved.length < startedMax;
  for (const { id, after } of moved) {
    if (isKnown(scope, id)) continue;
    if (scope.vector.open.size < openRunsMax) join(scope, id, after);
    else isWhole = false;
  }
  if (isWhole) moveNews(scope.vector, begunMs - lateMs);
}

// A parked run of which everything was told needs no place any more: whatever follows is decided after the time of news.
function leaveQuiet({ deps, vector, followed, toldMs }: Scope): void {
  const { markMs, newsMs } = vector;
  for (const [id, seq] of vector.open) {
    const leave = followed.get(id);
    if (!leave || idTimeMs(id) > markMs || (toldMs.get(id) ?? newsMs) > newsMs) continue;
    const ageMs = deps.runs.parkedAgeMs(id, seq);
    if (ageMs === undefined || newsMs > deps.clock() - ageMs - lateMs) continue;
    leave();
    followed.delete(id);
    toldMs.delete(id);
    vector.open.delete(id);
  }
}

function join(scope: Scope, id: string, after: number): void {
  const { vector, followed, unread } = scope;
  unread.delete(id);
  followed.set(id, undefined);
  scope.toldMs.set(id, scope.deps.clock());
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
  const { deps, toldMs, turn } = scope;
  const { queue } = deps;
  let wasToldLast = false;
  return {
    event: (event, isLive) => {
      wasToldLast = event.last;
      toldMs.set(subject.id, Math.max(event.atMs, toldMs.get(subject.id) ?? 0));
      pushEvent(queue, { type: 'event', subject, event }, isLive);
    },
    text: (text) => queue.push({ type: 'text', text }, text.text.length),
    caughtUp: () => undefined,
    ended: () => end(scope, subject.id, wasToldLast),
    turn,
  };
}

function end({ deps, followed, finished, toldMs }: Scope, id: string, wasToldLast: boolean): void {
  followed.delete(id);
  toldMs.delete(id);
  finished.add(id);
  for (const oldest of finished) {
    if (finished.size <= finishedMax) break;
    finished.delete(oldest);
  }
  if (!wasToldLast) deps.queue.push({ type: 'gone', id }, 0);
}

/** Adds an event, against the bounds of the queue only if it is live. */
export function pushEvent(
  queue: Pick<WatchQueue<EventStep>, 'push' | 'add'>,
  step: EventStep,
  isLive: boolean,
): void {
  if (isLive) queue.push(step, weightOf(step.event));
  else queue.add(step);
}

function weightOf({ message, metadata }: StreamEvent): number {
  return message.length + JSON.stringify(metadata).length;
}
