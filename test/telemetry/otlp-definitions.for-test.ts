// The official protobuf definitions of OTLP, as OpenTelemetry compiled them for its own tests: what has been sent is read by them alone.
import { createRequire } from 'node:module';

/** A request of `TraceService/Export`, as far as tests look at it. Ids are hex digits, times are nanoseconds as text. */
export interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string; readonly version: string };
      readonly spans: readonly ReceivedSpan[];
    }[];
  }[];
}

/** One span of a request. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for one that begins a trace. */
  readonly parentSpanId: string;
  readonly traceState?: string;
  readonly flags: number;
  readonly name: string;
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly KeyValue[];
  readonly status?: { readonly code?: number };
}

/** One attribute. */
export interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface MessageType {
  decode(bytes: Uint8Array): object;
  encode(message: object): { finish(): Uint8Array };
  verify(message: object): string | null;
  toObject(message: object, options: object): unknown;
}

const { opentelemetry } = createRequire(import.meta.url)('otlp-definitions/build/src/generated/root.js');
const messages: Readonly<Record<string, MessageType>> = opentelemetry.proto.collector.trace.v1;
const requestType = messages.ExportTraceServiceRequest as MessageType;
const responseType = messages.ExportTraceServiceResponse as MessageType;

/** Reads a request. Throws for bytes that are none, or that hold a field which the definitions do not know. */
export function readExportRequest(bytes: Uint8Array): ExportRequest {
  const message = requestType.decode(bytes);
  const problem = requestType.verify(message);
  if (problem) throw new Error(`This is no export request: ${problem}`);
  // Unknown fields are passed over when a message is read, so it would be written shorter than it was.
  const written = requestType.encode(message).finish().length;
  if (written !== bytes.length) throw new Error(`${bytes.length - written} bytes are of unknown fields`);
  const plain = requestType.toObject(message, { longs: String, bytes: String, arrays: true });
  return JSON.parse(JSON.stringify(plain), (key, value) =>
    idFields.has(key) && typeof value === 'string' ? Buffer.from(value, 'base64').toString('hex') : value,
  );
}

const idFields = new Set(['traceId', 'spanId', 'parentSpanId']);

/** The answer that says that everything was taken. */
export function exportResponse(): Buffer {
  return Buffer.from(responseType.encode({}).finish());
}

/** A list of attributes as an object of plain values. */
export function plainAttributes(attributes: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
