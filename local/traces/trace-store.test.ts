// The store keeps the newest and stays within its limits.
import { describe, expect, it } from '@jest/globals';
import type { TraceSpan } from './trace-span.ts';
import { createTraceStore } from './trace-store.ts';

function span(traceId: string, spanId: string, changes: Partial<TraceSpan> = {}): TraceSpan {
  return {
    traceId,
    spanId,
    parentSpanId: null,
    name: spanId,
    kind: 'internal',
    service: 'agents',
    startMs: 0,
    durationMs: 1,
    attributes: {},
    status: 'unset',
    ...changes,
  };
}

describe('the trace store', () => {
  it('drops the oldest trace beyond the number of traces', () => {
    const store = createTraceStore({ tracesMax: 2, spansPerTraceMax: 10, bytesMax: 1_000_000 });
    for (const id of ['a', 'b', 'c']) store.add([span(id, 's')]);
    expect(store.get('a')).toBeUndefined();
    expect(store.list(10).map(({ traceId }) => traceId)).toEqual(['c', 'b']);
  });

  it('drops the oldest traces beyond the number of bytes and counts bytes back', () => {
    const limits = { tracesMax: 1_000, spansPerTraceMax: 10, bytesMax: 20_000 };
    const store = createTraceStore(limits);
    for (let i = 0; i < 200; i += 1) store.add([span(`t${i}`, 's', { name: 'n'.repeat(100) })]);
    expect(store.bytes()).toBeLessThanOrEqual(limits.bytesMax);
    expect(store.list(1_000).length).toBeGreaterThan(1);
    expect(store.get('t199')).toBeDefined();
    expect(store.get('t0')).toBeUndefined();
  });

  it('keeps the first spans of a trace that is too long and says how many it left out', () => {
    const store = createTraceStore({ tracesMax: 2, spansPerTraceMax: 3, bytesMax: 1_000_000 });
    store.add(['1', '2', '3', '4', '5'].map((id) => span('a', id)));
    expect(store.get('a')).toMatchObject({ droppedSpans: 2 });
    expect(store.get('a')?.spans).toHaveLength(3);
  });

  it('counts a span once however often it arrives', () => {
    const store = createTraceStore();
    store.add([span('a', '1')]);
    const before = store.bytes();
    store.add([span('a', '1')]);
    expect(store.get('a')?.spans).toHaveLength(1);
    expect(store.bytes()).toBe(before);
  });

  it('sums up a trace from its first start to its last end', () => {
    const store = createTraceStore();
    store.add([
      span('a', 'child', { startMs: 110, durationMs: 50, status: 'error' }),
      span('a', 'root', { startMs: 100, durationMs: 20, service: 'gateway' }),
    ]);
    expect(store.list(1)).toEqual([
      {
        traceId: 'a',
        name: 'root',
        service: 'gateway',
        startMs: 100,
        durationMs: 60,
        spanCount: 2,
        errorCount: 1,
      },
    ]);
  });
});
