// Reads OTLP trace requests in their JSON encoding (opentelemetry-proto 1.x). Spans that cannot be read are left out, not refused.
import type { AttributeValue, TraceSpan } from './trace-span.ts';

/** Attributes kept of one span. */
export const attributesMax = 128;

const kinds: readonly TraceSpan['kind'][] = [
  'internal',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
];
const statuses: readonly TraceSpan['status'][] = ['unset', 'ok', 'error'];

/** Every readable span of an ExportTraceServiceRequest, in its order; an empty list for anything else. */
export function spansOfOtlpJson(body: unknown): TraceSpan[] {
  return listIn(body, 'resourceSpans').flatMap((resourceSpans) => {
    const resource = fieldOf(resourceSpans, 'resource');
    const service = String(attributesOf(resource)['service.name'] ?? 'unknown');
    return listIn(resourceSpans, 'scopeSpans').flatMap((scope) =>
      listIn(scope, 'spans').flatMap((span) => readSpan(span, service) ?? []),
    );
  });
}

function readSpan(span: unknown, service: string): TraceSpan | undefined {
  const traceId = hexId(fieldOf(span, 'traceId'), 32);
  const spanId = hexId(fieldOf(span, 'spanId'), 16);
  const startNs = nanoseconds(fieldOf(span, 'startTimeUnixNano'));
  const endNs = nanoseconds(fieldOf(span, 'endTimeUnixNano'));
  if (!traceId || !spanId || startNs === undefined || endNs === undefined) return undefined;
  return {
    traceId,
    spanId,
    parentSpanId: hexId(fieldOf(span, 'parentSpanId'), 16) ?? null,
    name: String(fieldOf(span, 'name') ?? ''),
    kind: kinds[Number(fieldOf(span, 'kind') ?? 0)] ?? 'internal',
    service,
    startMs: milliseconds(startNs),
    durationMs: milliseconds(endNs > startNs ? endNs - startNs : 0n),
    attributes: attributesOf(span),
    status: statuses[Number(fieldOf(fieldOf(span, 'status'), 'code') ?? 0)] ?? 'unset',
  };
}

function attributesOf(owner: unknown): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  for (const attribute of listIn(owner, 'attributes').slice(0, attributesMax)) {
    const key = fieldOf(attribute, 'key');
    if (typeof key === 'string') attributes[key] = plainValue(fieldOf(attribute, 'value'));
  }
  return attributes;
}

// AnyValue: exactly one of its fields is set; 64-bit integers come as text. Bytes and nested maps are not kept.
function plainValue(value: unknown): AttributeValue {
  for (const field of ['stringValue', 'boolValue', 'doubleValue']) {
    const found = fieldOf(value, field);
    if (typeof found === 'string' || typeof found === 'boolean' || typeof found === 'number') return found;
  }
  const integer = fieldOf(value, 'intValue');
  if (integer !== undefined) return Number(integer);
  const list = fieldOf(value, 'arrayValue');
  return list === undefined ? null : listIn(list, 'values').map(plainValue);
}

function fieldOf(owner: unknown, field: string): unknown {
  return typeof owner === 'object' && owner !== null ? (owner as Record<string, unknown>)[field] : undefined;
}

function listIn(owner: unknown, field: string): readonly unknown[] {
  const list = fieldOf(owner, field);
  return Array.isArray(list) ? list : [];
}

function hexId(value: unknown, digits: number): string | undefined {
  if (typeof value !== 'string' || value.length !== digits || !/^[0-9a-f]+$/i.test(value)) return undefined;
  return value.toLowerCase();
}

function nanoseconds(value: unknown): bigint | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  return typeof value === 'string' && /^\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}

function milliseconds(ns: bigint): number {
  return Number(ns / 1_000n) / 1_000;
}
