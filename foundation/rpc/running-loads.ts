// Loads that are under way for a cache: who may share one, and whether what it read is still true when it has ended. A change that is told
// while a load reads may have come before or after what it read.
import { type Tag, touches } from './tagged-values.ts';

/** Changes that are remembered for one load; after more of them its value is not kept. */
const changesPerLoadMax = 1_000;

/** A load to run. */
export interface LoadToRun<T> {
  /** What the value is made of; undefined when only the value tells. */
  readonly tags: readonly Tag[] | undefined;
  /** Whether its value may be kept and shared at all. */
  readonly mayKeep: boolean;
  readonly load: () => Promise<T>;
  /** Called with a value that may be kept. `isTouched` tells whether a change of one of these tags was told since the load began. */
  readonly keep: (value: T, isTouched: (tags: readonly Tag[]) => boolean) => void;
}

/** The loads of one cache. */
export interface RunningLoads {
  /** The load of the key that a newcomer may share: nothing was told since it began that may touch it. */
  shared(key: string): Promise<unknown> | undefined;
  /** Runs a load; it is the one that later callers share. */
  run<T>(key: string, load: LoadToRun<T>): Promise<T>;
  noteChange(change: Required<Tag>): void;
  /** Nothing that is being loaded is kept or shared any more. */
  spoilAll(): void;
}

interface Running {
  readonly tags: readonly Tag[] | undefined;
  /** What was told since it began, for a load whose tags are not known yet. */
  readonly changes: Required<Tag>[];
  fit: boolean;
  value?: Promise<unknown>;
}

/** No loads yet. */
export function createRunningLoads(): RunningLoads {
  const running = new Set<Running>();
  const newest = new Map<string, Running>();
  return {
    shared: (key) => {
      const load = newest.get(key);
      return load?.fit && load.changes.length === 0 ? load.value : undefined;
    },
    run: (key, { tags, mayKeep, load, keep }) => {
      const own: Running = { tags, changes: [], fit: mayKeep };
      const isTouched = (all: readonly Tag[]): boolean =>
        own.changes.some((change) => all.some((tag) => touches(change, tag)));
      const read = async () => {
        try {
          const value = await load();
          if (own.fit) keep(value, isTouched);
          return value;
        } finally {
          running.delete(own);
          if (newest.get(key) === own) newest.delete(key);
        }
      };
      running.add(own);
      newest.set(key, own);
      const value = read();
      own.value = value;
      return value;
    },
    noteChange: (change) => {
      for (const load of running) note(load, change);
    },
    spoilAll: () => {
      for (const load of running) load.fit = false;
    },
  };
}

function note(load: Running, change: Required<Tag>): void {
  const { tags, changes } = load;
  if (tags) load.fit &&= !tags.some((tag) => touches(change, tag));
  else if (changes.length < changesPerLoadMax) changes.push(change);
  else load.fit = false;
}
