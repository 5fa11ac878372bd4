// The attempts of a process without a socket: what is forgotten, who must make room, and how the end of the process is met.
import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../../foundation/telemetry/metrics.ts';
import { invocationForTest } from '../core/invocation.for-test.ts';
import type { Message } from '../core/story.ts';
import { createHeldRuntime } from './held-runtime.for-test.ts';
import { createInvocationMetrics } from './invocation-metrics.ts';
import { createInvocations } from './invocations.ts';
import { createRecordedEnds, endBounds } from './recorded-ends.ts';
import type { RunInvocation } from './run-invocation.ts';
import { attemptMsMax, type InvocationAsk, type Reading, readersMax } from './running-invocation.ts';

const invocation = invocationForTest();
const principal = { tenantId: 'tenant', userId: 'user', username: 'someone', roles: [] };

function askOf(taskId: string): InvocationAsk {
  const key = { tenantId: 'tenant', jobId: 'job', taskId, attempt: 1 };
  return {
    key,
    invocation,
    capability: 'query',
    writeTarget: '',
    token: 'token',
    principal,
    timeoutMs: 60_000,
    repeated: false,
  };
}

function start({ drainMs = 0, countMax = 100 } = {}) {
  const held = createHeldRuntime();
  const draining = new AbortController();
  const time = { ms: 0 };
  const clock = () => time.ms;
  const options = {
    ...{ runningMax: 100, draining: draining.signal, drainMs, clock },
    ends: createRecordedEnds(clock, { ...endBounds, paid: { ...endBounds.paid, countMax } }),
    metrics: createInvocationMetrics(createMetrics({ processMetrics: false }), 8),
  };
  const invocations = createInvocations({ ...options, run: held.run });
  const running = (run: RunInvocation) => createInvocations({ ...options, run });
  const finish = async (taskId: string) => {
    const at = held.runs.length;
    const reading = invocations.invoke(askOf(taskId));
    held.runs[at]?.answer(taskId);
    return endOf(reading);
  };
  return { held, draining, time, invocations, running, finish };
}

async function endOf(reading: Reading): Promise<unknown> {
  const last: Message | undefined = (await Array.fromAsync(reading)).at(-1);
  return last?.kind === 'end' ? last.end : last;
}

describe('attempts', () => {
  it('run again once their end is forgotten, and those that run are never forgotten', async () => {
    const { held, invocations, finish } = start({ countMax: 1 });
    const long = invocations.invoke(askOf('long'));
    for (const taskId of ['a', 'b']) await finish(taskId);
    await finish('b');
    expect(held.runs).toHaveLength(3);
    await finish('a');
    expect(held.runs).toHaveLength(4);
    const joined = invocations.invoke(askOf('long'));
    held.runs[0]?.answer('done');
    expect(await endOf(joined)).toEqual(await endOf(long));
    expect(held.runs).toHaveLength(4);
  });

  it('have a bounded number of readers, of whom the first one makes room', async () => {
    const { held, invocations } = start();
    const readings = Array.from({ length: readersMax + 1 }, () => invocations.invoke(askOf('a')));
    expect(await Array.fromAsync(readings[0] ?? [])).toEqual([]);
    held.runs[0]?.answer('done');
    for (const reading of readings.slice(1)) expect(await endOf(reading)).toMatchObject({ runtime: 'held' });
  });

  it('leave their neighbours no more time than they have, and no more than any attempt has', () => {
    const { held, time, invocations } = start();
    invocations.invoke({ ...askOf('a'), timeoutMs: attemptMsMax * 2 });
    const options = () => held.runs[0]?.circumstances.callOptions();
    time.ms = attemptMsMax - 3;
    expect(options()).toMatchObject({ timeoutMs: 3 });
    time.ms = attemptMsMax;
    expect(options).toThrow(expect.objectContaining({ reason: 'deadline_exceeded' }));
    held.runs[0]?.answer('done');
  });

  it('fail when their runtime throws', async () => {
    const { running } = start();
    const invocations = running(() => Promise.reject(new Error('broken')));
    expect(await endOf(invocations.invoke(askOf('a')))).toMatchObject({ failure: { code: 'tool_error' } });
  });
});

describe('the end of the process', () => {
  it('refuses new attempts and still lets known ones be joined', async () => {
    const { held, draining, invocations, finish } = start();
    await finish('ended');
    const first = invocations.invoke(askOf('running'));
    draining.abort();
    expect(() => invocations.invoke(askOf('new'))).toThrow(
      expect.objectContaining({ reason: 'unavailable' }),
    );
    expect(await endOf(invocations.invoke(askOf('ended')))).toMatchObject({ runtime: 'held' });
    const joined = invocations.invoke(askOf('running'));
    held.runs[1]?.answer('done');
    expect(await endOf(joined)).toEqual(await endOf(first));
  });

  it('waits for what ends in time', async () => {
    const { held, draining, invocations } = start({ drainMs: 600_000 });
    const reading = invocations.invoke(askOf('a'));
    draining.abort();
    const closed = invocations.close();
    held.runs[0]?.answer('done');
    await closed;
    expect(await endOf(reading)).toMatchObject({ runtime: 'held' });
  });

  it('ends as cancelled what does not, also where the runtime hangs', async () => {
    const { held, draining, invocations } = start();
    const reading = invocations.invoke(askOf('a'));
    draining.abort();
    await invocations.close();
    expect(await endOf(reading)).toMatchObject({ failure: { code: 'cancelled' } });
    expect(held.runs[0]?.circumstances.signal.aborted).toBe(true);
  });
});
