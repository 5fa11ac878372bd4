// A span says what it was given, within bounds, and nothing that comes after its end.
import { describe, expect, it } from '@jest/globals';
import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOffSampler, AlwaysOnSampler } from '@opentelemetry/sdk-trace';
import type { RecordedSpan } from './recorded-span.ts';
import { createRecordingTracer } from './recording-tracer.ts';

function start({ sampled = true, sends = true } = {}) {
  const sent: RecordedSpan[] = [];
  const tracer = createRecordingTracer({
    sampler: sampled ? new AlwaysOnSampler() : new AlwaysOffSampler(),
    send: sends ? (span) => void sent.push(span) : undefined,
    kept: undefined,
    ...{ resource: resourceFromAttributes({ 'service.name': 'test' }), scope: { name: 'test' } },
    attributeCharactersMax: 5,
  });
  return { tracer, readable: () => sent.map((span) => span.readable()) };
}

function remote(traceFlags: number, traceId = 'a'.repeat(32)): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: 'b'.repeat(16), traceFlags, isRemote: true });
}

describe('a recorded span', () => {
  it('says what it was given', () => {
    const { tracer, readable } = start();
    const other = { traceId: 'c'.repeat(32), spanId: 'd'.repeat(16), traceFlags: TraceFlags.NONE };
    const span = tracer.startSpan('work', {
      ...{
        kind: SpanKind.CLIENT,
        attributes: { a: 1, b: 'given', c: undefined },
        startTime: [1, 500_000_000],
      },
      links: [{ context: other }],
    });
    span.setAttribute('b', 'later').setAttributes({ d: ['one', 'another'], e: true });
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.end([3, 250_000_000]);
    const [told] = readable();
    expect(told).toMatchObject({
      ...{ name: 'work', kind: SpanKind.CLIENT, ended: true, status: { code: SpanStatusCode.ERROR } },
      ...{ startTime: [1, 500_000_000], endTime: [3, 250_000_000], duration: [1, 750_000_000] },
      ...{ links: [{ context: other }], resource: { attributes: { 'service.name': 'test' } } },
    });
    expect(told?.attributes).toStrictEqual({ a: 1, b: 'later', d: ['one', 'anoth'], e: true });
    expect(told?.parentSpanContext).toBeUndefined();
  });

  it('takes nothing after its end, and ends once, not before it began', () => {
    const { tracer, readable } = start();
    const span = tracer.startSpan('work', { startTime: [5, 0] });
    span.end([4, 0]);
    span.setAttribute('late', 1).setAttributes({ late: 1 }).updateName('late');
    span.setStatus({ code: SpanStatusCode.ERROR }).end([9, 0]);
    expect(span.isRecording()).toBe(false);
    expect(readable()).toMatchObject([
      {
        name: 'work',
        endTime: [5, 0],
        duration: [0, 0],
        attributes: {},
        status: { code: SpanStatusCode.UNSET },
      },
    ]);
  });
});

describe('a trace', () => {
  it.each([
    { flags: TraceFlags.SAMPLED, sampled: false },
    { flags: TraceFlags.NONE, sampled: true },
  ])('is sampled or not as its caller says (flags $flags)', ({ flags, sampled }) => {
    const { tracer, readable } = start({ sampled });
    const span = tracer.startSpan('work', {}, remote(flags));
    span.end();
    expect(span.spanContext()).toMatchObject({ traceId: 'a'.repeat(32), traceFlags: flags });
    expect(readable().map((told) => told.parentSpanContext?.spanId)).toEqual(flags ? ['b'.repeat(16)] : []);
  });

  it.each([
    { why: 'has no valid caller', options: {}, context: remote(TraceFlags.NONE, '0'.repeat(32)) },
    { why: 'is to be a new one', options: { root: true }, context: remote(TraceFlags.NONE) },
  ])('begins anew when the work $why', ({ options, context }) => {
    const { tracer, readable } = start();
    const span = tracer.startSpan('work', options, context);
    span.end();
    expect(span.spanContext().traceId).not.toMatch(/^(0+|a+)$/);
    expect(readable()).toMatchObject([{ name: 'work' }]);
    expect(readable()[0]?.parentSpanContext).toBeUndefined();
  });

  it('is passed on though nothing is recorded', () => {
    const { tracer } = start({ sends: false });
    const span = tracer.startSpan('work', {}, remote(TraceFlags.SAMPLED));
    expect(span.isRecording()).toBe(false);
    expect(span.spanContext()).toMatchObject({ traceId: 'a'.repeat(32), traceFlags: TraceFlags.SAMPLED });
    expect(span.spanContext().spanId).not.toBe('b'.repeat(16));
  });
});
