// A client of the REST API that holds every answer against the description of the API: what a real mesh answers is what clients are told.
import { type AnswerCheck, createAnswerCheck } from '../../gateway/http/check-answer.for-test.ts';
import type { RestAnswer, RestClient, RestRequest } from '../../local/rest-client.ts';

/** The check of a gateway, by the description that it serves. */
export async function readAnswerCheck(gatewayUrl: string): Promise<AnswerCheck> {
  const response = await fetch(`${gatewayUrl}/api/v1/openapi.json`);
  return createAnswerCheck((await response.json()) as Readonly<Record<string, unknown>>);
}

/** The client, which throws where an answer is not as described. Paths that are not described are left alone. */
export function describedClient(client: RestClient, check: AnswerCheck): RestClient {
  const send = async <T>(method: string, path: string, request?: RestRequest): Promise<RestAnswer<T>> => {
    const answer = await client.send<T>(method, path, request);
    const { status, headers, body } = answer;
    const { pathname } = new URL(path, 'http://gateway');
    const mediaType = headers.get('content-type') ?? '';
    const faults = check({ method, path: pathname, status, mediaType, body: body ?? null });
    if (faults.length === 0) return answer;
    throw new Error(
      `An answer is not as described:\n${faults.join('\n')}\n${JSON.stringify(body)?.slice(0, 2_000)}`,
    );
  };
  return {
    send,
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, { body }),
    put: (path, body) => send('PUT', path, { body }),
    delete: (path) => send('DELETE', path),
  };
}
