// Reads a stream that has no end of its own, and opens it again whenever it ends: by its deadline, by a fault, or because nothing came for
// too long. What the messages mean is not its business.
import { backoffMs, pauseInRealTime } from './stream-backoff.ts';

const silenceMsDefault = 10_000;

/** What following a stream is made of. */
export interface FollowStreamOptions<Message> {
  /** Opens the stream. It ends, in whatever way, when the signal is aborted. */
  readonly open: (signal: AbortSignal) => AsyncIterable<Message>;
  readonly onMessage: (message: Message) => void;
  /** Told after the end of each stream, also of one that never brought a message; `error` is undefined for an end without a fault. */
  readonly onEnd: (error: unknown) => void;
  /** A stream that brings nothing for this long is left, in milliseconds [10,000]. */
  readonly silenceMs?: number | undefined;
  /** Waits between two streams; absent means real time. Returns early when the signal is aborted. */
  readonly pause?: ((waitMs: number, signal: AbortSignal) => Promise<void>) | undefined;
}

/** Begins at once. The result stops it and resolves when the stream under way has ended. */
export function followStream<Message>(options: FollowStreamOptions<Message>): () => Promise<void> {
  const stop = new AbortController();
  const following = keepFollowing(options, stop.signal);
  return () => {
    stop.abort();
    return following;
  };
}

async function keepFollowing<Message>(
  options: FollowStreamOptions<Message>,
  stopped: AbortSignal,
): Promise<void> {
  const { onEnd, pause = pauseInRealTime } = options;
  let fruitless = 0; // streams in a row that brought nothing
  while (!stopped.aborted) {
    let messages = 0;
    const onMessage = (message: Message): void => {
      messages += 1;
      options.onMessage(message);
    };
    let failure: unknown;
    try {
      await readUntilSilent({ ...options, onMessage }, stopped);
    } catch (error) {
      failure = error;
    }
    onEnd(failure);
    fruitless = messages > 0 ? 0 : fruitless + 1;
    if (!stopped.aborted) await pause(backoffMs(fruitless), stopped);
  }
}

async function readUntilSilent<Message>(
  { open, onMessage, silenceMs = silenceMsDefault }: FollowStreamOptions<Message>,
  stopped: AbortSignal,
): Promise<void> {
  const silence = new AbortController();
  const leave = (): void => silence.abort(new Error(`The stream brought nothing for ${silenceMs} ms`));
  const timer = setTimeout(leave, silenceMs);
  try {
    for await (const message of open(AbortSignal.any([stopped, silence.signal]))) {
      timer.refresh();
      onMessage(message);
    }
    silence.signal.throwIfAborted();
  } finally {
    clearTimeout(timer);
  }
}
