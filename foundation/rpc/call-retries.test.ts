// Attempts within the time of one call. With real servers they are tested in test/mesh.
import { describe, expect, it } from '@jest/globals';
import { AgentService } from '../../proto/gen/domainflow/registry/v1/agent_service_pb.js';
import { Fault } from '../fault/fault.ts';
import { toConnectError } from '../fault/fault-wire.ts';
import { withRetries } from './call-retries.ts';
import { connectionError } from './connection-failure.ts';

const method = AgentService.method.getAgent;
const unavailable = connectionError('away', { sent: false });

describe('the attempts of a call', () => {
  it('share its time: each is given what the ones before it left', async () => {
    let now = 5_000;
    const given: number[] = [];
    const attempt = async (remainingMs: number): Promise<never> => {
      given.push(remainingMs);
      now += 4_000.5;
      throw unavailable;
    };
    const call = withRetries({ method, timeoutMs: 10_000, signal: undefined, clock: () => now, attempt });
    await expect(call).rejects.toMatchObject({ reason: 'unavailable' });
    expect(given).toEqual([10_000, 5_999, 1_999]);
  });

  it('are counted from the second on', async () => {
    const counts: unknown[] = [];
    const attempt = async (_: number, retryCount: number | undefined): Promise<string> => {
      counts.push(retryCount);
      if (counts.length < 3) throw unavailable;
      return 'answered';
    };
    const call = { method, timeoutMs: 10_000, signal: undefined, clock: Date.now, attempt };
    expect(await withRetries(call)).toBe('answered');
    expect(counts).toEqual([undefined, 1, 2]);
  });

  it('end while waiting for the next one when the signal is aborted', async () => {
    const later = toConnectError(new Fault('unavailable', 'Later', { retryAfterMs: 60_000 }));
    const leave = new AbortController();
    const attempt = async (): Promise<never> => {
      setImmediate(() => leave.abort());
      throw Object.assign(later, { isWireError: true });
    };
    const call = { method, timeoutMs: 600_000, signal: leave.signal, clock: Date.now, attempt };
    await expect(withRetries(call)).rejects.toMatchObject({ reason: 'cancelled' });
  });

  it('are none without a time, or with none left', async () => {
    const attempt = async (): Promise<never> => {
      throw new Error('attempted');
    };
    const call = { method, signal: undefined, clock: Date.now, attempt };
    for (const timeoutMs of [undefined, Number.NaN, Number.POSITIVE_INFINITY])
      await expect(withRetries({ ...call, timeoutMs })).rejects.toMatchObject({ reason: 'internal' });
    for (const timeoutMs of [0, -1, 0.5])
      await expect(withRetries({ ...call, timeoutMs })).rejects.toMatchObject({
        reason: 'deadline_exceeded',
      });
  });
});
