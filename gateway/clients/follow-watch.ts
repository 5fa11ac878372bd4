// A stream of the orchestrator's WatchService that outlives its connection: when it breaks, it is opened again after the last step that was
// taken, so that nothing is missing and nothing comes twice. It reads on only when it is asked for the next step.
import { asFault, Fault, type FaultReason } from '../../foundation/fault/fault.ts';
import { backoffMs, pauseInRealTime } from '../../foundation/rpc/stream-backoff.ts';
import type { WatchOwnResponse } from '../../proto/gen/domainflow/orchestrator/v1/watch_service_pb.js';

/** A stream says that it is alive every 5 s; one that says nothing for this long is left, in milliseconds. */
const silenceMsDefault = 15_000;

/** What trying again does not change. */
const finalReasons: ReadonlySet<FaultReason> = new Set([
  'invalid_argument',
  'unauthenticated',
  'permission_denied',
  'not_found',
  'failed_precondition',
]);

/** One step of a stream. */
export interface WatchStep {
  readonly told: WatchOwnResponse['told'];
  /** Where the stream goes on after it; empty where it is no place. */
  readonly place: string;
}

/** What following a stream is made of. */
export interface FollowWatchOptions {
  /** Opens the stream after a place, or where it begins for an empty one. */
  readonly open: (place: string, signal: AbortSignal) => AsyncIterable<WatchStep>;
  /** The place to begin after. */
  readonly from: string;
  /** Ends the stream; what is under way then rejects. */
  readonly signal: AbortSignal;
  /**
   * True for the stream of one run, which is over after its last event, and when nothing is left: streams end without having told
   * anything, twice in a row. False for one without an end of its own.
   */
  readonly endsWithRun: boolean;
  /** A stream that brings nothing for this long is opened again, in milliseconds [15,000]. */
  readonly silenceMs?: number;
  /** Waits before a stream is opened again; absent means real time. */
  readonly pause?: (waitMs: number, signal: AbortSignal) => Promise<unknown>;
}

/** The steps, signs of life among them. Faults of the stream reach the reader until its first step has come, and later those that are final. */
export async function* followWatch(options: FollowWatchOptions): AsyncGenerator<WatchStep, void> {
  const { signal, endsWithRun, pause = pauseInRealTime } = options;
  const position: Position = { place: options.from, begun: false };
  let before: Outcome = 'told';
  let fruitless = 0; // streams in a row that brought nothing
  while (true) {
    const outcome = yield* readOnce(options, position);
    if (outcome === 'over') return;
    // A replica that closes may end a stream before it has looked at the run, so one empty stream proves nothing.
    if (endsWithRun && outcome === 'empty' && before === 'empty') return;
    before = outcome;
    fruitless = outcome === 'told' ? 0 : fruitless + 1;
    await pause(backoffMs(fruitless), signal);
    signal.throwIfAborted();
  }
}

/** What became of one opened stream: the run ended, it told something and ended, it ended without a word, it broke without a word. */
type Outcome = 'over' | 'told' | 'empty' | 'broken';

interface Position {
  place: string;
  /** True once a step has come. */
  begun: boolean;
}

async function* readOnce(
  { open, signal, endsWithRun, silenceMs = silenceMsDefault }: FollowWatchOptions,
  position: Position,
): AsyncGenerator<WatchStep, Outcome> {
  let told = false;
  try {
    for await (const step of untilSilent((leaving) => open(position.place, leaving), { signal, silenceMs })) {
      position.place = step.place || position.place;
      position.begun = true;
      told = true;
      yield step;
      if (isEnd(step, endsWithRun)) return 'over';
    }
    return told ? 'told' : 'empty';
  } catch (error) {
    signal.throwIfAborted();
    if (!position.begun || isFinal(error)) throw error;
    return told ? 'told' : 'broken';
  }
}

function isEnd({ told }: WatchStep, endsWithRun: boolean): boolean {
  return endsWithRun && told.case === 'event' && told.value.last;
}

function isFinal(error: unknown): boolean {
  return finalReasons.has(asFault(error).reason);
}

interface Patience {
  readonly signal: AbortSignal;
  readonly silenceMs: number;
}

// The time that the reader takes is no silence of the stream.
async function* untilSilent(
  open: (signal: AbortSignal) => AsyncIterable<WatchStep>,
  { signal, silenceMs }: Patience,
): AsyncGenerator<WatchStep, void> {
  const silence = new AbortController();
  const leave = (): void => silence.abort(new Fault('unavailable', 'The stream of events fell silent'));
  let timer = setTimeout(leave, silenceMs);
  try {
    for await (const step of open(AbortSignal.any([signal, silence.signal]))) {
      clearTimeout(timer);
      yield step;
      timer = setTimeout(leave, silenceMs);
    }
  } finally {
    clearTimeout(timer);
  }
}
