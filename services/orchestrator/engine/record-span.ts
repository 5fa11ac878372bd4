// The recording of a run as its trace shows it. The statement that records it serves other runs too, and is in no trace: what the run sees
// of it is how long it takes.
import type { Tracer } from '@opentelemetry/api';
import { ATTR_DB_SYSTEM_NAME, DB_SYSTEM_NAME_VALUE_POSTGRESQL } from '@opentelemetry/semantic-conventions';
import { openSpan } from '../../../foundation/telemetry/spans.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import type { LiveExecution } from './live-execution.ts';
import { lost } from './start-faults.ts';
import type { StepOptions } from './step.ts';

/** What records the run with its first step, inside a span of its trace. */
export function recording(tracer: Tracer, { span }: LiveExecution, record: ExecutionRecord): StepOptions {
  const attributes = { [ATTR_DB_SYSTEM_NAME]: DB_SYSTEM_NAME_VALUE_POSTGRESQL };
  const start = { kind: 'client', parent: span.context, attributes } as const;
  const recorded = openSpan(tracer, 'orchestrator.record_execution', start);
  return { record, done: () => recorded.end(), lost: () => recorded.end(lost()) };
}
