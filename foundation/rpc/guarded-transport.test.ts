// A neighbour behind its breaker, over a transport that answers as the test says: what opens it, and how streams count.
import { create, type DescMessage, type DescMethodStreaming } from '@bufbuild/protobuf';
import { Code, ConnectError, type StreamResponse } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import {
  Health,
  HealthCheckResponseSchema,
  HealthCheckResponse_ServingStatus as ServingStatus,
} from '../../proto/gen/grpc/health/v1/health_pb.js';
import { createBreakerBoard } from '../breaker/breaker-board.ts';
import { Fault, type FaultReason } from '../fault/fault.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import type { ClosableTransport } from './balanced-transport.ts';
import { guardNeighbour } from './guarded-transport.ts';
import { createMeshClient } from './mesh-client.ts';

/** How a call ends: an answer, or an error, for a stream before its headers or after them. */
type Ends = { readonly opening?: Error; readonly reading?: Error; readonly messages?: number };

function setUp() {
  const time = { nowMs: 0 };
  const next: { ends: Ends; calls: number } = { ends: {}, calls: 0 };
  const log = { info: () => undefined, warn: () => undefined };
  const metrics = createMetrics({ processMetrics: false });
  const board = createBreakerBoard({ metrics, log, nowMs: () => time.nowMs });
  const client = createMeshClient(Health, guardNeighbour('shop', transportOf(next), board));
  const mode = () => board.states()[0]?.mode;
  const check = () => client.check({}, { timeoutMs: 1_000 }).catch((error: unknown) => error);
  const watch = async () => {
    try {
      for await (const { status } of client.watch({}, { timeoutMs: 1_000 })) return status;
      return 'ended';
    } catch (error) {
      return error;
    }
  };
  const ending = async (ends: Ends, call: () => Promise<unknown>, times = 1) => {
    next.ends = ends;
    let last: unknown;
    for (let calls = 0; calls < times; calls += 1) last = await call();
    return last;
  };
  return { ending, check, watch, mode, next, time };
}

function transportOf(next: { ends: Ends; calls: number }): ClosableTransport {
  const message = create(HealthCheckResponseSchema, { status: ServingStatus.SERVING });
  const answer = { header: new Headers(), trailer: new Headers(), service: Health };
  return {
    unary: (async (method: never) => {
      next.calls += 1;
      if (next.ends.opening) throw next.ends.opening;
      return { ...answer, stream: false, method, message };
    }) as unknown as ClosableTransport['unary'],
    stream: (async (method: DescMethodStreaming<DescMessage, DescMessage>) => {
      next.calls += 1;
      const { opening, reading, messages = 1 } = next.ends;
      if (opening) throw opening;
      const read = async function* () {
        for (let told = 0; told < messages; told += 1) yield message;
        if (reading) throw reading;
      };
      return { ...answer, stream: true, method, message: read() } as StreamResponse<DescMessage, DescMessage>;
    }) as unknown as ClosableTransport['stream'],
    close: () => undefined,
  };
}

const away = new Fault('unavailable', 'It is away');

describe('a neighbour', () => {
  it('that failed five times in a row is left alone for two seconds, and then tried', async () => {
    const { ending, check, mode, next, time } = setUp();
    expect(await ending({ opening: away }, check, 5)).toBe(away);
    const refused = await ending({}, check);
    expect(refused).toMatchObject({ reason: 'unavailable', retryAfterMs: 2_000 });
    expect([next.calls, mode()]).toEqual([5, 'open']);
    time.nowMs = 2_000;
    expect(await ending({}, check, 3)).toMatchObject({ status: ServingStatus.SERVING });
    expect(mode()).toBe('closed');
  });

  it.each<[FaultReason, string]>([
    ['unavailable', 'open'],
    ['deadline_exceeded', 'open'],
    ['internal', 'open'],
    ['resource_exhausted', 'closed'],
    ['not_found', 'closed'],
    ['aborted', 'closed'],
    ['cancelled', 'closed'],
  ])('that answers %s is %s afterwards', async (reason, mode) => {
    const stage = setUp();
    await stage.ending({ opening: new Fault(reason, 'No') }, stage.check, 5);
    expect(stage.mode()).toBe(mode);
  });

  it('of an earlier release may not know a method', async () => {
    const { ending, check, mode } = setUp();
    const cause = new ConnectError('unknown', Code.Unimplemented);
    await ending({ opening: new Fault('internal', 'No', { cause }) }, check, 9);
    expect(mode()).toBe('closed');
  });
});

describe('a stream', () => {
  it.each<[string, Ends, string]>([
    ['that cannot be opened', { opening: away }, 'open'],
    ['that fails before its first message', { messages: 0, reading: away }, 'open'],
    [
      'that brought nothing in its time',
      { messages: 0, reading: new Fault('deadline_exceeded', 'Time') },
      'closed',
    ],
    ['that ends without a message', { messages: 0 }, 'closed'],
    ['that is left after its first message', { reading: away }, 'closed'],
  ])('%s leaves it as it should', async (_what, ends, mode) => {
    const stage = setUp();
    await stage.ending(ends, stage.watch, 5);
    expect(stage.mode()).toBe(mode);
  });

  it('is refused while it is open, and closes it by its first messages', async () => {
    const { ending, watch, mode, time, next } = setUp();
    await ending({ opening: away }, watch, 5);
    expect(await ending({}, watch)).toMatchObject({ reason: 'unavailable' });
    expect(next.calls).toBe(5);
    time.nowMs = 2_000;
    expect(await ending({}, watch, 3)).toBe(ServingStatus.SERVING);
    expect(mode()).toBe('closed');
  });
});
