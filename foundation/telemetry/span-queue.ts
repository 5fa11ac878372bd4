// Ended spans on their way out of the process. Bringing a span into the form of the collector takes longer than recording it, so that is done
// while the process waits for something else, a few spans at a time: what is waited for does not wait for its telemetry. The processor of the SDK
// does it at once and for a whole batch, which cost the engine a tenth of what it can do.
import { context as contextApi, ROOT_CONTEXT } from '@opentelemetry/api';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Log } from './log.ts';
import type { RecordedSpan } from './recorded-span.ts';

/** How much waits, and for how long. */
export interface SpanQueueLimits {
  /** A span leaves at the latest this long after its end, in milliseconds, unless the collector is slower than spans come. */
  readonly delayMs: number;
  /** Spans that wait; more are lost. */
  readonly waitingMax: number;
  /** Spans that are brought into form at once while the collector keeps up. They leave as soon as there are as many. */
  readonly sliceSpans: number;
  /** Spans of one request to the collector. When as many wait, they leave although the process is busy. */
  readonly requestSpansMax: number;
  /** Requests under way at the same time. */
  readonly requestsMax: number;
}

/** Limits of one process. */
export const spanQueueLimits: SpanQueueLimits = {
  delayMs: 250,
  waitingMax: 16_384,
  sliceSpans: 128,
  requestSpansMax: 1_024,
  requestsMax: 8,
};

/** What a queue is made from. */
export interface SpanQueueOptions {
  /** Its errors are its own: it tells them where they are wanted. */
  readonly exporter: SpanExporter;
  readonly log: Log;
  readonly limits?: SpanQueueLimits;
  /** Milliseconds since any moment. */
  readonly monotonicMs?: () => number;
}

/** Spans that wait for the collector. */
export interface SpanQueue {
  /** Takes an ended span. After `shutdown` it is forgotten. */
  add(span: RecordedSpan): void;
  /** Sends what waits, and resolves once the collector has answered or cannot be reached. */
  flush(): Promise<void>;
  /** The same, for the last time. */
  shutdown(): Promise<void>;
}

/** A queue that is empty. */
export function createSpanQueue(options: SpanQueueOptions): SpanQueue {
  const { exporter, limits = spanQueueLimits, monotonicMs = () => performance.now() } = options;
  const waiting: RecordedSpan[] = [];
  const requests = new Set<Promise<void>>();
  const losses = createLosses(options.log);
  let timer: NodeJS.Timeout | undefined;
  /** Of those that wait, how many have waited for the whole delay. */
  let due = 0;
  let closed = false;

  const send = (spansMax: number): void => {
    const spans = waiting.splice(0, spansMax);
    due = Math.max(0, due - spans.length);
    if (waiting.length === 0) losses.end();
    const request = exported(exporter, spans).then(() => {
      requests.delete(request);
      sending.wake();
    });
    requests.add(request);
  };
  const sending = createIdleTurns({
    isWanted: () => (due > 0 || waiting.length >= limits.sliceSpans) && requests.size < limits.requestsMax,
    isPressing: () => waiting.length >= limits.requestSpansMax,
    work: () => send(sizeOf(waiting.length, limits)),
    patienceMs: limits.delayMs,
    monotonicMs,
  });
  const flush = async (): Promise<void> => {
    while (waiting.length > 0) send(limits.requestSpansMax);
    await Promise.all(requests);
  };
  return {
    add(span) {
      if (closed) return;
      sending.noteBusy();
      if (waiting.length >= limits.waitingMax) return losses.add();
      waiting.push(span);
      timer ??= setTimeout(() => {
        timer = undefined;
        due = waiting.length;
        sending.wake();
      }, limits.delayMs).unref();
      sending.wake();
    },
    flush,
    async shutdown() {
      closed = true;
      clearTimeout(timer);
      await flush();
      // What was on its way has been answered; that nothing can be closed is no fault of whoever stops.
      await exporter.shutdown().catch(() => undefined);
    },
  };
}

interface IdleTurnsOptions {
  readonly isWanted: () => boolean;
  /** Whether it has to be done although the process is busy. */
  readonly isPressing: () => boolean;
  readonly work: () => void;
  /** The longest time between two pieces of work in a process that is busy all the time, in milliseconds. */
  readonly patienceMs: number;
  readonly monotonicMs: () => number;
}

/** Does work in turns of the event loop in which nobody has said that the process is busy: in those it had nothing to do. */
function createIdleTurns({ isWanted, isPressing, work, patienceMs, monotonicMs }: IdleTurnsOptions) {
  let isTurning = false;
  let told = 0;
  let toldBefore = 0;
  let sinceMs = 0;
  const turn = (): void => {
    isTurning = isWanted();
    if (!isTurning) return;
    const nowMs = monotonicMs();
    if (told === toldBefore || isPressing() || nowMs - sinceMs >= patienceMs) {
      sinceMs = nowMs;
      work();
    }
    toldBefore = told;
    setImmediate(turn);
  };
  return {
    noteBusy(): void {
      told += 1;
    },
    /** To be called whenever it may have become wanted. */
    wake(): void {
      if (isTurning || !isWanted()) return;
      isTurning = true;
      sinceMs = monotonicMs();
      setImmediate(turn);
    },
  };
}

/** Resolves when the collector has them, or they are lost: whoever sends spans must not fail with them. */
function exported(exporter: SpanExporter, spans: readonly RecordedSpan[]): Promise<void> {
  const readable = spans.map((span) => span.readable());
  return new Promise((resolve) => {
    // Not in the context of the work whose span was the last to end.
    contextApi.with(ROOT_CONTEXT, () => exporter.export(readable, () => resolve()));
  });
}

/** The more wait, the more leave together, so that a collector that is far away keeps up. */
function sizeOf(waiting: number, { sliceSpans, requestSpansMax, requestsMax }: SpanQueueLimits): number {
  return Math.min(requestSpansMax, Math.max(sliceSpans, Math.ceil(waiting / requestsMax)));
}

/** Says once that spans are lost and once that they are not any more, instead of a line for each. */
function createLosses(log: Log) {
  let lost = 0;
  return {
    add(): void {
      if (lost === 0) log.warn('More spans end than the collector takes: some are lost');
      lost += 1;
    },
    end(): void {
      if (lost > 0)
        log.info({ spans: lost }, 'No span waits for the collector any more; these were lost before');
      lost = 0;
    },
  };
}
