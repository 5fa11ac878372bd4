// Where spans are sent and how, by the standard settings of OpenTelemetry. Plain values: nothing is opened here.

/** Forms of OTLP, by the names that `OTEL_EXPORTER_OTLP_PROTOCOL` has for them. */
export const otlpProtocols = ['grpc', 'http/protobuf', 'http/json'] as const;

/** One of them. */
export type OtlpProtocol = (typeof otlpProtocols)[number];

/** A collector. */
export interface OtlpTarget {
  /** Base URL, such as `http://127.0.0.1:4318`; over HTTP `/v1/traces` is added to it. `http:` is sent in the clear, also by gRPC. */
  readonly endpoint: string;
  readonly protocol: OtlpProtocol;
  /** Sent with each request; secrets. Absent means none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** PEM file of the authorities that sign the collector's certificate; absent means those that Node knows. */
  readonly certificateFile?: string | undefined;
}

/** Headers as `OTEL_EXPORTER_OTLP_HEADERS` has them: `name=value,name=value`, percent-encoded. Undefined for text of another form. */
export function otlpHeadersOf(text: string): Readonly<Record<string, string>> | undefined {
  const headers: Record<string, string> = {};
  for (const pair of text.split(',')) {
    if (pair.trim() === '') continue;
    const [, name = '', value = ''] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
    const decoded = decodedText(value);
    if (!isHeaderName(name) || decoded === undefined || !isHeaderValue(decoded)) return undefined;
    headers[name.toLowerCase()] = decoded;
  }
  return headers;
}

function decodedText(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

function isHeaderName(name: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name);
}

function isHeaderValue(value: string): boolean {
  return /^[\x20-\x7e]*$/.test(value);
}
