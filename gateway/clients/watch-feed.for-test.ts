// What an orchestrator tells of runs, in the test's hands: it keeps what was told, tells each stream what follows its place, and can break
// streams off.
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { Fault } from '../../foundation/fault/fault.ts';
import type { WatchService } from '../../proto/gen/domainflow/orchestrator/v1/watch_service_pb.js';

interface Event {
  readonly seq: bigint;
  readonly [field: string]: unknown;
}

interface Told {
  // biome-ignore lint/suspicious/noExplicitAny: the init shape of a message, which the RPC layer completes.
  readonly told: any;
  readonly place: string;
}

/** A feed of one kind of stream. */
export interface WatchFeed {
  /** The place after which each stream was opened, in order. */
  readonly opened: readonly string[];
  /** How many messages were taken by the transport. */
  readonly taken: () => number;
  /** Tells events, each with a place of its own. */
  tell(...events: readonly Event[]): void;
  /** Tells text of a model, which has no place. */
  tellToken(token: object): void;
  /** Ends the open streams by a fault, or without one. */
  breakOff(fault?: Fault): void;
  /** Resolves when this many streams were left by their readers. */
  left(count: number): Promise<void>;
  /** Resolves when this many streams were opened. */
  opens(count: number): Promise<void>;
  readonly handlers: Partial<ServiceImpl<typeof WatchService>>;
}

/** A feed that has told nothing; streams without a place begin with its first event where `replays`, else at now. */
export function createWatchFeed({ replays }: { readonly replays: boolean }): WatchFeed {
  const state: FeedState = { replays, log: [], opened: [], breaks: [], taken: 0, lefts: 0 };
  const changes = createChanges();
  const { changed, until } = changes;
  const { log, opened, breaks } = state;
  return {
    opened,
    taken: () => state.taken,
    tell(...events) {
      for (const value of events) {
        const place = replays ? String(value.seq) : `r${log.length + 1}`;
        log.push({ told: { case: 'event', value }, place });
      }
      changed();
    },
    tellToken(value) {
      log.push({ told: { case: 'token', value }, place: '' });
      changed();
    },
    breakOff(because) {
      breaks.push(because);
      changed();
    },
    left: (count) => until(() => state.lefts >= count),
    opens: (count) => until(() => opened.length >= count),
    handlers: createHandlers(state, changes),
  };
}

interface FeedState {
  readonly replays: boolean;
  readonly log: Told[];
  readonly opened: string[];
  readonly breaks: (Fault | undefined)[];
  taken: number;
  lefts: number;
}

type Changes = ReturnType<typeof createChanges>;

function createHandlers(state: FeedState, changes: Changes): WatchFeed['handlers'] {
  async function* placed(place: string, context: HandlerContext): AsyncGenerator<object, void> {
    const leave = (): void => {
      state.lefts += 1;
      changes.changed();
    };
    context.signal.addEventListener('abort', leave);
    const steps = follow({ state, changes, place, signal: context.signal });
    for await (const { told, place: resume } of steps) yield { told, resume };
    context.signal.removeEventListener('abort', leave);
  }
  return {
    watchExecution: ({ afterSeq }: { afterSeq: bigint }, context: HandlerContext) =>
      placed(afterSeq === 0n ? '' : String(afterSeq), context),
    watchSession: ({ resume }: { resume: string }, context: HandlerContext) => placed(resume, context),
    watchOwn: ({ resume }: { resume: string }, context: HandlerContext) => placed(resume, context),
  } as unknown as WatchFeed['handlers'];
}

interface Following {
  readonly state: FeedState;
  readonly changes: Changes;
  readonly place: string;
  readonly signal: AbortSignal;
}

async function* follow({ state, changes, place, signal }: Following): AsyncGenerator<Told, void> {
  const { log, opened, breaks } = state;
  const breaksBefore = breaks.length;
  let at = startAfter(state, place);
  opened.push(place);
  changes.changed();
  yield* firstWord(state, at);
  while (!signal.aborted && breaks.length === breaksBefore) {
    for (const told of log.slice(at)) {
      at += 1;
      yield told;
      state.taken += 1;
    }
    if (isOver(state)) return;
    await changes.change();
  }
  if (breaks.length > breaksBefore && breaks.at(-1)) throw breaks.at(-1);
}

function startAfter({ replays, log }: FeedState, place: string): number {
  if (place === '') return replays ? 0 : log.length;
  return log.findIndex((told) => told.place === place) + 1;
}

// A stream that has nothing to tell says so at once, and where it is.
function firstWord(state: FeedState, at: number): readonly Told[] {
  const { log, replays } = state;
  if (at < log.length || isOver(state)) return [];
  return [{ told: { case: 'alive', value: {} }, place: replays ? '' : (log.at(-1)?.place ?? 'r0') }];
}

function isOver({ replays, log }: FeedState): boolean {
  return replays && log.at(-1)?.told.value.last === true;
}

function createChanges() {
  let next = Promise.withResolvers<void>();
  const change = (): Promise<void> => next.promise;
  return {
    change,
    changed(): void {
      next.resolve();
      next = Promise.withResolvers<void>();
    },
    async until(holds: () => boolean): Promise<void> {
      while (!holds()) await change();
    },
  };
}

/** The fault of a replica that goes away. */
export function replicaGone(): Fault {
  return new Fault('unavailable', 'The service is shutting down');
}
