// All attempts of this process, running and recently ended, by their key: the same key is run once. It knows nothing of how agents are run.
import type { Clock } from '../../../foundation/clock.ts';
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import { drainMsDefault } from '../../../foundation/rpc/server.ts';
import { isRefusedForNow } from '../core/invocation-failure.ts';
import {
  bodyOf,
  changedFields,
  type InvocationBody,
  type InvocationKey,
  keyText,
} from '../core/invocation-key.ts';
import type { Message } from '../core/story.ts';
import { uncertainFailure, uncertaintyOf } from '../core/uncertainty.ts';
import type { InvocationMetrics } from './invocation-metrics.ts';
import { createNotices } from './notices.ts';
import type { RecordedEnds } from './recorded-ends.ts';
import type { RunInvocation } from './run-invocation.ts';
import {
  type InvocationAsk,
  type Reading,
  type RunningInvocation,
  startInvocation,
} from './running-invocation.ts';

/** When a caller may try again that was refused since too many attempts run, in milliseconds. */
const roomAfterMs = 1_000;

/** The attempts of this process. */
export interface Invocations {
  /**
   * Joins the attempt of the key, or starts it when it is unknown. Fault `invalid_argument` when the key stands for something else,
   * `resource_exhausted` when too many run, `unavailable` when the process is about to end.
   */
  invoke(ask: InvocationAsk): Reading;
  /** Ends a running attempt as cancelled; says as what it was found. */
  cancel(key: InvocationKey): 'unknown' | 'running' | 'ended';
  /** Lets running attempts end within what is left of the drain time, then ends them as cancelled. Resolves when none runs. */
  close(): Promise<void>;
}

/** What attempts are made of. */
export interface InvocationsOptions {
  readonly run: RunInvocation;
  readonly ends: RecordedEnds;
  readonly metrics: InvocationMetrics;
  /** The most that run at the same time. */
  readonly runningMax: number;
  /** A clock that never goes back. */
  readonly clock: Clock;
  /** From its abort on nothing is started, and the drain time runs. */
  readonly draining: AbortSignal;
  /** Time for running attempts once the process begins to end, in milliseconds [as for calls]. */
  readonly drainMs?: number;
}

/** No attempts yet. Close it. */
export function createInvocations(options: InvocationsOptions): Invocations {
  const { ends, metrics, clock, draining } = options;
  const running = new Map<string, RunningInvocation>();
  let drainedAtMs = clock();
  draining.addEventListener('abort', () => {
    drainedAtMs = clock() + (options.drainMs ?? drainMsDefault);
  });

  function start(key: string, ask: InvocationAsk, body: InvocationBody): RunningInvocation {
    refuseBeyond(options, running.size);
    const uncertainty = uncertaintyOf(ask.invocation, ask.repeated);
    const run = uncertainty === 'final' ? async () => ({ failure: uncertainFailure }) : options.run;
    const onEnd = (messages: readonly Message[]): void => {
      running.delete(key);
      const cost = ask.invocation.runtime === 'builtin' ? 'free' : 'paid';
      if (!isRefusal(messages)) ends.keep(key, { body, messages }, cost);
      metrics.ended(outcomeOf(messages));
      metrics.running(running.size);
    };
    const started = startInvocation({ ask, body, run, clock, onEnd, uncertain: uncertainty === 'told' });
    running.set(key, started);
    metrics.running(running.size);
    return started;
  }
  return {
    invoke: (ask) => {
      const key = keyText(ask.key);
      const body = bodyOf(ask.invocation);
      const current = running.get(key);
      const known = current ?? ends.get(key);
      if (!known) return start(key, ask, body).read(ask.token);
      refuseOther(known.body, body);
      metrics.joined(current ? 'running' : 'ended');
      return 'read' in known ? known.read(ask.token) : readingOf(known.messages);
    },
    cancel: (key) => {
      const text = keyText(key);
      const current = running.get(text);
      current?.stop(new Fault('cancelled', 'The attempt was cancelled'));
      if (current) return 'running';
      return ends.get(text) ? 'ended' : 'unknown';
    },
    close: async () => {
      const left = [...running.values()];
      const ended = Promise.all(left.map((each) => each.ended));
      await settledWithin(ended, drainedAtMs - clock());
      for (const each of left) each.stop(new Fault('cancelled', 'The service is shutting down'));
      await ended;
    },
  };
}

function refuseBeyond({ draining, runningMax }: InvocationsOptions, running: number): void {
  if (draining.aborted) throw new Fault('unavailable', 'The service is shutting down');
  if (running < runningMax) return;
  throw new Fault('resource_exhausted', `The service runs ${runningMax} agents already; try again later`, {
    retryAfterMs: roomAfterMs,
  });
}

function refuseOther(first: InvocationBody, later: InvocationBody): void {
  const changed = changedFields(first, later);
  if (changed.length > 0) throw invalidArgument(changed);
}

/** An attempt that was refused for now may be invoked anew: its key stands for nothing. */
function isRefusal(messages: readonly Message[]): boolean {
  const last = messages.at(-1);
  return last?.kind === 'end' && 'failure' in last.end && isRefusedForNow(last.end.failure);
}

function outcomeOf(messages: readonly Message[]): string {
  const last = messages.at(-1);
  return last?.kind === 'end' && 'failure' in last.end ? last.end.failure.code : 'result';
}

function readingOf(messages: readonly Message[]): Reading {
  const reader = createNotices<Message>();
  for (const message of messages) reader.add(message);
  reader.close();
  return { [Symbol.asyncIterator]: () => reader[Symbol.asyncIterator](), leave: reader.close };
}

async function settledWithin(work: Promise<unknown>, timeMs: number): Promise<void> {
  const { promise: expired, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.max(0, timeMs));
  await Promise.race([work, expired]);
  clearTimeout(timer);
}
