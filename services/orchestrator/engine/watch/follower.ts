// Follows one run for one watcher: from the journal up to what is there, then as it is told live, and from the journal again wherever
// something is missing. So nothing is left out and nothing comes twice, whatever the live sources do.
import { type Fault, notFound } from '../../../../foundation/fault/fault.ts';
import type { FeedText } from '../../core/feed-item.ts';
import type { JournalEntry } from '../../core/journal-event.ts';
import type { StreamEvent, StreamMapper } from '../../core/stream-event.ts';
import type { JournalRead } from '../../core/watch-reads.ts';

/** Where a watcher is told of a run. */
export interface RunSink {
  /** `isLive` is false for what was read in a turn. */
  event(event: StreamEvent, isLive: boolean): void;
  text(text: FeedText): void;
  /** Everything that was there has been told. Called once. */
  caughtUp(): void;
  /** Nothing more follows; with a Fault when the run is not kept any more. Called once, at last. */
  ended(fault?: Fault): void;
  /** Resolves when a part of the journal may be read and told. The answer is to be called when that is done. */
  turn(): Promise<() => void>;
}

/** What following needs. */
export interface FollowerOptions {
  readonly mapper: StreamMapper;
  /** Number of the last event that the watcher knows. */
  readonly after: number;
  /** Number of the last event that the mapper needs not see: `after`, or less. */
  readonly mapAfter: number;
  readonly sink: RunSink;
  readonly read: (after: number, atRowEnd: boolean) => Promise<JournalRead | undefined>;
  /** Number of the last event that anybody in this process has heard of. */
  readonly newest: () => number;
  readonly textsSoFar: () => readonly FeedText[];
}

/** One watcher of one run. */
export interface Follower {
  /** What became durable. */
  receive(entries: readonly JournalEntry[]): void;
  receiveText(text: FeedText): void;
  /** Nothing can follow: the run has ended, or is not kept. */
  finish(fault?: Fault): void;
  /** Tries again to read what could not be read. */
  goOn(): void;
  /** True while it is told live; else it reads by itself. */
  isLive(): boolean;
  leave(): void;
}

interface Following {
  readonly options: FollowerOptions;
  state: 'reading' | 'stalled' | 'live' | 'over';
  /** Number of the last event that was mapped, or need not be. */
  known: number;
  atRowEnd: boolean;
  /** True once everything that was there has been told. */
  begun: boolean;
}

/** A follower that begins to read at once. */
export function createFollower(options: FollowerOptions): Follower {
  const me: Following = { options, state: 'stalled', known: options.mapAfter, atRowEnd: false, begun: false };
  void read(me);
  return {
    receive(entries) {
      if (me.state !== 'live') return;
      const [first] = entries;
      if (first && first.seq > me.known + 1) void read(me);
      else take(me, entries, true);
    },
    receiveText(text) {
      if (me.begun && !isOver(me)) options.sink.text(text);
    },
    finish: (fault) => finish(me, fault),
    goOn() {
      if (me.state === 'stalled') void read(me);
    },
    isLive: () => me.state === 'live',
    leave() {
      me.state = 'over';
    },
  };
}

function isOver({ state }: Following): boolean {
  return state === 'over';
}

function finish(me: Following, fault?: Fault): void {
  if (isOver(me)) return;
  me.state = 'over';
  me.options.sink.ended(fault);
}

function take(me: Following, entries: readonly JournalEntry[], isLive: boolean): void {
  const { mapper, after, sink } = me.options;
  for (const entry of entries) {
    if (isOver(me)) return;
    if (entry.seq > me.known) {
      me.known = entry.seq;
      const event = mapper.map(entry);
      if (event.seq > after) sink.event(event, isLive);
    }
    if (entry.event.type === 'ended') finish(me);
  }
}

async function read(me: Following): Promise<void> {
  me.state = 'reading';
  try {
    while (await readInTurn(me));
    if (isOver(me)) return;
    if (me.options.newest() > me.known) void read(me);
    else goLive(me);
  } catch {
    if (!isOver(me)) me.state = 'stalled'; // the hub tries again
  }
}

async function readInTurn(me: Following): Promise<boolean> {
  const done = await me.options.sink.turn();
  try {
    return !isOver(me) && (await readPage(me));
  } finally {
    done();
  }
}

// Answers whether there is more to read. What was heard of before the read must be in it; where it is not, reading at once would not help.
async function readPage(me: Following): Promise<boolean> {
  const { options } = me;
  const heard = options.newest();
  const page = await options.read(me.known, me.atRowEnd);
  if (isOver(me)) return false;
  if (!page) finish(me, notFound('execution'));
  else take(me, page.entries, false);
  me.atRowEnd = true;
  if (page?.isWhole && page.ended) finish(me);
  if (isOver(me) || page?.isWhole === false) return !isOver(me);
  if (heard > me.known) throw new Error('the journal does not hold what was told');
  return options.newest() > me.known;
}

function goLive(me: Following): void {
  const { sink, textsSoFar } = me.options;
  me.state = 'live';
  if (me.begun) return;
  me.begun = true;
  sink.caughtUp();
  for (const text of textsSoFar()) sink.text(text);
}
