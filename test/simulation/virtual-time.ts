// Time that passes only when something happens. Everything that happens belongs to a process or to the world outside; what belongs to a
// dead process never happens, and what belongs to a frozen one happens when it goes on. Timers of the code under test run on it too.
import { nextTick } from 'node:process';
import type { Random } from './random.ts';

/** A process of the simulated system. */
export interface Process {
  readonly name: string;
  isDead: boolean;
  isFrozen: boolean;
}

/** Something that will happen. */
export interface Happening {
  readonly process: Process | undefined;
  readonly act: () => void;
  /** Milliseconds since the history began. */
  atMs: number;
  /** Of what happens at the same time, the lower comes first. */
  order: number;
  isCancelled: boolean;
  /** Does nothing: here every timer keeps time going. */
  unref(): Happening;
}

/** Virtual time. */
export interface VirtualTime {
  /** Milliseconds since the history began. */
  nowMs(): number;
  /** Lets something happen after so many milliseconds, inside a process or, without one, in the world outside. */
  after(delayMs: number, process: Process | undefined, act: () => void): Happening;
  /** Lets what a frozen process has missed happen now, in its order. */
  thaw(process: Process): void;
  /** Goes on until the test says so or nothing is left to happen. What is thrown inside is thrown on. */
  run(isOver: () => boolean): Promise<void>;
  /** The process that is running now. */
  current(): Process | undefined;
}

/** The date at which every history begins, in milliseconds since the Unix epoch. */
export const epochMs = Date.UTC(2026, 2, 1, 12);

/** Time at its beginning. */
export function createVirtualTime(): VirtualTime {
  const queue = createQueue();
  const missed = new Map<Process, Happening[]>();
  let nowMs = 0;
  let order = 0;
  let current: Process | undefined;

  function put(happening: Happening, atMs: number): Happening {
    order += 1;
    happening.order = order;
    happening.atMs = atMs;
    queue.push(happening);
    return happening;
  }

  function after(delayMs: number, process: Process | undefined, act: () => void): Happening {
    const happening: Happening = {
      process,
      act,
      atMs: 0,
      order: 0,
      isCancelled: false,
      unref: () => happening,
    };
    return put(happening, nowMs + Math.max(0, delayMs));
  }

  function isPutOff(happening: Happening): boolean {
    const { process } = happening;
    if (!process?.isFrozen) return false;
    const list = missed.get(process);
    if (list) list.push(happening);
    else missed.set(process, [happening]);
    return true;
  }

  return {
    nowMs: () => nowMs,
    current: () => current,
    after,
    thaw(process) {
      for (const happening of missed.get(process) ?? []) put(happening, nowMs);
      missed.delete(process);
    },
    async run(isOver) {
      for (let next = queue.pop(); next; next = queue.pop()) {
        if (next.isCancelled || next.process?.isDead || isPutOff(next)) continue;
        nowMs = next.atMs;
        current = next.process;
        next.act();
        await settled();
        if (isOver()) return;
      }
    },
  };
}

/** Resolves when every promise that can go on has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => nextTick(resolve));
}

interface Queue {
  push(happening: Happening): void;
  pop(): Happening | undefined;
}

function isBefore(one: Happening, other: Happening): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

// A binary heap: what happens first is at its top.
function createQueue(): Queue {
  const heap: Happening[] = [];
  const at = (place: number): Happening => heap[place] as Happening;

  function sink(happening: Happening): void {
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(at(child + 1), at(child))) child += 1;
      if (!isBefore(at(child), happening)) break;
      heap[place] = at(child);
      place = child;
    }
    heap[place] = happening;
  }

  return {
    push(happening) {
      let place = heap.push(happening) - 1;
      while (place > 0) {
        const parent = (place - 1) >> 1;
        if (!isBefore(happening, at(parent))) break;
        heap[place] = at(parent);
        place = parent;
      }
      heap[place] = happening;
    },
    pop() {
      const first = heap[0];
      const last = heap.pop();
      if (last && heap.length > 0) sink(last);
      return first;
    },
  };
}

/** Puts timers, clocks and chance of this realm under the given time until the answer is called. */
export function takeTime(time: () => VirtualTime, random: () => Random): () => void {
  const real = { setTimeout, clearTimeout, setImmediate, performance };
  const { now } = Date;
  const { random: chance } = Math;
  const later = (act: () => void, delayMs = 0): Happening =>
    time().after(Math.ceil(delayMs), time().current(), act);
  const faked = {
    setTimeout: later,
    setImmediate: (act: () => void) => later(act),
    clearTimeout: (timer: Happening | undefined) => {
      if (timer) timer.isCancelled = true;
    },
    performance: { now: () => time().nowMs() },
  };
  for (const [name, value] of Object.entries(faked)) define(name, value);
  Date.now = () => epochMs + time().nowMs();
  Math.random = () => random().next();
  return () => {
    for (const [name, value] of Object.entries(real)) define(name, value);
    Date.now = now;
    Math.random = chance;
  };
}

function define(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
