// Carries deletions out, turn by turn, until nothing is left of what was deleted. A deletion outlives the process that recorded it: its
// claim runs out, and the next process goes on. It decides nothing: what follows from a turn is core's business.
import type { Tracer } from '@opentelemetry/api';
import { Gauge } from 'prom-client';
import type { Clock } from '../../../foundation/clock.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { repeat } from '../../../foundation/process/repeat.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { Metrics } from '../../../foundation/telemetry/metrics.ts';
import { MetricName, spanName } from '../../../foundation/telemetry/names.ts';
import { restoreTrace } from '../../../foundation/telemetry/propagation.ts';
import { inSpan } from '../../../foundation/telemetry/spans.ts';
import type { DeletionSteps } from '../clients/delete-parts.ts';
import { afterTurn, type ClaimedDeletion, type TurnEnd } from '../core/deletion.ts';
import type { DeletionQueue } from '../store/store.ts';

/** How long a claim holds, in milliseconds: longer than a request and a turn of three steps take together. */
export const deletionLeaseMs = 60_000;
/** How long one call of a deletion may take, in milliseconds. */
export const deletionCallMs = 10_000;

/** How long a step goes on in one turn before another call of it, in milliseconds. */
const stepMs = 5_000;
const lookMs = 1_000;
/** Deletions that one process works on at the same time. */
const turnsMax = 8;
const countMax = 10_000;

/** What carrying out needs. */
export interface DeletionsDeps {
  readonly queue: DeletionQueue;
  readonly steps: DeletionSteps;
  readonly clock: Clock;
  readonly tracer: Tracer;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Carries out deletions. */
export interface Deletions {
  /** Goes on with a deletion that this process has claimed. It may leave that to the next look. */
  goOn(deletion: ClaimedDeletion): void;
  /** Looks for deletions that are due, at once and then every second; answers how to stop. Stopping ends turns under way early. */
  begin(): () => Promise<void>;
}

/** Deletions of one process. */
export function createDeletions(deps: DeletionsDeps): Deletions {
  const { queue, log } = deps;
  const stopping = new AbortController();
  const turns = new Set<Promise<void>>();
  const waiting = waitingGauge(deps.metrics);

  function takeTurn(deletion: ClaimedDeletion): Promise<void> {
    const turn = carryOut(deps, deletion, stopping.signal).finally(() => turns.delete(turn));
    turns.add(turn);
    return turn;
  }

  async function look(): Promise<void> {
    let claimed: ClaimedDeletion[];
    do {
      const free = turnsMax - turns.size;
      claimed = free > 0 ? await queue.claim({ claim: newId(), leaseMs: deletionLeaseMs }, free) : [];
      await Promise.all(claimed.map(takeTurn));
    } while (claimed.length > 0 && !stopping.signal.aborted);
    waiting.set(await queue.count(countMax));
  }

  return {
    goOn(deletion) {
      if (turns.size < turnsMax && !stopping.signal.aborted) void takeTurn(deletion);
      else void putBack(deps, deletion, 'unfinished');
    },
    begin() {
      const stopLooking = repeat({ name: 'deletions', work: look, intervalMs: lookMs, log });
      return async () => {
        stopping.abort();
        await stopLooking();
        await Promise.all(turns);
      };
    },
  };
}

function waitingGauge(metrics: Metrics): Gauge {
  return new Gauge({
    name: MetricName.deletionsWaiting,
    help: 'Deletions of all replicas that are not over yet; counted up to a limit',
    registers: [metrics],
  });
}

/** One turn. It never rejects: what could not even be put back is due again when its claim has run out. */
async function carryOut(deps: DeletionsDeps, deletion: ClaimedDeletion, signal: AbortSignal): Promise<void> {
  const { tracer, log } = deps;
  const { kind, subjectId, trace } = deletion;
  const turn = () => takeSteps(deps, deletion, signal);
  const end = await inSpan(tracer, spanName.deletion(kind), { parent: restoreTrace(trace) }, turn).catch(
    (error: unknown): TurnEnd => {
      if (signal.aborted) return 'unfinished';
      log.warn(
        { err: error, subject_id: subjectId },
        'A deletion could not be carried out and is tried again',
      );
      return 'failed';
    },
  );
  await putBack(deps, deletion, end);
}

// What cannot be removed for now keeps nothing else from going: only before the object itself is gone nothing else is done.
async function takeSteps(
  deps: DeletionsDeps,
  deletion: ClaimedDeletion,
  signal: AbortSignal,
): Promise<TurnEnd> {
  const [takeAway, ...others] = deps.steps[deletion.kind];
  await finishStep(deps, () => takeAway(deletion, { timeoutMs: deletionCallMs, signal }), signal);
  const ends = [];
  for (const step of others) {
    const once = () => step(deletion, { timeoutMs: deletionCallMs, signal });
    ends.push(...(await Promise.allSettled([finishStep(deps, once, signal)])));
  }
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
  return ends.every((end) => end.status === 'fulfilled' && end.value) ? 'passed' : 'unfinished';
}

/** Repeats a step until nothing of it is left, as far as its time goes; answers whether it came so far. */
async function finishStep(
  { clock }: DeletionsDeps,
  once: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<boolean> {
  const endMs = clock() + stepMs;
  while (!signal.aborted && clock() < endMs) if (await once()) return true;
  return false;
}

async function putBack(
  { queue, log }: DeletionsDeps,
  deletion: ClaimedDeletion,
  end: TurnEnd,
): Promise<void> {
  await queue
    .settle(deletion, afterTurn(deletion, end))
    .catch((error: unknown) =>
      log.warn({ err: error, subject_id: deletion.subjectId }, 'A deletion could not be put back'),
    );
}
