// The trace of a run whose replica is killed by a real signal: the one that takes over goes on in the same trace, in the same place of it.
import { createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { context, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { startTestDatabases, type TestDatabases } from '../../local/databases/test-databases.ts';
import { pollUntil } from '../../local/demo/demo-run.ts';
import type { TraceSpan } from '../../local/traces/trace-span.ts';
import { ExecutionService } from '../../proto/gen/domainflow/orchestrator/v1/execution_service_pb.js';
import {
  newPerson,
  startTestOrchestrator,
  type TestOrchestrator,
} from '../../services/orchestrator/app.for-test.ts';
import { answerAtOnce } from '../../services/orchestrator/clients/neighbours.for-test.ts';
import { executionIdOf } from '../../services/orchestrator/core/public-id.ts';
import {
  type ReplicaProcess,
  startReplica,
} from '../../services/orchestrator/engine/replica-process.for-test.ts';
import {
  type OtlpReceiver,
  receivedSpans,
  receiveHttp,
  type Taking,
  traceOf,
} from './otlp-receiver.for-test.ts';

const caller = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  traceFlags: TraceFlags.SAMPLED,
};
const into: Taking = { received: [], problems: [] };

let databases: TestDatabases;
let collector: OtlpReceiver;
let app: TestOrchestrator;
let replica: ReplicaProcess | undefined;
beforeAll(async () => {
  [databases, collector] = await Promise.all([startTestDatabases(), receiveHttp(into)]);
  const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  app = await startTestOrchestrator(databases, 'takeover_trace', { settings });
}, 30_000);
afterAll(async () => {
  replica?.end();
  await app?.close();
  await collector?.close();
  await databases?.stop();
});

const named = (spans: readonly TraceSpan[], start: string) =>
  spans.filter(({ name }) => name.startsWith(start));
const sent = (isDone: (spans: readonly TraceSpan[]) => boolean) =>
  pollUntil(async () => traceOf(into, caller.traceId), isDone, AbortSignal.timeout(20_000));
const instanceOf = ({ spanId }: TraceSpan | undefined = {} as TraceSpan) =>
  receivedSpans(into).find(({ span }) => span.spanId === spanId)?.resource['service.instance.id'];

describe('the trace of a run', () => {
  it('goes on where it was begun when the replica is killed and another takes over', async () => {
    const begun = Promise.withResolvers<void>();
    app.neighbours.invoke = async function* (_request, { signal }) {
      begun.resolve();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    };
    replica = await startReplica(app);
    const executions = createClient(ExecutionService, replica.transport);
    const submission = { domainId: 'city', text: 'A pothole on Main Street', source: 'web' };
    const { jobId } = await context.with(trace.setSpanContext(ROOT_CONTEXT, caller), () =>
      executions.startIngestion(submission, app.as(newPerson())),
    );
    await begun.promise;
    const isServed = ({ name, kind }: TraceSpan) => name.endsWith('/StartIngestion') && kind === 'server';
    await sent((spans) => spans.some(isServed));
    app.neighbours.invoke = answerAtOnce;
    await replica.kill();
    await app.watch.seen({ id: executionIdOf(jobId) ?? '' }, 'ended');

    const spans = await sent((all) => named(all, 'invoke_workflow').length > 0);
    expect(into.problems).toEqual([]);
    const served = spans.find(isServed);
    const runs = named(spans, 'invoke_workflow');
    expect(runs).toMatchObject([
      { parentSpanId: served?.spanId, status: 'unset', attributes: { 'domainflow.execution.resumed': true } },
    ]);
    expect(named(spans, 'invoke_agent').map(({ parentSpanId }) => parentSpanId)).toEqual([
      runs[0]?.spanId,
      runs[0]?.spanId,
    ]);
    // What was open in the killed one is lost; whatever the other has told hangs together.
    const ids = new Set(spans.map(({ spanId }) => spanId));
    const survivor = instanceOf(runs[0]);
    expect(survivor).not.toBe(instanceOf(served));
    const told = spans.filter((span) => instanceOf(span) === survivor);
    expect(told.filter(({ parentSpanId }) => !ids.has(parentSpanId ?? ''))).toEqual([]);
    expect(told.length).toBeGreaterThan(3);
  });
});
