// A span as the local trace store keeps, serves and draws it: flat and without tracing-library types.

/** One span of a trace. */
export interface TraceSpan {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  /** Null for a span that began its trace. */
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** `service.name` of the process that made it; `unknown` when it did not say. */
  readonly service: string;
  /** Unix milliseconds with a fraction. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly status: 'unset' | 'ok' | 'error';
}

/** What an attribute can hold here. */
export type AttributeValue = string | number | boolean | null | readonly AttributeValue[];
