// The calls of workers that this replica has under way. Each is an attempt that nobody else calls for as long as its lease is renewed here; whoever
// takes it over calls under the same key and joins it in the agents service, so that a worker is given no attempt twice.
import { hash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { canonicalJson } from '../../../../foundation/json/canonical-json.ts';
import type { JsonObject } from '../../../../foundation/json/json.ts';
import { repeat } from '../../../../foundation/process/repeat.ts';
import type { Log } from '../../../../foundation/telemetry/log.ts';
import { endedByRun } from '../../clients/attempt.ts';
import type { CallWorker, WorkerCallEnd } from '../../clients/call-worker.ts';
import type {
  AttemptKey,
  AttemptResult,
  CalledAttempt,
  CallRun,
  CallStore,
  DispatchQueue,
  ExecutionKey,
} from '../../store/store.ts';

/** How long the calls of a replica that says nothing are its own, in milliseconds. */
export const callLeaseMs = 15_000;
const renewMs = 5_000;
/** Wait before what could not be recorded is tried again, in milliseconds; it doubles up to the longest. */
const againMsFirst = 250;
const againMsMax = 5_000;
/** How much earlier than asked a timer of the agents service may end an attempt, in milliseconds. */
const timerMs = 20;
/** How long the run is waited for that is told of an answer, in milliseconds: it finds it by itself too. */
const deliverMs = 10_000;

/** What the platform says of an attempt that its worker did not answer. */
const platformCodes = new Set([
  ...['worker_lost', 'attempt_timeout', 'dependency_unavailable', 'cancelled', 'uncertain'],
]);

/** What calls are made with. */
export interface PushCallsDeps {
  readonly queue: Pick<DispatchQueue, 'renew' | 'end'>;
  readonly store: CallStore;
  readonly call: CallWorker;
  /** Tells a run that a command waits for it. */
  readonly deliver: (key: ExecutionKey, withinMs: number) => Promise<void>;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly log: Pick<Log, 'warn'>;
  /** Names this replica's leases: a UUID of its own for each start. */
  readonly callerId: string;
  /** The most calls at the same time. */
  readonly callsMax: number;
  /** Told when a call is over, and a place with it. */
  readonly onOver: (tenantId: string) => void;
  /** Between two renewals, in milliseconds [5 s]. */
  readonly renewEveryMs?: number;
}

/** Calls under way. */
export interface PushCalls {
  /** How many more there may be of this tenant; of any tenant where none is named. A tenant has half of all at most. */
  room(tenantId?: string): number;
  /** Begins to call. `repeated`: somebody else has called before, and what came of it is not known. */
  start(given: CalledAttempt, repeated: boolean): void;
  /** Ends the calls for tasks of this run, which nobody wants any more, and their attempts. */
  cancelled(executionId: string): void;
  /** Ends every wait, hands every attempt over to other replicas, and resolves when nothing is under way. */
  close(): Promise<void>;
}

interface Call {
  readonly given: CalledAttempt;
  readonly repeated: boolean;
  readonly ending: AbortController;
}

/** No calls yet. Leases are renewed until it is closed. */
export function createPushCalls(deps: PushCallsDeps): PushCalls {
  const { queue, store, callerId, callsMax, log, onOver, renewEveryMs = renewMs } = deps;
  const calls = new Map<string, Call & { readonly over: Promise<void> }>();
  const ofTenant = createCounts();
  let isClosing = false;

  async function renew(): Promise<void> {
    const before = new Map(calls);
    if (before.size === 0) return;
    const attempts = [...before.values()].map(({ given }) => keyOf(given));
    const held = new Set((await queue.renew({ callerId, leaseMs: callLeaseMs }, attempts)).map(nameOf));
    const lost = attempts.filter((attempt) => !held.has(nameOf(attempt)));
    const others = new Set((await store.takenOver(callerId, lost)).map(nameOf));
    for (const attempt of lost) {
      // Another replica goes on with the attempt; one that nobody wants any more is ended.
      const reason = others.has(nameOf(attempt)) ? 'taken over' : endedByRun;
      before.get(nameOf(attempt))?.ending.abort(reason);
    }
  }

  const stopRenewing = repeat({ name: 'leases of calls', work: renew, intervalMs: renewEveryMs, log });
  return {
    room: (tenantId) => {
      const left = isClosing ? 0 : callsMax - calls.size;
      if (tenantId === undefined) return left;
      return Math.min(left, Math.ceil(callsMax / 2) - ofTenant.of(tenantId));
    },
    start(given, repeated) {
      const { tenantId } = given;
      const name = nameOf(given);
      if (isClosing || calls.has(name)) return;
      const call = { given, repeated, ending: new AbortController() };
      ofTenant.add(tenantId, 1);
      const over = carryOut(deps, call)
        .catch((error: unknown) =>
          log.warn({ err: error, task_id: given.id }, 'A call of a worker was given up'),
        )
        .then(() => {
          calls.delete(name);
          ofTenant.add(tenantId, -1);
          if (!isClosing) onOver(tenantId);
        });
      calls.set(name, { ...call, over });
    },
    cancelled(executionId) {
      for (const { given, ending } of calls.values()) {
        if (given.executionId === executionId) ending.abort(endedByRun);
      }
    },
    async close() {
      isClosing = true;
      await stopRenewing();
      const left = [...calls.values()];
      for (const { ending } of left) ending.abort('closing');
      await Promise.all(left.map(({ over }) => over));
      await store.handBack(callerId);
    },
  };
}

function createCounts() {
  const counts = new Map<string, number>();
  const of = (tenantId: string): number => counts.get(tenantId) ?? 0;
  return {
    of,
    add(tenantId: string, change: 1 | -1): void {
      const now = of(tenantId) + change;
      if (now === 0) counts.delete(tenantId);
      else counts.set(tenantId, now);
    },
  };
}

function keyOf({ tenantId, id, attempt }: AttemptKey): AttemptKey {
  return { tenantId, id, attempt };
}

function nameOf({ tenantId, id, attempt }: AttemptKey): string {
  return `${tenantId} ${id} ${attempt}`;
}

// What cannot be recorded before the lease is over is another replica's to find out: it joins the attempt, which the agents service remembers.
async function carryOut(deps: PushCallsDeps, call: Call): Promise<void> {
  const { store, callerId } = deps;
  const { given, ending } = call;
  const { tenantId, workerId } = given;
  const run = await untilDone(ending.signal, () => store.run({ tenantId, id: given.executionId }));
  if (!run || ending.signal.aborted) return;
  const end = await callUntilBegun(deps, call, run);
  if (!end || ending.signal.aborted) return;
  if ('refusedBy' in end) {
    const refused = { ...keyOf(given), workerId, callerId, retryAfterMs: end.retryAfterMs };
    await untilDone(ending.signal, () => store.refuse(refused));
    return;
  }
  await record(deps, call, end);
}

/** Calls until the attempt has begun, or its time is up, which others see to; undefined then, and when the wait was ended. */
async function callUntilBegun(
  { call: callWorker }: PushCallsDeps,
  { given, repeated, ending }: Call,
  run: CallRun,
): Promise<Exclude<WorkerCallEnd, { readonly refusedBy: 'way' }> | undefined> {
  const { signal } = ending;
  const { id: taskId, attempt, taskType, input, context, failsUncertain } = given;
  const { id, endpoint, protocol } = given.worker;
  if (protocol === 'pull') return undefined; // it asks by itself
  const worker = { id, endpoint, protocol };
  const endMs = performance.now() + timeLeftMs(given);
  while (!signal.aborted && performance.now() < endMs) {
    const timeoutMs = Math.max(1, Math.ceil(endMs - performance.now()));
    const task = { run, taskId, attempt, worker, taskType, input, context, failsUncertain };
    const end = await callWorker({ ...task, timeoutMs, repeated, signal });
    if ('fault' in end && end.fault.code === 'attempt_timeout' && isOver(endMs)) return undefined;
    if (!('refusedBy' in end)) return end;
    if (end.refusedBy === 'breaker') return { ...end, refusedBy: end.refusedBy };
    await delay(end.retryAfterMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** Timers may be a little early. */
function isOver(endMs: number): boolean {
  return performance.now() > endMs - timerMs;
}

/** Both times are the database's, whatever the clock of this replica says. */
function timeLeftMs({ timeoutAtMs, takenAtMs }: CalledAttempt): number {
  return Math.max(1, timeoutAtMs - takenAtMs);
}

async function record(deps: PushCallsDeps, { given, ending }: Call, result: AttemptResult): Promise<void> {
  const { queue, random, deliver, log } = deps;
  const isSign = !platformCodes.has(result.fault?.code ?? '');
  const ended = { ...keyOf(given), result, hash: hashOf(given, result), random: random(), isSign };
  const recorded = await untilDone(ending.signal, () => queue.end(ended));
  if (recorded?.type !== 'recorded') return;
  await deliver(recorded.execution, deliverMs).catch((error: unknown) =>
    log.warn(
      { err: error, task_id: given.id },
      'A run could not be told of an answer and finds it by itself',
    ),
  );
}

function hashOf({ attempt }: AttemptKey, result: AttemptResult): Buffer {
  return hash('sha256', canonicalJson({ attempt, ...result } as unknown as JsonObject), 'buffer');
}

/** Does it again and again until it is done; undefined when the signal was aborted before. */
async function untilDone<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | undefined> {
  for (let waitMs = againMsFirst; !signal.aborted; waitMs = Math.min(2 * waitMs, againMsMax)) {
    try {
      return await work();
    } catch {
      await delay(waitMs, undefined, { signal }).catch(() => undefined); // the pool tells of a database that is away
    }
  }
  return undefined;
}
