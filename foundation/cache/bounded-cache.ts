// A cache in the process with a bound on what it holds. For values that never change under their key: nothing is ever invalidated, only
// forgotten when there is no room, what was used least recently first.

/** What is kept. */
export interface BoundedCache<Value> {
  /** The value, which counts as used; undefined when it is not kept. */
  get(key: string): Value | undefined;
  /** Keeps a value as the one used last. One that is heavier than the whole cache is not kept. */
  set(key: string, value: Value): void;
}

/** How much a cache holds. */
export interface CacheBound<Value> {
  /** The most that all values weigh together, in units of `weightOf`. */
  readonly weightMax: number;
  /** Weight of a value, above 0; asked once, when it is set. */
  readonly weightOf: (value: Value) => number;
}

interface Entry<Value> {
  readonly value: Value;
  readonly weight: number;
}

/** An empty cache. */
export function createBoundedCache<Value>({ weightMax, weightOf }: CacheBound<Value>): BoundedCache<Value> {
  const entries = new Map<string, Entry<Value>>(); // in the order of use, since a map keeps the order of insertion
  let weight = 0;

  const forget = (key: string): Entry<Value> | undefined => {
    const entry = entries.get(key);
    if (entry) weight -= entry.weight;
    entries.delete(key);
    return entry;
  };

  const keep = (key: string, entry: Entry<Value>): void => {
    entries.set(key, entry);
    weight += entry.weight;
  };

  return {
    get: (key) => {
      const entry = forget(key);
      if (entry) keep(key, entry);
      return entry?.value;
    },
    set: (key, value) => {
      forget(key);
      const entry = { value, weight: weightOf(value) };
      if (entry.weight > weightMax) return;
      keep(key, entry);
      for (const oldest of entries.keys()) {
        if (weight <= weightMax) break;
        forget(oldest);
      }
    },
  };
}
