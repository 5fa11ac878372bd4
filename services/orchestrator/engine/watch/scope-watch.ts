// Follows every run of a session or a user for one watcher, those that are started meanwhile included, and knows at each moment how far the
// watcher has read. Which runs there are it learns from searches alone; what is beyond its places waits there.
import type { StoredExecution } from '../../core/execution-record.ts';
import type { FeedEntries, FeedText } from '../../core/feed-item.ts';
import {
  newVector,
  notePlace,
  passingMax,
  placesMax,
  type ResumeVector,
  type RunPlace,
} from '../../core/resume-vector.ts';
import { type StreamEvent, type StreamSubject, streamSubjectOf } from '../../core/stream-event.ts';
import type { MovedRun, News, NewsScope, WatchScope } from '../../core/watch-reads.ts';
import type { WatchStore } from '../../store/store.ts';
import type { RunSink } from './follower.ts';
import { createPageTurns } from './page-turns.ts';
import { pushEvent } from './push-event.ts';
import type { WatchQueue } from './watch-queue.ts';
import type { WatchedRuns } from './watched-runs.ts';

/** Runs that are read in one statement. */
const openedMax = 50;

/** What is told of many runs. */
export type ScopeStep =
  | { readonly type: 'event'; readonly subject: StreamSubject; readonly event: StreamEvent }
  | { readonly type: 'text'; readonly text: FeedText }
  /** Nothing more follows of the run, although no last event was told: it has ended, or is not kept. */
  | { readonly type: 'gone'; readonly id: string; readonly isKept: boolean };

/** What following them needs. */
export interface ScopeWatchDeps {
  /** Whose runs are followed. */
  readonly subject: WatchScope;
  readonly store: WatchStore;
  readonly runs: WatchedRuns;
  readonly queue: WatchQueue<ScopeStep>;
  /** Told when the next search should not wait. */
  readonly onNews: () => void;
}

/** Follows the runs of one scope. */
export interface ScopeWatch {
  /** Begins where the vector says; absent means with what happens from now on. */
  begin(vector: ResumeVector | undefined): Promise<void>;
  /** A run told something, perhaps one that is new. */
  notice(item: FeedEntries): void;
  /** What the next search looks for. To be followed by `found`, or by `missed` when there is no answer. */
  news(): NewsScope;
  /** True when that should not wait. */
  hasNews(): boolean;
  found(news: News): void;
  missed(): void;
  /** The watcher takes a step. False when it is to be left out: it was told before, or will be told again. */
  take(step: ScopeStep): boolean;
  vector(): ResumeVector;
  leave(): void;
}

interface Followed {
  seq: number;
  covered: number;
  /** True for one that leaves its place as soon as it is told what a search has found. */
  readonly isPassing: boolean;
  leave: (() => void) | undefined;
}

interface Scope {
  readonly deps: ScopeWatchDeps;
  vector: ResumeVector;
  /** By execution id. Each of `vector.runs` that has not ended is here. */
  readonly followed: Map<string, Followed>;
  /** Runs that have a place and are not read yet. */
  unread: Set<string>;
  /** Runs that had ended when the search began and that it has not found yet; those that it does not find are not kept any more. */
  unfound: Set<string>;
  readonly turn: () => Promise<() => void>;
  hasNews: boolean;
  isOver: boolean;
}

/** A scope that has not begun. */
export function createScopeWatch(deps: ScopeWatchDeps): ScopeWatch {
  const { subject, store } = deps;
  const scope: Scope = {
    deps,
    vector: newVector({ atMs: 0, oldest: 0, next: 0, pending: [] }),
    followed: new Map(),
    unread: new Set(),
    unfound: new Set(),
    turn: createPageTurns(deps.queue),
    hasNews: false,
    isOver: false,
  };
  return {
    async begin(vector) {
      scope.vector = vector ?? newVector(await store.view());
      for (const [id, place] of scope.vector.runs) {
        const isPassing = place.seq < place.covered && passing(scope) < passingMax;
        if (!place.ended) join(scope, id, place, isPassing);
      }
      void openUnread(scope);
    },
    notice({ sessionId, executionId }) {
      if (subject.sessionId !== undefined && subject.sessionId !== sessionId) return;
      if (!scope.followed.has(executionId) && !scope.vector.runs.has(executionId)) ask(scope);
    },
    news: () => newsScope(scope),
    hasNews: () => scope.hasNews,
    found(news) {
      if (scope.isOver) return;
      takeNews(scope, news);
      void openUnread(scope);
    },
    missed() {
      scope.hasNews = true;
    },
    take: (step) => takeStep(scope, step),
    vector: () => scope.vector,
    leave() {
      scope.isOver = true;
      for (const { leave } of scope.followed.values()) leave?.();
      scope.followed.clear();
    },
  };
}

function ask(scope: Scope): void {
  if (scope.isOver || scope.hasNews) return;
  scope.hasNews = true;
  scope.deps.onNews();
}

const firstId = '00000000-0000-0000-0000-000000000000';

function newsScope(scope: Scope): NewsScope {
  const { seen, search, runs } = scope.vector;
  scope.hasNews = false;
  if (!search) scope.unfound = new Set([...runs].flatMap(([id, { ended }]) => (ended ? [id] : [])));
  const from = search ? { through: search.view, afterId: search.untilId } : { afterId: firstId };
  return { ...scope.deps.subject, seen, ...from };
}

