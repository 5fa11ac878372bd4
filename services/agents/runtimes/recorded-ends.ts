// How attempts ended, for callers who ask again. It forgets by age, and earlier when there is no room, the oldest end first.
import type { Clock } from '../../../foundation/clock.ts';
import type { InvocationBody } from '../core/invocation-key.ts';
import type { Message } from '../core/story.ts';

/** How long an end is kept, in milliseconds. */
export const endKeptMs = 10 * 60_000;

/** What an entry weighs beyond its text. */
const entryWeight = 500;

/** How much is kept. */
export interface EndBounds {
  /** The most ends. */
  readonly countMax: number;
  /** The most that they weigh together, in characters of their JSON. */
  readonly weightMax: number;
}

/** What it costs when an attempt is run again: nothing, or money or effects. */
export type EndCost = 'free' | 'paid';

/** Bounds of each kind. Ends that cost nothing, of which there may be hundreds a second, never push out others. */
export const endBounds: Readonly<Record<EndCost, EndBounds>> = {
  free: { countMax: 10_000, weightMax: 16 * 1_024 * 1_024 },
  paid: { countMax: 50_000, weightMax: 48 * 1_024 * 1_024 },
};

/** An attempt that has ended. */
export interface RecordedEnd {
  readonly body: InvocationBody;
  /** What a reader is told; the end is the last. */
  readonly messages: readonly Message[];
}

/** Ends by the text of their key. */
export interface RecordedEnds {
  /** The end; undefined for one that is unknown or too old. */
  get(key: string): RecordedEnd | undefined;
  /** Keeps the end of a key that has none from now on. One that is heavier than all may be together is not kept. */
  keep(key: string, end: RecordedEnd, cost: EndCost): void;
}

interface Entry {
  /** The end as JSON: one text is less for the garbage collector than all the objects. */
  readonly text: string;
  readonly untilMs: number;
}

/** No ends yet. The clock never goes back. */
export function createRecordedEnds(clock: Clock, bounds = endBounds): RecordedEnds {
  const [free, paid] = [createShelf(clock, bounds.free), createShelf(clock, bounds.paid)];
  return {
    get: (key) => paid.get(key) ?? free.get(key),
    keep: (key, end, cost) => (cost === 'free' ? free : paid).keep(key, end),
  };
}

interface Shelf {
  get(key: string): RecordedEnd | undefined;
  keep(key: string, end: RecordedEnd): void;
}

function createShelf(clock: Clock, { countMax, weightMax }: EndBounds): Shelf {
  const entries = new Map<string, Entry>(); // in the order of their ends, since a map keeps the order of insertion
  let weight = 0;

  const forget = (key: string): void => {
    const entry = entries.get(key);
    if (entry) weight -= weightOf(entry);
    entries.delete(key);
  };
  const makeRoom = (): void => {
    for (const [key, { untilMs }] of entries) {
      if (entries.size <= countMax && weight <= weightMax && clock() < untilMs) return;
      forget(key);
    }
  };
  return {
    get: (key) => {
      const entry = entries.get(key);
      return entry && clock() < entry.untilMs ? JSON.parse(entry.text) : undefined;
    },
    keep: (key, end) => {
      forget(key);
      const entry = { text: JSON.stringify(end), untilMs: clock() + endKeptMs };
      if (weightOf(entry) <= weightMax) {
        entries.set(key, entry);
        weight += weightOf(entry);
      }
      makeRoom();
    },
  };
}

function weightOf({ text }: Entry): number {
  return text.length + entryWeight;
}
