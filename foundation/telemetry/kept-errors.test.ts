// What is kept of traces that are not sampled, and that what waits stays within its limits.

import { describe, expect, it } from '@jest/globals';
import { type Context, context as contextApi, ROOT_CONTEXT } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { InMemorySpanExporter, type ReadableSpan, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';
import { Fault } from '../fault/fault.ts';
import { type KeptErrorsLimits, keepErrors, keptErrorsLimits } from './kept-errors.ts';
import { Attribute } from './names.ts';
import { extractHeaders, injectHeaders } from './propagation.ts';
import type { RecordedSpan } from './recorded-span.ts';
import { createRecordingTracer } from './recording-tracer.ts';
import { type OpenSpan, openSpan, type SpanStart } from './spans.ts';
import { createTelemetry } from './telemetry.ts';
import { untraced } from './untraced.ts';

// Telemetry brings the context manager of the process with it.
createTelemetry({ service: 'test', version: '0', logLevel: 'silent', processMetrics: false });

function start(options: { limits?: Partial<KeptErrorsLimits>; sampleRatio?: number } = {}) {
  const exporter = new InMemorySpanExporter();
  const send = (span: RecordedSpan): void => exporter.export([span.readable()], () => undefined);
  const keeper = keepErrors(send, { ...keptErrorsLimits, ...options.limits });
  const tracer = createRecordingTracer({
    ...{ sampler: new TraceIdRatioBasedSampler(options.sampleRatio ?? 0), send, kept: keeper },
    ...{ resource: resourceFromAttributes({ 'service.name': 'test' }), scope: { name: 'test' } },
    attributeCharactersMax: 20,
  });
  const open = (name: string, parent: Context = ROOT_CONTEXT, more: SpanStart = {}): OpenSpan =>
    openSpan(tracer, name, { parent, ...more });
  const names = (): string[] => exporter.getFinishedSpans().map(({ name }) => name);
  return { exporter, keeper, open, names };
}

const broken = new Fault('internal', 'Broken');

describe('a trace that is not sampled', () => {
  it('leaves nothing behind when it goes well', () => {
    const { open, names, keeper } = start();
    const root = open('root');
    open('child', root.context).end();
    root.end();
    expect(names()).toEqual([]);
    expect(keeper.waiting()).toEqual({ traces: 0, spans: 0 });
  });

  it('is told whole when one of its spans fails, as if it were sampled', () => {
    const { open, names, exporter, keeper } = start();
    const root = open('root');
    open('before', root.context).end();
    open('failing', root.context).end(broken);
    open('after', root.context).end();
    root.end();
    expect(names()).toEqual(['before', 'failing', 'after', 'root']);
    const [first] = exporter.getFinishedSpans();
    expect(first?.spanContext().traceFlags).toBe(1);
    expect(first?.attributes[Attribute.traceKept]).toBe('error');
    expect(first?.resource.attributes).toEqual({ 'service.name': 'test' });
    expect(first?.parentSpanContext?.spanId).toBe(exporter.getFinishedSpans()[3]?.spanContext().spanId);
    expect(keeper.waiting()).toEqual({ traces: 0, spans: 0 });
  });

  it('is told with its times and attributes, cut like those of others', () => {
    const { open, exporter } = start();
    const attributes = { long: 'x'.repeat(30), list: ['y'.repeat(30)], many: 7 };
    const work = open('work', ROOT_CONTEXT, { kind: 'server', attributes, startTimeMs: 1_000_000_000_250 });
    work.end(broken, 1_000_000_000_750);
    work.end();
    expect(exporter.getFinishedSpans()).toMatchObject([
      {
        kind: 1,
        startTime: [1_000_000_000, 250_000_000],
        duration: [0, 500_000_000],
        attributes: { long: 'x'.repeat(20), list: ['y'.repeat(20)], many: 7, 'error.type': 'internal' },
      },
    ]);
  });

  it('tells its neighbours that it is not sampled, also once it has failed', () => {
    const { open } = start();
    const root = open('root');
    open('failing', root.context).end(broken);
    const headers = new Headers();
    injectHeaders(open('next', root.context).context, headers);
    expect(headers.get('traceparent')).toMatch(/-00$/);
  });

  it('is remembered as failed, so that what comes later in this process belongs to it', () => {
    const { open, names } = start();
    const root = open('root');
    root.end(broken);
    open('resumed', root.context).end();
    expect(names()).toEqual(['root', 'resumed']);
  });

  it.each([
    ['a refused call', { reason: 'not_found', isCall: true, kept: false }],
    ['a call that found nobody', { reason: 'unavailable', isCall: true, kept: true }],
    ['work that was not found', { reason: 'not_found', isCall: false, kept: true }],
    ['a caller that left', { reason: 'cancelled', isCall: false, kept: false }],
  ] as const)('has failed or not after %s', (_, { reason, isCall, kept }) => {
    const { open, names } = start();
    const attributes = isCall ? { [Attribute.rpcMethod]: 'a.B/C' } : {};
    open('work', ROOT_CONTEXT, { kind: 'client', attributes }).end(new Fault(reason, 'No'));
    expect(names()).toEqual(kept ? ['work'] : []);
  });

  it('is told once when it is sampled', () => {
    const { open, names, exporter } = start({ sampleRatio: 1 });
    open('work').end(broken);
    expect(names()).toEqual(['work']);
    expect(exporter.getFinishedSpans()[0]?.attributes[Attribute.traceKept]).toBeUndefined();
  });

  it('is not made at all for work that belongs to no trace, here or in a service that it asks', () => {
    const { open, names, keeper } = start();
    const headers = new Headers();
    untraced(() => {
      const asking = open('asking', contextApi.active());
      injectHeaders(asking.context, headers);
      asking.end(broken);
    });
    expect(headers.get('tracestate')).toBe('domainflow=untraced');
    open('asked', extractHeaders(headers)).end(broken);
    expect(names()).toEqual([]);
    expect(keeper.waiting()).toEqual({ traces: 0, spans: 0 });
  });
});

describe('what waits', () => {
  const limits = { tracesMax: 100, spansMax: 250, spansPerTraceMax: 3, failedMax: 5 };

  it('stays within its limits under 10,000 open traces', () => {
    const { open, keeper } = start({ limits });
    let most = { traces: 0, spans: 0 };
    const roots = Array.from({ length: 10_000 }, () => {
      const root = open('root');
      for (let i = 0; i < 5; i += 1) open('child', root.context).end();
      const { traces, spans } = keeper.waiting();
      most = { traces: Math.max(most.traces, traces), spans: Math.max(most.spans, spans) };
      return root;
    });
    expect(most.traces).toBeLessThanOrEqual(limits.tracesMax);
    expect(most.spans).toBeLessThanOrEqual(limits.spansMax);
    expect(most.spans).toBeGreaterThan(limits.spansMax / 2);
    for (const root of roots) root.end();
    expect(keeper.waiting()).toEqual({ traces: 0, spans: 0 });
  });

  it('loses the oldest first, but never the error itself', () => {
    const { open, names } = start({ limits });
    const roots = Array.from({ length: 200 }, (_, at) => {
      const root = open(`root ${at}`);
      open(`child ${at}`, root.context).end();
      return root;
    });
    roots[0]?.end(broken);
    roots[199]?.end(broken);
    expect(names()).toEqual(['root 0', 'child 199', 'root 199']);
  });

  it('is the first spans of a long trace, and every one that fails', () => {
    const { open, exporter } = start({ limits });
    const root = open('root');
    for (let i = 0; i < 5; i += 1) open(`child ${i}`, root.context).end();
    root.end(broken);
    const told = exporter.getFinishedSpans().map(({ name }: ReadableSpan) => name);
    expect(told).toEqual(['child 0', 'child 1', 'child 2', 'root']);
  });
});
