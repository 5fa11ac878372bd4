// Spans nest with the work, end with it, and say of an error no more than its closed word.
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { Fault } from '../fault/fault.ts';
import { restoreTrace, storeTrace } from './propagation.ts';
import { errorTypeOf, inSpan, openSpan } from './spans.ts';

const exporter = new InMemorySpanExporter();
const tracer = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }).getTracer(
  'test',
);
const ended = () => exporter.getFinishedSpans();

describe('spans', () => {
  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  });
  beforeEach(() => exporter.reset());

  it('nest across awaits', async () => {
    await inSpan(tracer, 'outer', { kind: 'server', attributes: { size: 3 } }, async () => {
      await Promise.resolve();
      await inSpan(tracer, 'inner', {}, () => Promise.resolve());
    });
    const [inner, outer] = ended();
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    expect(outer).toMatchObject({ name: 'outer', kind: SpanKind.SERVER, attributes: { size: 3 } });
    expect(outer?.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('answer what the work answers', async () => {
    await expect(inSpan(tracer, 'work', {}, async () => 42)).resolves.toBe(42);
  });

  it('carry the reason of a fault and none of its text', async () => {
    const fault = new Fault('permission_denied', 'public-text', { cause: new Error('private-text') });
    const work = inSpan(tracer, 'work', {}, async () => Promise.reject(fault));
    await expect(work).rejects.toBe(fault);
    const [span] = ended();
    expect(span?.attributes).toEqual({ 'error.type': 'permission_denied' });
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(span?.events).toEqual([]);
  });

  it('fail when the work throws before it waits', async () => {
    const work = inSpan(tracer, 'work', {}, () => {
      throw new TypeError('private-text');
    });
    await expect(work).rejects.toThrow(TypeError);
    expect(ended()[0]?.attributes).toEqual({ 'error.type': 'TypeError' });
  });

  it('join the trace of a stored execution', async () => {
    const first = openSpan(tracer, 'invoke_workflow intake');
    const stored = storeTrace(first.context);
    await inSpan(tracer, 'invoke_agent locate', { parent: restoreTrace(stored) }, () => undefined);
    first.end();
    const [resumed, workflow] = ended();
    expect(resumed?.spanContext().traceId).toBe(workflow?.spanContext().traceId);
    expect(resumed?.parentSpanContext?.spanId).toBe(workflow?.spanContext().spanId);
  });

  it('end once, at the time that is given', () => {
    const span = openSpan(tracer, 'stream', { startTimeMs: 1_000 });
    span.end(undefined, 3_500);
    span.end(new Error('late'));
    expect(ended()).toHaveLength(1);
    expect(ended()[0]?.duration).toEqual([2, 500_000_000]);
    expect(ended()[0]?.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('are active only inside run', () => {
    const span = openSpan(tracer, 'stream');
    expect(trace.getActiveSpan()).toBeUndefined();
    expect(span.run(() => trace.getActiveSpan()?.spanContext().spanId)).toBe(
      trace.getSpanContext(span.context)?.spanId,
    );
    span.end();
  });

  it.each([
    [AbortSignal.abort().reason, 'cancelled'],
    [new DOMException('late', 'TimeoutError'), 'deadline_exceeded'],
    [new RangeError('x'), 'RangeError'],
    ['text', 'internal'],
  ])('name the error %s by the word %s', (error, word) => {
    expect(errorTypeOf(error)).toBe(word);
  });
});
