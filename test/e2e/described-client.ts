// Clients of a mesh whose answers are held against the description of the API: what a real mesh answers is what clients are told. One is the typed
// client; the other is the door for what its types forbid, such as wrong input.
import { type ApiClient, createClient } from '../../clients/api/api-client.ts';
import { type AnswerCheck, createAnswerCheck } from '../../gateway/http/check-answer.for-test.ts';
import { createRawClient, type RawClient } from './raw-client.ts';

/** Where a mesh is, and as whom. */
export interface Caller {
  readonly gatewayUrl: string;
  readonly token: string;
}

/** Clients that throw where an answer is not as described. Paths that are not described are left alone. */
export interface DescribedClients {
  typed(caller: Caller): ApiClient;
  raw(caller: Caller): RawClient;
}

/** Clients of a gateway, by the description that it serves. */
export async function readDescribedClients(gatewayUrl: string): Promise<DescribedClients> {
  const response = await fetch(`${gatewayUrl}/api/v1/openapi.json`);
  const check = createAnswerCheck((await response.json()) as Readonly<Record<string, unknown>>);
  const checkedFetch = async (request: Request) => checkedAnswer(check, request, await fetch(request));
  return {
    typed: ({ gatewayUrl: baseUrl, token }) =>
      createClient({ baseUrl, credential: token, retriesMax: 0, fetch: checkedFetch }),
    raw: (caller) => createRawClient({ ...caller, fetch: checkedFetch }),
  };
}

/** The answer, whose body breaks off with what is wrong with it. A stream of events has no end at which it could be judged. */
function checkedAnswer(check: AnswerCheck, { method, url }: Request, response: Response): Response {
  const { status, headers, body } = response;
  const mediaType = headers.get('content-type') ?? '';
  if (mediaType.startsWith('text/event-stream')) return response;
  const judge = (text: string): void => {
    const isJson = /[/+]json\b/.test(mediaType);
    const told = text === '' ? null : isJson ? JSON.parse(text) : text;
    const faults = check({ method, path: new URL(url).pathname, status, mediaType, body: told });
    if (faults.length === 0) return;
    throw new Error(`An answer is not as described:\n${faults.join('\n')}\n${text.slice(0, 2_000)}`);
  };
  if (body === null) judge('');
  const checked = new Response(body && ReadableStream.from(judged(body, judge)), response);
  return Object.defineProperty(checked, 'url', { value: response.url });
}

async function* judged(
  body: AsyncIterable<Uint8Array>,
  judge: (text: string) => void,
): AsyncGenerator<Uint8Array, void> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) {
    pieces.push(piece);
    yield piece;
  }
  judge(Buffer.concat(pieces).toString());
}
