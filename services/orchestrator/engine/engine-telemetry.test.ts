// What a run leaves in traces and measurements: one trace wherever it is gone on with, and figures of what became durable.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { createMetrics } from '../../../foundation/telemetry/metrics.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { type JournalWatch, watchJournal } from '../store/journal-watch.for-test.ts';
import { openTestStores, type TestStores } from '../store/stores.for-test.ts';
import {
  answered,
  beginTestEngine,
  faulted,
  recordOf,
  type TestEngine,
  type TestEngineOptions,
  untilAborted,
} from './engine.for-test.ts';
import { approvalPlan } from './pinned-plan.for-test.ts';
import { pinPlan } from './pinned-plan.ts';

const trace = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, tracestate: 'vendor=t61rcWkgMzE' };

let databases: TestDatabases;
let stores: TestStores;
let watch: JournalWatch;
const engines: TestEngine[] = [];
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'engine_telemetry');
  watch = await watchJournal(stores.urls.admin);
}, 30_000);
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
});
afterAll(async () => {
  await watch.close();
  await stores.close();
  await databases.stop();
});

function traced() {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const runs = (): ReadableSpan[] =>
    exporter.getFinishedSpans().filter(({ name }) => name.startsWith('invoke_workflow'));
  return { tracer: provider.getTracer('test'), runs };
}

async function begin(options: TestEngineOptions): Promise<TestEngine> {
  const engine = await beginTestEngine(stores.urls, options);
  engines.push(engine);
  return engine;
}

describe('a run', () => {
  it('stays in its trace, with the state of its caller, when another replica goes on with it', async () => {
    const [first, second] = [traced(), traced()];
    const record = recordOf({ one: [] }, {}, { trace });
    const begun = Promise.withResolvers<void>();
    const one = await begin({
      ...{ tracer: first.tracer, replicaName: 'replica-a' },
      invoke: (invocation) => {
        begun.resolve();
        return untilAborted(invocation);
      },
    });
    await one.start(record);
    await begun.promise;
    await one.stop();
    await begin({ tracer: second.tracer, replicaName: 'replica-b', invoke: async () => answered('done') });
    await watch.seen(record, 'ended');
    for (const engine of engines.splice(0)) await engine.close();
    const spans = [first, second].flatMap(({ runs }) => runs());
    expect(spans.map(({ attributes }) => attributes['domainflow.execution.resumed'])).toEqual([false, true]);
    for (const span of spans) {
      expect(span.spanContext().traceId).toBe('a'.repeat(32));
      expect(span.spanContext().traceState?.serialize()).toBe(trace.tracestate);
      expect(span.parentSpanContext?.spanId).toBe('b'.repeat(16));
      expect(span.status.code).toBe(0);
    }
  });

  it('that fails is a failed span, and is counted as what it was', async () => {
    const { tracer, runs } = traced();
    const metrics = createMetrics({ processMetrics: false });
    let attempts = 0;
    const invoke = async () => {
      attempts += 1;
      const code = attempts === 1 ? 'model_error' : 'output_invalid';
      return faulted({ code, message: 'Secret words' });
    };
    const engine = await begin({ tracer, metrics, invoke });
    const record = recordOf({ one: [] }, {}, { trace });
    await engine.start(record);
    await watch.seen(record, 'ended');
    await engine.close();
    const [span] = runs();
    expect(span?.status.code).toBe(2);
    expect(span?.attributes['error.type']).toBe('output_invalid');
    expect(JSON.stringify([span?.attributes, span?.status])).not.toContain('Secret');
    const text = await metrics.metrics();
    const { kind } = record;
    for (const line of [
      `domainflow_execution_duration_seconds_count{kind="${kind}",status="failed"} 1`,
      'domainflow_task_duration_seconds_count{outcome="retried"} 1',
      'domainflow_task_duration_seconds_count{outcome="failed"} 1',
      'domainflow_task_retries_total{cause="model_error"} 1',
      'domainflow_wait_seconds_count{cause="retry"} 1',
      'domainflow_engine_events_total{type="ended"} 1',
      'domainflow_engine_events_total{type="task_started"} 2',
    ])
      expect(text).toContain(line);
  });

  it('that waits for a place or a person is measured for as long as it waited', async () => {
    let aheadMs = 0;
    const metrics = createMetrics({ processMetrics: false });
    const letGo = Promise.withResolvers<void>();
    const engine = await begin({
      ...{ metrics, limits: { invocationsMax: 1 }, clock: () => Date.now() + aheadMs },
      invoke: async () => {
        await letGo.promise;
        return answered('done');
      },
    });
    const [first, second] = [recordOf({ one: [] }), recordOf({ one: [] })];
    for (const record of [first, second]) await engine.start(record);
    await watch.seen(first, 'task_started');
    aheadMs = 5_000;
    letGo.resolve();
    for (const record of [first, second]) await watch.seen(record, 'ended');

    const asking = recordOf({}, {}, { plan: pinPlan(approvalPlan(60)) });
    await engine.start(asking);
    await watch.seen(asking, 'parked');
    aheadMs += 60_000;
    await stores.admin.query('update orchestrator.executions set wake_at = clock_timestamp() where id = $1', [
      asking.id,
    ]);
    await watch.seen(asking, 'ended');
    await engine.close();
    const text = await metrics.metrics();
    const figure = (name: string, cause: string) =>
      Number(new RegExp(`^domainflow_wait_seconds_${name}\\{cause="${cause}"\\} (.*)$`, 'm').exec(text)?.[1]);
    for (const [cause, least] of [
      ['slot', 5],
      ['approval', 60],
    ] as const) {
      expect(figure('count', cause)).toBe(1);
      expect(figure('sum', cause)).toBeGreaterThanOrEqual(least);
      expect(figure('sum', cause)).toBeLessThan(least + 60);
    }
  });
});
