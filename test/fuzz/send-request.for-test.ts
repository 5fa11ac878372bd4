// Sends a request byte for byte as it was made, and writes it down as a line for a shell.
import { Agent, request } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';

/** A request that may be wrong in every part. */
export interface FuzzRequest {
  readonly method: string;
  /** With its query, as it goes over the wire. */
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  /** Absent sends none. */
  readonly body?: string | undefined;
}

/** An answer; of a stream that goes on, its head. */
export interface FuzzAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** Longest time for an answer, in milliseconds. */
const answerMsMax = 20_000;

/** Sends requests to one gateway. */
export interface FuzzClient {
  /** Rejects when no whole answer comes in time. */
  send(wanted: FuzzRequest, token: string): Promise<FuzzAnswer>;
  close(): void;
}

/** A client of the gateway at this URL. */
export function createFuzzClient(gatewayUrl: string): FuzzClient {
  const { hostname, port } = new URL(gatewayUrl);
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  return {
    send: ({ method, target, headers, body }, token) => {
      const { promise, resolve, reject } = Promise.withResolvers<FuzzAnswer>();
      const sent = request({ hostname, port, method, path: target, agent, timeout: answerMsMax });
      sent.setHeader('authorization', `Bearer ${token}`);
      for (const [name, value] of headers) sent.setHeader(name, value);
      if (body !== undefined) sent.setHeader('content-length', Buffer.byteLength(body));
      sent.on('timeout', () => sent.destroy(new Error(`No answer within ${answerMsMax} ms`)));
      sent.on('error', reject);
      sent.on('response', (answer) => {
        const { statusCode: status = 0, headers: told } = answer;
        const chunks: Buffer[] = [];
        const end = () => {
          const body = decoded(Buffer.concat(chunks), told['content-encoding']).toString('utf8');
          resolve({ status, headers: told, body });
        };
        if (told['content-type']?.startsWith('text/event-stream')) {
          end();
          answer.on('error', () => undefined).destroy();
          return;
        }
        answer.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        answer.on('end', end);
      });
      sent.end(body);
      return promise;
    },
    close: () => agent.destroy(),
  };
}

function decoded(body: Buffer, coding = 'identity'): Buffer {
  if (body.length === 0 || coding === 'identity') return body;
  if (coding === 'gzip') return gunzipSync(body);
  if (coding === 'br') return brotliDecompressSync(body);
  if (coding === 'zstd') return zstdDecompressSync(body);
  return inflateSync(body);
}

const bodyShownMax = 3_000;

/** The request as a line for a shell, without its credential. */
export function curlLine(gatewayUrl: string, { method, target, headers, body }: FuzzRequest): string {
  const quote = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const parts = headers.flatMap(([name, value]) => ['-H', quote(`${name}: ${value}`)]);
  const data = body === undefined ? [] : ['--data-binary', quote(body.slice(0, bodyShownMax))];
  return ['curl --path-as-is -i -X', method, ...parts, ...data, quote(gatewayUrl + target)].join(' ');
}
