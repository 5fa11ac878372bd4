// What Prometheus sees of attempts as they come and go on this replica: counted where they are written, so that each is counted by one replica.
import { Counter } from 'prom-client';
import { durationHistogram, type Metrics } from '../../../../foundation/telemetry/metrics.ts';
import { MetricName } from '../../../../foundation/telemetry/names.ts';
import type {
  AttemptEnd,
  AttemptEnds,
  DispatchQueue,
  DispatchStore,
  GivenAttempt,
} from '../../store/store.ts';

/** Counts what passes through the ports of dispatch. */
export interface AttemptMetrics {
  /** The same port of requests, counted. */
  ofRequests(dispatch: DispatchStore): DispatchStore;
  /** The same port of the engine, counted. */
  ofEngine(queue: DispatchQueue): DispatchQueue;
}

function createMeasures(metrics: Metrics) {
  const assignments = new Counter({
    name: MetricName.workAssignments,
    help: 'Attempts that workers were given: claimed by those that ask, pushed to those that are called, or by hand',
    labelNames: ['by'],
    registers: [metrics],
  });
  const waits = durationHistogram(
    metrics,
    MetricName.workWait,
    'How long tasks waited from their offer until a worker was given them',
    [],
  );
  const lost = new Counter({
    name: MetricName.workLostAttempts,
    help: 'Attempts and waits that were given up: worker_lost, attempt_timeout, deadline, unheard (who claimed it was gone), or what calling a worker came to',
    labelNames: ['cause'],
    registers: [metrics],
  });
  return { assignments, waits, lost };
}

/** Registers the metrics. */
export function createAttemptMetrics(metrics: Metrics): AttemptMetrics {
  const { assignments, waits, lost } = createMeasures(metrics);
  const gave = (by: 'claim' | 'push' | 'hand', { offeredAtMs, assignedAtMs }: GivenAttempt): void => {
    assignments.inc({ by });
    if (offeredAtMs !== undefined) waits.observe(Math.max(0, assignedAtMs - offeredAtMs) / 1_000);
  };
  const countedEnd = (ends: AttemptEnds) => async (ended: AttemptEnd) => {
    const outcome = await ends.end(ended);
    const { fault } = ended.result;
    if (outcome.type === 'recorded' && ended.isSign === false && fault) lost.inc({ cause: fault.code });
    return outcome;
  };
  return {
    ofRequests: (dispatch) => ({
      ...dispatch,
      end: countedEnd(dispatch),
      async assign(...given) {
        const assigned = await dispatch.assign(...given);
        if (assigned.type === 'assigned') gave('hand', assigned.given);
        return assigned;
      },
      async claim(claim) {
        const claimed = await dispatch.claim(claim);
        // What was assigned by hand before was counted then.
        if (claimed.type === 'given')
          for (const given of claimed.given.filter(({ isNew }) => isNew)) gave('claim', given);
        return claimed;
      },
      async giveBack(...attempts) {
        const returned = await dispatch.giveBack(...attempts);
        lost.inc({ cause: 'unheard' }, returned);
        return returned;
      },
    }),
    ofEngine: (queue) => ({
      ...queue,
      end: countedEnd(queue),
      async assign(...given) {
        const assigned = await queue.assign(...given);
        if (assigned.type === 'assigned') gave('push', assigned.given);
        return assigned;
      },
      async giveUp(...lapsed) {
        const runs = await queue.giveUp(...lapsed);
        for (const { cause } of runs) lost.inc({ cause });
        return runs;
      },
      async loseWorker(...worker) {
        const runs = await queue.loseWorker(...worker);
        if (runs.length > 0) lost.inc({ cause: 'worker_lost' }, runs.length);
        return runs;
      },
    }),
  };
}
