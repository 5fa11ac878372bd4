// The breakers of workers: what opens one, what an attempt is told while it is open, and that others go on.
import { afterEach, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../../foundation/fault/fault.ts';
import { failureOf } from '../../core/invocation-failure.ts';
import type { RunAgent } from '../run-agent.ts';
import { circumstancesOf, httpWorker, openRuntime, saying, workerTask } from './workers.for-test.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function start(answers: Parameters<typeof httpWorker>, ...policy: Parameters<typeof openRuntime>) {
  const [worker, runtime] = [await httpWorker(...answers), openRuntime(...policy)];
  open.push(worker, runtime);
  return { worker, runtime };
}

/** The failure of an attempt as whoever asked for it is told; undefined for one that was answered. */
async function endOf(run: RunAgent, ...task: Parameters<typeof workerTask>) {
  return run(workerTask(...task), circumstancesOf()).then(() => undefined, failureOf);
}

const high = { output: { urgency: 'high' } };
const down = saying('', 500);

describe('the breaker of a worker', () => {
  it('opens after 5 calls in a row that were lost, and tells the attempt how long to wait', async () => {
    const { worker, runtime } = await start([down]);
    expect(await endOf(runtime.run, worker.port)).toMatchObject({ code: 'worker_lost' });
    const refusal = {
      code: 'dependency_unavailable',
      message: 'The worker worker-1 has failed several times in a row and is left alone for a while',
      retryAfterMs: 60_000,
    };
    expect(await endOf(runtime.run, worker.port)).toEqual(refusal);
    runtime.pass(20_000);
    expect(await endOf(runtime.run, worker.port)).toEqual({ ...refusal, retryAfterMs: 40_000 });
    expect(worker.seen).toHaveLength(5);
    expect(await runtime.metrics.metrics()).toContain('domainflow_breaker_state{name="worker:worker-1"} 2');
  });

  it('closes after 3 trials that were answered', async () => {
    const { worker, runtime } = await start([down, down, down, down, down, saying(high)]);
    await endOf(runtime.run, worker.port);
    await endOf(runtime.run, worker.port);
    runtime.pass(60_000);
    for (const mode of [1, 1, 0]) {
      expect(await endOf(runtime.run, worker.port)).toBeUndefined();
      const state = `domainflow_breaker_state{name="worker:worker-1"} ${mode}`;
      expect(await runtime.metrics.metrics()).toContain(state);
    }
  });

  it('closes likewise when the worker says three times that it is well, and opens again when it does not', async () => {
    const { worker, runtime } = await start([down, down, down, down, down, down, saying(high)]);
    await endOf(runtime.run, worker.port);
    await endOf(runtime.run, worker.port);
    const { worker: place } = workerTask(worker.port);
    if (!place) throw new Error('The task has no worker');
    const trial = () =>
      runtime.check({
        ...{ tenantId: 'tenant-1', worker: place, trial: true, signal: new AbortController().signal },
      });
    runtime.pass(59_000);
    expect(await trial()).toEqual({ answered: false, callable: false, retryAfterMs: 1_000 });
    expect(worker.seen).toHaveLength(5);
    runtime.pass(1_000);
    expect(await trial()).toEqual({ answered: false, callable: false, retryAfterMs: 60_000 });
    runtime.pass(60_000);
    expect(await trial()).toEqual({ answered: true, callable: false, retryAfterMs: 1_000 });
    expect(await trial()).toEqual({ answered: true, callable: false, retryAfterMs: 1_000 });
    expect(await trial()).toEqual({ answered: true, callable: true, retryAfterMs: 0 });
    expect(await endOf(runtime.run, worker.port)).toBeUndefined();
  });

  it('is nobody else’s: other workers are called', async () => {
    const { worker, runtime } = await start([down, down, down, down, down, saying(high)]);
    await endOf(runtime.run, worker.port);
    await endOf(runtime.run, worker.port);
    expect(await endOf(runtime.run, worker.port, { workerId: 'worker-2' })).toBeUndefined();
  });

  it.each([
    ['what the worker says of its own work', saying({ error_code: 'tool_error', error_message: 'No' })],
    ['answers that are not valid', saying('high')],
    ['refusals', saying('', 404)],
  ])('does not count %s', async (_name, answer) => {
    const { worker, runtime } = await start([answer]);
    for (let calls = 1; calls <= 6; calls += 1) await endOf(runtime.run, worker.port);
    expect(worker.seen).toHaveLength(6);
  });

  it('counts a worker that took all the time, and not one whose attempt was cancelled', async () => {
    const { worker, runtime } = await start([() => {}]);
    const endWith = async (reason: Fault) => {
      const stopping = new AbortController();
      const circumstances = circumstancesOf(stopping.signal);
      const calls = worker.seen.length;
      const attempt = runtime.run(workerTask(worker.port), circumstances).catch(failureOf);
      await until(() => worker.seen.length > calls);
      stopping.abort(reason);
      return attempt;
    };
    for (let times = 1; times <= 6; times += 1) {
      expect(await endWith(new Fault('cancelled', 'Not wanted'))).toMatchObject({ code: 'cancelled' });
    }
    for (let times = 1; times <= 5; times += 1) {
      expect(await endWith(new Fault('deadline_exceeded', 'Time'))).toMatchObject({
        code: 'attempt_timeout',
      });
    }
    expect(await endOf(runtime.run, worker.port)).toMatchObject({ code: 'dependency_unavailable' });
  });

  it('of a worker that was not called for long is forgotten, with what was measured of it', async () => {
    const { worker, runtime } = await start([saying(high)], { breakersMax: 2 });
    for (const workerId of ['worker-1', 'worker-2', 'worker-1', 'worker-3']) {
      await endOf(runtime.run, worker.port, { workerId });
    }
    const measured = await runtime.metrics.metrics();
    const names = [...measured.matchAll(/breaker_state\{name="([^"]+)"/g)].map(([, name]) => name);
    expect(names).toEqual(['worker:worker-1', 'worker:worker-3']);
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
