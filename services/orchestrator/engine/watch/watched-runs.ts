// The runs that are watched in this process: who follows each, where it is held, and when it was last heard of.
import { type Fault, notFound } from '../../../../foundation/fault/fault.ts';
import type { StoredExecution } from '../../core/execution-record.ts';
import type { FeedItem, FeedText } from '../../core/feed-item.ts';
import type { JournalEntry } from '../../core/journal-event.ts';
import { createStreamMapper } from '../../core/stream-event.ts';
import type { JournalRead } from '../../core/watch-reads.ts';
import type { OpenPlan } from '../pinned-plan.ts';
import { createFollower, type Follower, type RunSink } from './follower.ts';
import type { JournalReader } from './journal-reader.ts';

/** Where a run is held, as far as this process knows. */
export interface Holder {
  /** Where its owner listens; absent while nobody who lives owns it. */
  readonly address?: string;
  readonly isParked: boolean;
}

/** What watching runs needs. */
export interface WatchedRunsDeps {
  readonly reader: JournalReader;
  readonly openPlan: OpenPlan;
  /** Spans of time, in milliseconds. */
  readonly monotonicMs: () => number;
  /** Texts so far of a run that is held there. */
  readonly textsOf: (executionId: string, holder: Holder | undefined) => readonly FeedText[];
  /** Told when it became known where a run is held. */
  readonly onHolder: () => void;
}

/** Watched runs. */
export interface WatchedRuns {
  /** Follows a run after the event of this number. The answer ends it. */
  follow(execution: StoredExecution, after: number, sink: RunSink): () => void;
  /** What became durable, or was written, in the process at the address. */
  receive(item: FeedItem, address: string | undefined): void;
  /** Looks for what is due: reads those of which nothing was heard for as long as `quietMs` allows, and goes on where a read had failed. */
  look(quietMs: (holder: Holder | undefined) => number): Promise<void>;
  /** Runs that the process at the address holds are due at once. */
  doubt(address: string): void;
  /** Where runs are held. */
  addresses(): Set<string>;
  count(): number;
}

interface Run {
  readonly tenantId: string;
  readonly id: string;
  readonly followers: Set<Follower>;
  /** Number of the last event that was heard of. */
  newest: number;
  holder: Holder | undefined;
  /** When it was last heard or read. */
  heardMs: number;
  isRead: boolean;
}

/** None yet. */
export function createWatchedRuns(deps: WatchedRunsDeps): WatchedRuns {
  const runs = new Map<string, Run>();

  return {
    follow(execution, after, sink) {
      const run = runs.get(execution.id) ?? newRun(execution);
      runs.set(execution.id, run);
      const leave = (): void => {
        run.followers.delete(follower);
        if (run.followers.size === 0 && runs.get(run.id) === run) runs.delete(run.id);
      };
      const ended = (fault?: Fault): void => {
        leave();
        sink.ended(fault);
      };
      const follower = followRun(deps, run, { execution, after, sink: { ...sink, ended } });
      run.followers.add(follower);
      return () => {
        follower.leave();
        leave();
      };
    },
    receive(item, address) {
      const run = runs.get(item.executionId);
      if (!run) return;
      if (item.type === 'text') {
        for (const follower of run.followers) follower.receiveText(item);
        return;
      }
      if (address !== undefined && run.holder?.address !== address)
        hold(deps, run, { address, isParked: false });
      const { seq, atMs, events } = item;
      tell(
        deps,
        run,
        events.map((event, place) => ({ seq: seq + place, atMs, event })),
      );
    },
    look: async (quietMs) => {
      const nowMs = deps.monotonicMs();
      const due = [...runs.values()].filter((run) => isDue(run, nowMs - quietMs(run.holder)));
      await Promise.all(due.map((run) => readOn(deps, run)));
    },
    doubt(address) {
      for (const run of runs.values()) {
        if (run.holder?.address === address) run.heardMs = Number.NEGATIVE_INFINITY;
      }
    },
    addresses() {
      const held = new Set<string>();
      for (const { holder } of runs.values()) if (holder?.address !== undefined) held.add(holder.address);
      return held;
    },
    count: () => runs.size,
  };
}

function newRun({ tenantId, id }: StoredExecution): Run {
  return {
    tenantId,
    id,
    followers: new Set(),
    newest: 0,
    holder: undefined,
    heardMs: Number.NEGATIVE_INFINITY,
    isRead: false,
  };
}

interface Following {
  readonly execution: StoredExecution;
  readonly after: number;
  readonly sink: RunSink;
}

// How a run turned out stands in the event before its last. Who begins between the two is shown it by the row once the run has ended, and
// reads from the start as long as it may come.
function followRun(deps: WatchedRunsDeps, run: Run, { execution, after, sink }: Following): Follower {
  const { status, plan } = execution;
  const isNearEnd = status === 'finishing' || status === 'cancelling';
  return createFollower({
    mapper: createStreamMapper(deps.openPlan(plan).run, execution),
    after,
    mapAfter: isNearEnd ? 0 : after,
    sink,
    read: async (from, atRowEnd) => {
      const page = await deps.reader.read({ tenantId: run.tenantId, id: run.id, after: from, atRowEnd });
      if (page) noteRead(deps, run, page);
      return page;
    },
    newest: () => run.newest,
    textsSoFar: () => deps.textsOf(run.id, run.holder),
  });
}

function noteRead(deps: WatchedRunsDeps, run: Run, page: JournalRead): void {
  run.heardMs = deps.monotonicMs();
  run.newest = Math.max(run.newest, page.entries.at(-1)?.seq ?? 0);
  const { address, isParked } = page;
  if (run.holder?.address === address && run.holder?.isParked === isParked) return;
  hold(deps, run, address === undefined ? { isParked } : { address, isParked });
}

function hold({ onHolder }: WatchedRunsDeps, run: Run, holder: Holder): void {
  run.holder = holder;
  onHolder();
}

function tell(deps: WatchedRunsDeps, run: Run, entries: readonly JournalEntry[]): void {
  run.heardMs = deps.monotonicMs();
  run.newest = Math.max(run.newest, entries.at(-1)?.seq ?? 0);
  for (const follower of [...run.followers]) follower.receive(entries);
}

// Also lets those go on whose reading failed.
function isDue(run: Run, sinceMs: number): boolean {
  let isLive = false;
  for (const follower of [...run.followers]) {
    follower.goOn();
    isLive ||= follower.isLive();
  }
  return isLive && !run.isRead && run.heardMs <= sinceMs;
}

async function readOn(deps: WatchedRunsDeps, run: Run): Promise<void> {
  const { tenantId, id, newest } = run;
  run.isRead = true;
  try {
    const page = await deps.reader.read({ tenantId, id, after: newest, atRowEnd: true });
    if (!page) return finish(run, notFound('execution'));
    noteRead(deps, run, page);
    if (page.entries.length > 0) tell(deps, run, page.entries);
    if (page.ended && page.isWhole) finish(run);
    if (!page.isWhole) run.heardMs = Number.NEGATIVE_INFINITY;
  } finally {
    run.isRead = false;
  }
}

// Those who still read find the end by themselves.
function finish(run: Run, fault?: Fault): void {
  for (const follower of [...run.followers]) if (follower.isLive()) follower.finish(fault);
}