// A search goes through the runs in the order of their ids. Those that find no place are searched for again once there is one.
function takeNews(scope: Scope, { view, runs, untilId }: News): void {
  const { vector } = scope;
  const search = { view: vector.search?.view ?? view, untilId: vector.search?.untilId ?? firstId };
  for (const run of runs) {
    if (!place(scope, run, vector.search !== undefined)) {
      vector.search = search;
      scope.hasNews = false; // until others have left
      return;
    }
    search.untilId = run.id;
  }
  if (untilId !== undefined) {
    vector.search = { ...search, untilId };
    ask(scope);
    return;
  }
  if (vector.search) ask(scope); // its view is an earlier one, perhaps of an earlier stream: there may be news since
  vector.seen = search.view;
  vector.search = undefined;
  for (const id of scope.unfound) vector.runs.delete(id);
}

/** True when the run has a place, or needs none. */
function place(scope: Scope, { id, after, last }: MovedRun, isPassing: boolean): boolean {
  const { vector, followed, unfound } = scope;
  const known = followed.get(id);
  const told = vector.runs.get(id);
  unfound.delete(id);
  if (known) cover(scope, id, last);
  else if (told) notePlace(vector, id, { ...told, covered: last });
  else if (!isPassing && makeRoom(scope)) join(scope, id, { seq: after, covered: last });
  else if (passing(scope) < passingMax) join(scope, id, { seq: after, covered: last }, true);
  else return false;
  return true;
}

function passing({ followed }: Scope): number {
  let count = 0;
  for (const { isPassing } of followed.values()) count += isPassing ? 1 : 0;
  return count;
}

// Who was told everything need not be followed: what comes next is news.
function makeRoom(scope: Scope): boolean {
  const { vector, followed } = scope;
  let ended = 0;
  for (const run of vector.runs.values()) ended += run.ended ? 1 : 0;
  if (followed.size + ended < placesMax) return true;
  for (const [id, { leave }] of followed) {
    if (vector.runs.has(id)) continue;
    leave?.();
    ask(scope); // what was not taken yet is news again
    return followed.delete(id);
  }
  return false;
}

function cover(scope: Scope, id: string, last: number): void {
  const known = scope.followed.get(id);
  if (!known) return;
  known.covered = last;
  settle(scope, id, known);
}

function settle(scope: Scope, id: string, run: Followed): void {
  const { seq, covered, isPassing, leave } = run;
  notePlace(scope.vector, id, { seq, covered, ended: false });
  if (seq !== covered || !isPassing) return;
  leave?.();
  scope.followed.delete(id);
  if (passing(scope) <= passingMax / 2) ask(scope);
}

function join(
  scope: Scope,
  id: string,
  { seq, covered }: Pick<RunPlace, 'seq' | 'covered'>,
  isPassing = false,
): void {
  scope.followed.set(id, { seq, covered, isPassing, leave: undefined });
  notePlace(scope.vector, id, { seq, covered, ended: false });
  scope.unread.add(id);
}

// What cannot be read is tried again after the next search.
async function openUnread(scope: Scope): Promise<void> {
  const { store, subject } = scope.deps;
  const ids = [...scope.unread];
  scope.unread = new Set();
  for (let at = 0; at < ids.length && !scope.isOver; at += openedMax) {
    const some = ids.slice(at, at + openedMax);
    try {
      const read = await store.readAll(subject.tenantId, some);
      const found = new Map(read.map((execution) => [execution.id, execution]));
      for (const id of some) open(scope, id, found.get(id));
    } catch {
      for (const id of some) scope.unread.add(id);
    }
  }
}

function open(scope: Scope, id: string, execution: StoredExecution | undefined): void {
  const { runs, queue } = scope.deps;
  const run = scope.followed.get(id);
  if (scope.isOver || !run || run.leave) return;
  if (execution) run.leave = runs.follow(execution, run.seq, sinkOf(scope, streamSubjectOf(execution)));
  else queue.push({ type: 'gone', id, isKept: false }, 0);
}

function sinkOf({ deps: { queue }, turn }: Scope, subject: StreamSubject): RunSink {
  let wasToldLast = false;
  return {
    event: (event, isLive) => {
      wasToldLast = event.last;
      pushEvent(queue, { type: 'event', subject, event }, isLive);
    },
    text: (text) => queue.push({ type: 'text', text }, text.text.length),
    caughtUp: () => undefined,
    ended: (fault) => {
      if (!wasToldLast) queue.push({ type: 'gone', id: subject.id, isKept: fault === undefined }, 0);
    },
    turn,
  };
}

function takeStep(scope: Scope, step: ScopeStep): boolean {
  if (step.type === 'text') return scope.followed.has(step.text.executionId);
  const id = step.type === 'gone' ? step.id : step.subject.id;
  const run = scope.followed.get(id);
  if (!run) return false;
  if (step.type === 'gone') {
    end(scope, id, step.isKept ? run : { seq: 0, covered: 0 });
    return false;
  }
  const { seq, last } = step.event;
  if (seq !== run.seq + 1) return false; // left over from before it lost its place
  run.seq = seq;
  if (last) end(scope, id, run);
  else settle(scope, id, run);
  return true;
}

function end(scope: Scope, id: string, { seq, covered }: Pick<RunPlace, 'seq' | 'covered'>): void {
  const run = scope.followed.get(id);
  run?.leave?.();
  scope.followed.delete(id);
  notePlace(scope.vector, id, { seq, covered, ended: true });
  if (scope.vector.search && (!run?.isPassing || passing(scope) <= passingMax / 2)) ask(scope);
}
