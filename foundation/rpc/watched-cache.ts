// Keeps values only as long as somebody who would know says that nothing has changed: a stream of changes with signs of life. When in doubt
// it loads. It knows neither what is kept nor who tells.
import type { Clock } from '../clock.ts';
import { followStream } from './follow-stream.ts';
import { createRunningLoads } from './running-loads.ts';
import { createTaggedValues, type Tag } from './tagged-values.ts';

/** How old the last sign of life may be for kept values to be answered, in milliseconds. */
export const signMsMax = 2_000;

const ttlMsDefault = 5 * 60_000;

/** A message of the stream: a change, or a sign of life when it holds none. The first one is a sign of life. */
export interface WatchMessage {
  readonly change?: Required<Tag> | undefined;
}

/** What a cache is made of. */
export interface WatchedCacheOptions {
  /**
   * Opens the stream of changes: from its first message on, every change is told, in order. It may end at any time, such as by the
   * deadline that its call must have; the next one is then opened. It ends when the signal is aborted.
   */
  readonly watch: (signal: AbortSignal) => AsyncIterable<WatchMessage>;
  readonly clock: Clock;
  /** The most values; the one that was not asked for longest goes first. */
  readonly sizeMax: number;
  /** How long a value is kept at most, in milliseconds [300,000]. */
  readonly ttlMs?: number;
  /** Told whenever the stream has ended, with what it ended by, such as its deadline. The cache is empty then and goes on by itself. */
  readonly onInterrupted?: (error: unknown) => void;
  /** A stream that brings nothing for this long is left, in milliseconds [10,000]. */
  readonly silenceMs?: number;
  /** Waits before the stream is opened again; absent means real time. */
  readonly pause?: (waitMs: number, signal: AbortSignal) => Promise<void>;
}

/** How a value is loaded and what it is made of. */
export interface CachedLoad<T> {
  /** What drops the value when it changes; a function when only the value tells. */
  readonly tags: readonly Tag[] | ((value: T) => readonly Tag[]);
  /** Reads what is true at its start or later, so from no replica that lags behind. What it throws is not kept. */
  readonly load: () => Promise<T>;
  /** When the value ends by itself, in milliseconds since the Unix epoch; absent for never. */
  readonly endsAtMs?: (value: T) => number | undefined;
}

/** A cache of values that somebody else changes. */
export interface WatchedCache {
  /**
   * The kept value of the key, or a loaded one. A key always stands for values of one type. While the stream is alive, callers of one
   * key share a load; while it is not, each loads for itself.
   */
  get<T>(key: string, load: CachedLoad<T>): Promise<T>;
  /** True while kept values are answered. */
  isAlive(): boolean;
  /** Leaves the stream. Every later `get` loads. */
  close(): Promise<void>;
}

interface Kept {
  readonly value: unknown;
  readonly untilMs: number;
}

/** An empty cache that opens its stream at once. Close it. */
export function createWatchedCache(options: WatchedCacheOptions): WatchedCache {
  const { clock, ttlMs = ttlMsDefault, onInterrupted } = options;
  const kept = createTaggedValues<Kept>(options.sizeMax);
  const loads = createRunningLoads();
  let signAtMs: number | undefined; // undefined while no stream has begun
  const isAlive = (): boolean => signAtMs !== undefined && clock() - signAtMs < signMsMax;

  const close = followStream({
    ...options,
    open: options.watch,
    onMessage: ({ change }) => {
      if (!change) {
        signAtMs = clock();
        return;
      }
      kept.drop(change);
      loads.noteChange(change);
    },
    onEnd: (error) => {
      signAtMs = undefined;
      kept.clear();
      loads.spoilAll();
      onInterrupted?.(error);
    },
  });

  const answerKept = (key: string): Kept | undefined => {
    const found = isAlive() ? kept.get(key) : undefined;
    return found && clock() < found.untilMs ? found : undefined;
  };
  const load = <T>(key: string, { tags, load, endsAtMs }: CachedLoad<T>): Promise<T> => {
    const endMs = clock() + ttlMs;
    const mayKeep = signAtMs !== undefined; // what changes before the stream begins is not told
    return loads.run(key, {
      tags: typeof tags === 'function' ? undefined : tags,
      mayKeep,
      load,
      keep: (value, isTouched) => {
        const all = typeof tags === 'function' ? tags(value) : tags;
        if (isTouched(all)) return;
        const untilMs = Math.min(endMs, endsAtMs?.(value) ?? endMs);
        kept.set(key, { value: { value, untilMs }, tags: all });
      },
    });
  };
  return {
    // A key stands for values of one type.
    get: async <T>(key: string, asked: CachedLoad<T>) => {
      const found = answerKept(key);
      if (found) return found.value as T;
      const shared = isAlive() ? loads.shared(key) : undefined;
      return shared ? ((await shared) as T) : load(key, asked);
    },
    isAlive,
    close,
  };
}
