// What one reader has not read yet: in order and bounded, with signs of life while there is nothing. What is in it is not its business.
import { Fault } from '../../../../foundation/fault/fault.ts';

/** Steps that may wait for a reader. */
export const waitingMax = 1_000;
/** What they may weigh together, in characters. */
export const waitingWeightMax = 1_000_000;

/** A queue for one reader. */
export interface WatchQueue<Step> {
  /** Adds a step; beyond the bounds the reader is ended with Fault `resource_exhausted`. */
  push(step: Step, weight: number): void;
  /** Adds a step of what was asked for once nothing waited: no bound counts it. */
  add(step: Step): void;
  /** Ends the reading, after what still waits; a Fault ends it at once. */
  end(fault?: Fault): void;
  /** Resolves once nothing waits, or the reading has ended. */
  drained(): Promise<void>;
  /** To be read once; `alive` comes after each silence. The signal ends it without a fault. */
  read(signal: AbortSignal): AsyncGenerator<Step | 'alive'>;
}

/** How long a queue is silent, and how much may wait. */
export interface WatchQueueOptions {
  /** Between two signs of life, in milliseconds. */
  readonly aliveMs: number;
  /** [1,000] */
  readonly stepsMax?: number;
  /** In characters [1,000,000]. */
  readonly weightMax?: number;
  /** Told once when nothing more is taken, however that came. */
  readonly onEnd?: () => void;
}

interface Waiting<Step> {
  readonly step: Step;
  readonly weight: number;
  /** 1 when the bounds count it, else 0. */
  readonly counted: 0 | 1;
}

interface Queue<Step> {
  readonly options: Required<Omit<WatchQueueOptions, 'onEnd'>> & Pick<WatchQueueOptions, 'onEnd'>;
  waiting: Waiting<Step>[];
  /** Place of the first that waits. */
  at: number;
  /** Steps that the bounds count, and what they weigh. */
  counted: number;
  weight: number;
  ended: { readonly fault: Fault | undefined } | undefined;
  wake: PromiseWithResolvers<void>;
  empty: PromiseWithResolvers<void> | undefined;
}

/** An empty queue. */
export function createWatchQueue<Step>(options: WatchQueueOptions): WatchQueue<Step> {
  const queue: Queue<Step> = {
    options: { stepsMax: waitingMax, weightMax: waitingWeightMax, ...options },
    waiting: [],
    at: 0,
    counted: 0,
    weight: 0,
    ended: undefined,
    wake: Promise.withResolvers(),
    empty: undefined,
  };
  return {
    push: (step, weight) => push(queue, { step, weight, counted: 1 }),
    add: (step) => push(queue, { step, weight: 0, counted: 0 }),
    end: (fault) => end(queue, fault),
    drained() {
      if (queue.ended || queue.at === queue.waiting.length) return Promise.resolve();
      queue.empty ??= Promise.withResolvers();
      return queue.empty.promise;
    },
    read: (signal) => read(queue, signal),
  };
}

function push<Step>(queue: Queue<Step>, next: Waiting<Step>): void {
  const { stepsMax, weightMax } = queue.options;
  if (queue.ended) return;
  const isOver = queue.counted >= stepsMax || queue.weight + next.weight > weightMax;
  if (isOver && next.counted) {
    const sentence = 'The reader is too slow for what happens';
    end(queue, new Fault('resource_exhausted', sentence, { retryAfterMs: 100 }));
    return;
  }
  queue.waiting.push(next);
  queue.counted += next.counted;
  queue.weight += next.weight;
  queue.wake.resolve();
}

function end<Step>(queue: Queue<Step>, fault?: Fault): void {
  if (queue.ended) return;
  queue.ended = { fault };
  if (fault) clear(queue);
  queue.wake.resolve();
  queue.options.onEnd?.();
}

function clear<Step>(queue: Queue<Step>): void {
  queue.waiting = [];
  queue.at = 0;
  queue.counted = 0;
  queue.weight = 0;
  queue.empty?.resolve();
  queue.empty = undefined;
}

function take<Step>(queue: Queue<Step>): Waiting<Step> | undefined {
  const next = queue.waiting[queue.at];
  if (!next) return undefined;
  queue.at += 1;
  queue.counted -= next.counted;
  queue.weight -= next.weight;
  if (queue.at === queue.waiting.length) clear(queue);
  return next;
}

/** Answers whether it was a silence. */
async function untilWoken<Step>(queue: Queue<Step>): Promise<boolean> {
  let isSilence = false;
  const onSilence = (): void => {
    isSilence = true;
    queue.wake.resolve();
  };
  const timer = setTimeout(onSilence, queue.options.aliveMs);
  await queue.wake.promise;
  clearTimeout(timer);
  queue.wake = Promise.withResolvers();
  return isSilence;
}

async function* read<Step>(queue: Queue<Step>, signal: AbortSignal): AsyncGenerator<Step | 'alive'> {
  const ring = (): void => queue.wake.resolve();
  signal.addEventListener('abort', ring, { once: true });
  try {
    while (!signal.aborted) {
      const next = take(queue);
      if (next) {
        yield next.step;
      } else if (queue.ended) {
        if (queue.ended.fault) throw queue.ended.fault;
        return;
      } else if ((await untilWoken(queue)) && !signal.aborted) {
        yield 'alive';
      }
    }
  } finally {
    signal.removeEventListener('abort', ring);
    end(queue);
    clear(queue);
  }
}
