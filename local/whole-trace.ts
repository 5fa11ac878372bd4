// Reads the trace of one playbook run from the local collector, once all of it has arrived: services send their spans a moment after they end.
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../foundation/fault/fault.ts';
import { spanQueueLimits } from '../foundation/telemetry/span-queue.ts';
import type { TraceSpan } from './traces/trace-span.ts';
import { buildTraceTree } from './traces/trace-tree.ts';

const pollMs = 50;
const arrivalMsMax = 10_000;
// Each service sends at its own moments; two rounds without news mean that all have sent.
const quietMs = 2 * spanQueueLimits.delayMs;

/** Which trace, and where it is kept. */
export interface WholeTraceOptions {
  /** The collector's base URL. */
  readonly tracesUrl: string;
  /** 32 hex digits. */
  readonly traceId: string;
  readonly signal?: AbortSignal;
}

/**
 * The spans by start time: the run's span has ended, every span's parent is there, and nothing came lately. What is not whole after
 * 10 s is answered as it is, so that the caller sees what is missing; Fault `not_found` when nothing has arrived at all.
 */
export async function wholeTrace(options: WholeTraceOptions): Promise<readonly TraceSpan[]> {
  let spans: readonly TraceSpan[] = [];
  let lastNewsMs = 0;
  for (let waitedMs = 0; waitedMs < arrivalMsMax; waitedMs += pollMs) {
    const arrived = await fetchSpans(options);
    if (arrived.length > spans.length) lastNewsMs = waitedMs;
    spans = arrived;
    if (isWhole(spans) && waitedMs - lastNewsMs >= quietMs) return spans;
    await sleep(pollMs, undefined, options.signal ? { signal: options.signal } : {});
  }
  if (spans.length > 0) return spans;
  throw new Fault('not_found', `No span of trace ${options.traceId} has arrived`);
}

async function fetchSpans({ tracesUrl, traceId, signal }: WholeTraceOptions): Promise<readonly TraceSpan[]> {
  const response = await fetch(`${tracesUrl}/traces/${traceId}`, signal ? { signal } : {});
  const body = (await response.json()) as { readonly spans?: readonly TraceSpan[] };
  return body.spans ?? [];
}

function isWhole(spans: readonly TraceSpan[]): boolean {
  const { roots, orphans } = buildTraceTree(spans);
  const hasRun = spans.some(({ name }) => name.startsWith('invoke_workflow'));
  return roots.length === 1 && orphans.length === 0 && hasRun;
}
