// A span of a trace that is not sampled: it costs little, since hardly any is ever sent. Attributes are taken as they are given, and brought into
// bounds only when it is. A class, as spans are made by the ten thousand a second. It takes no events: nobody here records any.
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

/** What all such spans of a service share. */
export interface UnsampledSpanHome {
  readonly resource: Resource;
  readonly scope: InstrumentationScope;
  /** Characters kept of one attribute value. */
  readonly attributeCharactersMax: number;
  /** Called once, when the span has ended. */
  readonly ended: (span: UnsampledSpan) => void;
}

/** A trace with spans that have not ended here. */
export interface OpenTrace {
  readonly traceId: string;
  /** Spans that have begun and not ended. */
  open: number;
  readonly ended: UnsampledSpan[];
  /** Whether its spans are told. */
  failed: boolean;
  /** True once it is over here, or there was no room for it: nothing waits with it any more. */
  forgotten: boolean;
}

/** How a span begins. */
export interface UnsampledSpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  readonly context: SpanContext;
  readonly parent: SpanContext | undefined;
  /** What it waits with. */
  readonly trace: OpenTrace;
  /** Not copied: they must stay as they are. */
  readonly attributes: Attributes;
  readonly links: readonly Link[];
  /** Milliseconds since the Unix epoch, with a fraction. */
  readonly startMs: number;
}

/** See the head of this file. */
export class UnsampledSpan implements Span {
  readonly start: UnsampledSpanStart;
  status: SpanStatus = { code: SpanStatusCode.UNSET };
  readonly #home: UnsampledSpanHome;
  #name: string;
  /** Those that were set after the start. */
  #later: Attributes | undefined;
  #endMs: number | undefined;

  constructor(home: UnsampledSpanHome, start: UnsampledSpanStart) {
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
    this.#name = name;
    return this;
  }

  recordException(): void {}

  isRecording(): boolean {
    return this.#endMs === undefined;
  }

  end(endTime?: Parameters<Span['end']>[0]): void {
    if (this.#endMs !== undefined) return;
    this.#endMs = endTime === undefined ? nowMs() : msOf(timeInputToHrTime(endTime));
    this.#home.ended(this);
  }

  /** The span as exporters read it: under the flags that they ask for, with `domainflow.trace.kept`. */
  readable(): ReadableSpan {
    const { kind, context, parent, links, startMs } = this.start;
    const [startTime, endTime] = [hrTimeOf(startMs), hrTimeOf(this.#endMs ?? startMs)];
    const sampled = { ...context, traceFlags: TraceFlags.SAMPLED };
    return {
      ...{ name: this.#name, kind, startTime, endTime, links: [...links], status: this.status },
      ...(parent ? { parentSpanContext: parent } : {}),
      spanContext: () => sampled,
      attributes: { ...this.#bounded(), [Attribute.traceKept]: 'error' },
      duration: hrTimeDuration(startTime, endTime),
      ...{ resource: this.#home.resource, instrumentationScope: this.#home.scope, ended: true, events: [] },
      ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
    };
  }

  #bounded(): Attributes {
    const { attributeCharactersMax } = this.#home;
    const cut = (value: unknown): unknown =>
      typeof value === 'string' ? value.slice(0, attributeCharactersMax) : value;
    const entries = Object.entries({ ...this.start.attributes, ...this.#later }).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.map(cut) : cut(value),
    ]);
    return Object.fromEntries(entries);
  }
}

/** Milliseconds since the Unix epoch, with a fraction. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** The same time of what a tracer is given. */
export function msOf([seconds, nanoseconds]: HrTime): number {
  return seconds * 1_000 + nanoseconds / 1e6;
}

function hrTimeOf(ms: number): HrTime {
  return [Math.floor(ms / 1_000), Math.round((ms % 1_000) * 1e6)];
}
