// A span that is being recorded, whether its trace is sampled or not. It takes what it is given as it is; only one that leaves is brought into the
// form of exporters and into bounds, then and not while the work that it describes is done. A class, as spans are made by the ten thousand a
// second. It takes no events: nobody here records any.
import {
  type Attributes,
  type AttributeValue,
  type HrTime,
  type Link,
  type Span,
  type SpanContext,
  type SpanKind,
  type SpanStatus,
  SpanStatusCode,
  TraceFlags,
} from '@opentelemetry/api';
import { hrTimeDuration, type InstrumentationScope, timeInputToHrTime } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { Attribute } from './names.ts';
import { spanNowMs } from './span-clock.ts';

/** What all such spans of a service share. */
export interface RecordedSpanHome {
  readonly resource: Resource;
  readonly scope: InstrumentationScope;
  /** Characters kept of one attribute value. */
  readonly attributeCharactersMax: number;
  /** Called once, when the span has ended. */
  readonly ended: (span: RecordedSpan) => void;
}

/** A trace that is not sampled, with spans that have not ended here. */
export interface OpenTrace {
  readonly traceId: string;
  /** Spans that have begun and not ended. */
  open: number;
  readonly ended: RecordedSpan[];
  /** Whether its spans are told. */
  failed: boolean;
  /** True once it is over here, or there was no room for it: nothing waits with it any more. */
  forgotten: boolean;
}

/** How a span begins. */
export interface RecordedSpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  readonly context: SpanContext;
  readonly parent: SpanContext | undefined;
  /** What it waits with; absent when its trace is sampled. */
  readonly trace: OpenTrace | undefined;
  /** Not copied: they must stay as they are. */
  readonly attributes: Attributes;
  readonly links: readonly Link[];
  /** Milliseconds since the Unix epoch, with a fraction. */
  readonly startMs: number;
}

/** See the head of this file. */
export class RecordedSpan implements Span {
  readonly start: RecordedSpanStart;
  status: SpanStatus = unset;
  readonly #home: RecordedSpanHome;
  #name: string;
  /** Those that were set after the start. */
  #later: Attributes | undefined;
  #endMs: number | undefined;

  constructor(home: RecordedSpanHome, start: RecordedSpanStart) {
    this.#home = home;
    this.#name = start.name;
    this.start = start;
  }

  /** The value that it has now. */
  attribute(key: string): AttributeValue | undefined {
    return this.#later?.[key] ?? this.start.attributes[key];
  }

  spanContext(): SpanContext {
    return this.start.context;
  }

  setAttribute(key: string, value: AttributeValue): this {
    if (this.#endMs !== undefined) return this;
    this.#later ??= {};
    this.#later[key] = value;
    return this;
  }

  setAttributes(attributes: Attributes): this {
    if (this.#endMs === undefined) this.#later = { ...this.#later, ...attributes };
    return this;
  }

  addEvent(): this {
    return this;
  }

  addLink(): this {
    return this;
  }

  addLinks(): this {
    return this;
  }

  setStatus(status: SpanStatus): this {
    if (this.#endMs === undefined) this.status = status;
    return this;
  }

  updateName(name: string): this {
    if (this.#endMs === undefined) this.#name = name;
    return this;
  }

  recordException(): void {}

  isRecording(): boolean {
    return this.#endMs === undefined;
  }

  end(endTime?: Parameters<Span['end']>[0]): void {
    if (this.#endMs !== undefined) return;
    const endMs = endTime === undefined ? spanNowMs() : msOf(timeInputToHrTime(endTime));
    this.#endMs = Math.max(this.start.startMs, endMs);
    this.#home.ended(this);
  }

  /** The span as exporters read it: one of a trace that is not sampled under the flags that they ask for, with `domainflow.trace.kept`. */
  readable(): ReadableSpan {
    const { kind, context, parent, links, startMs, trace } = this.start;
    const startTime = hrTimeOf(startMs);
    const endTime = hrTimeOf(this.#endMs ?? startMs);
    const told = trace ? { ...context, traceFlags: TraceFlags.SAMPLED } : context;
    const readable = {
      name: this.#name,
      kind,
      spanContext: () => told,
      startTime,
      endTime,
      status: this.status,
      attributes: this.#bounded(),
      links: [...links],
      events: [],
      duration: hrTimeDuration(startTime, endTime),
      ended: true,
      resource: this.#home.resource,
      instrumentationScope: this.#home.scope,
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    };
    return parent ? Object.assign(readable, { parentSpanContext: parent }) : readable;
  }

  #bounded(): Attributes {
    const { attributeCharactersMax: charactersMax } = this.#home;
    const bounded: Attributes = {};
    for (const given of [this.start.attributes, this.#later ?? noAttributes])
      for (const [key, value] of Object.entries(given))
        if (value !== undefined) bounded[key] = cut(value, charactersMax);
    if (this.start.trace) bounded[Attribute.traceKept] = 'error';
    return bounded;
  }
}

/** Of a span that is given none. */
export const noAttributes: Attributes = Object.freeze({});

const unset: SpanStatus = Object.freeze({ code: SpanStatusCode.UNSET });

function cut(value: AttributeValue, charactersMax: number): AttributeValue {
  if (typeof value === 'string') return value.length > charactersMax ? value.slice(0, charactersMax) : value;
  if (!Array.isArray(value)) return value;
  return value.map((part) =>
    typeof part === 'string' ? part.slice(0, charactersMax) : part,
  ) as AttributeValue;
}

/** Milliseconds since the Unix epoch, with a fraction, of what a tracer is given. */
export function msOf([seconds, nanoseconds]: HrTime): number {
  return seconds * 1_000 + nanoseconds / 1e6;
}

function hrTimeOf(ms: number): HrTime {
  return [Math.floor(ms / 1_000), Math.round((ms % 1_000) * 1e6)];
}
