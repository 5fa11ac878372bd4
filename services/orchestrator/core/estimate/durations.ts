// How long runs take, from how long their tasks do: one run by its longest path, many by how many may run at a time.
import { type RunPlan, runningTasksMax } from '../run-plan.ts';
import { type Chance, drawMany, drawOne } from './chance.ts';
import { type Range, rangeOf } from './range.ts';
import { drawApproximateSum, type SumOptions } from './sums.ts';

/**
 * The time from the start of a run to its end when its tasks take so long, in the order of the plan and in whatever unit: each begins when all
 * of its parents have ended and one of the places is free, the one that could begin first before the others.
 */
export function runDuration(
  { tasks, places }: Pick<RunPlan, 'tasks' | 'places'>,
  lengths: readonly number[],
): number {
  const parents = tasks.map((task) => task.parents.map((parent) => places.get(parent) ?? 0));
  const ends = new Map<number, number>();
  const free = createFreePlaces(runningTasksMax);
  const readyAt = (at: number): number =>
    Math.max(0, ...(parents[at] ?? []).map((each) => ends.get(each) ?? Infinity));
  const waiting = new Set(tasks.keys());
  while (waiting.size > 0) {
    const next = firstReady(waiting, readyAt);
    waiting.delete(next);
    ends.set(next, free.take(readyAt(next), lengths[next] ?? 0));
  }
  return Math.max(0, ...ends.values());
}

function firstReady(waiting: ReadonlySet<number>, readyAt: (at: number) => number): number {
  let best = { at: -1, ready: Infinity };
  for (const at of waiting) {
    const ready = readyAt(at);
    if (best.at < 0 || ready < best.ready) best = { at, ready };
  }
  return best.at;
}

/** Draws of the time for all runs. */
const drawsMax = 100;
/** Records that a draw draws anew. */
const recordsMax = 100;
/** Runs that are placed one by one; what is more goes on at the same pace. */
const placedMax = 1_000;

/** How all runs are done. */
export interface AllRuns extends SumOptions {
  /** Runs at a time, from 1. */
  readonly concurrency: number;
}

/** The percentiles of the time until the last of all runs has ended, when each takes one of these times. Throws without values. */
export function allRunsRange(durations: readonly number[], all: AllRuns): Range {
  if (all.count === 1) return rangeOf(durations);
  return rangeOf(Array.from({ length: drawsMax }, () => drawAllRuns(durations, all)));
}

function drawAllRuns(durations: readonly number[], { count, records, concurrency, chance }: AllRuns): number {
  const seen = drawMany(durations, Math.min(records, recordsMax), chance);
  const placed = placeRuns(seen, { count: Math.min(count, placedMax), concurrency, chance });
  const rest = count - placedMax;
  return rest <= 0
    ? placed
    : placed + drawApproximateSum(seen, (value) => value, { count: rest, chance }) / concurrency;
}

interface Placing {
  readonly count: number;
  readonly concurrency: number;
  readonly chance: Chance;
}

function placeRuns(seen: readonly number[], { count, concurrency, chance }: Placing): number {
  const free = createFreePlaces(concurrency);
  let end = 0;
  for (let run = 0; run < count; run += 1) end = Math.max(end, free.take(0, drawOne(seen, chance)));
  return end;
}

/** Places that are taken one after the other. */
interface FreePlaces {
  /** Takes the place that is free first, not before a time and for so long; answers when that ends. */
  take(from: number, length: number): number;
}

function createFreePlaces(placesMax: number): FreePlaces {
  // A binary heap of the times from which places are free; one that was never taken is free from the beginning and is not in it.
  const freeAt: number[] = [];
  return {
    take: (from, length) => {
      if (freeAt.length < placesMax) {
        freeAt.push(from + length);
        rise(freeAt);
        return from + length;
      }
      const end = Math.max(from, freeAt[0] ?? 0) + length;
      freeAt[0] = end;
      sink(freeAt);
      return end;
    },
  };
}

function rise(heap: number[]): void {
  for (let at = heap.length - 1; at > 0; ) {
    const above = (at - 1) >> 1;
    if (!swapIfLess(heap, at, above)) return;
    at = above;
  }
}

function sink(heap: number[]): void {
  for (let at = 0; ; ) {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    const less = (heap[right] ?? Infinity) < (heap[left] ?? Infinity) ? right : left;
    if (!swapIfLess(heap, less, at)) return;
    at = less;
  }
}

function swapIfLess(heap: number[], below: number, above: number): boolean {
  const [low, high] = [heap[below], heap[above]];
  if (low === undefined || high === undefined || low >= high) return false;
  heap[below] = high;
  heap[above] = low;
  return true;
}
