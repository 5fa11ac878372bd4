// A request whose body is written and whose answer is read bit by bit, at the same time.
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';

/** A request under way. */
export interface StreamedRequest {
  readonly request: ClientRequest;
  /** The answer once its head is there; its body is read by whoever wants it. */
  readonly answer: Promise<IncomingMessage>;
}

/** Opens a request; its body is sent in chunks until it is ended. */
export function openRequest(
  url: string,
  { method, token, contentType }: { method: string; token: string; contentType?: string },
): StreamedRequest {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(contentType === undefined ? {} : { 'content-type': contentType, 'transfer-encoding': 'chunked' }),
  };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const opened = request(url, { method, headers, agent: false }, resolve);
  opened.on('error', reject);
  opened.flushHeaders();
  return { request: opened, answer: promise };
}

/** The lines of an answer as they come. */
export async function* linesOf(answer: IncomingMessage): AsyncGenerator<string> {
  yield* createInterface({ input: answer, crlfDelay: Number.POSITIVE_INFINITY });
}
