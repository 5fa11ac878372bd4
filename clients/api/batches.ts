// Many reports over one call: lines go out in requests of as many as the API takes, and the answer for each comes back while others are still
// on their way.
import { apiErrorOf, connectionErrorOf } from './api-error.ts';
import type { Exchange } from './exchange.ts';
import type { BatchLine } from './gen/api-types.ts';
import { bodyOfLines, readJsonLines } from './ndjson.ts';

/** A batch under way. */
export interface Batch {
  readonly exchange: Exchange;
  /** Address of the API without a slash at its end. */
  readonly baseUrl: string;
  /** One JSON document each, without line breaks. */
  readonly lines: AsyncIterable<string> | Iterable<string>;
  /** True stores finished reports without running a playbook. */
  readonly isImport: boolean;
  /** Names the whole: sent again under the same name, no line is taken twice. */
  readonly idempotencyKey: string;
  readonly signal?: AbortSignal | undefined;
}

/** Most lines of one request … */
const linesMax = 1_000;
/** … and most bytes, a little below what the API takes. */
const bytesMax = 32 * 1024 * 1024;

/** Sends all lines and answers for each, in order, counted over all of them. ApiError when a request is refused as a whole; what was answered before it stands. */
export async function* sendBatch(batch: Batch): AsyncGenerator<BatchLine, void> {
  const lines = ahead(batch.lines);
  try {
    let sent = 0;
    for (let part = 1; (await lines.peek()) !== undefined; part += 1) {
      let last = 0;
      for await (const answer of sendPart(batch, partOf(lines), part)) {
        last = answer.line;
        yield { ...answer, line: sent + answer.line };
      }
      sent += last;
    }
  } finally {
    await lines.end();
  }
}

async function* sendPart(
  { exchange, baseUrl, isImport, idempotencyKey, signal }: Batch,
  lines: AsyncIterator<string>,
  part: number,
): AsyncGenerator<BatchLine, void> {
  const url = `${baseUrl}/api/v1/reports/batch${isImport ? '?import=true' : ''}`;
  const headers = { 'content-type': 'application/x-ndjson', 'idempotency-key': `${idempotencyKey}-${part}` };
  const init = { method: 'POST', headers, body: bodyOfLines(lines), duplex: 'half', signal: signal ?? null };
  const response = await exchange(new Request(url, init as RequestInit), { isStreamed: true });
  if (!response.ok || !response.body) throw await apiErrorOf(response);
  try {
    for await (const answer of readJsonLines(response.body)) yield answer as BatchLine;
  } catch (error) {
    signal?.throwIfAborted();
    throw connectionErrorOf(url, error);
  }
}

interface LinesAhead {
  /** The next line, which stays; undefined after the last one. */
  peek(): Promise<string | undefined>;
  /** Takes the next line away. */
  drop(): void;
  end(): Promise<void>;
}

function ahead(lines: Batch['lines']): LinesAhead {
  const source = Symbol.asyncIterator in lines ? lines[Symbol.asyncIterator]() : lines[Symbol.iterator]();
  let next: Promise<string | undefined> | undefined;
  return {
    peek() {
      next ??= Promise.resolve(source.next()).then(({ done, value }) => (done ? undefined : value));
      return next;
    },
    drop() {
      next = undefined;
    },
    async end() {
      await source.return?.();
    },
  };
}

async function* partOf(lines: LinesAhead): AsyncGenerator<string, void> {
  let bytes = 0;
  for (let count = 0; count < linesMax; count += 1) {
    const line = await lines.peek();
    if (line === undefined) return;
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > bytesMax && count > 0) return;
    lines.drop();
    yield line;
  }
}
