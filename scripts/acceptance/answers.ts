// What tests ask of an answer beyond the body of a success: the refusal, the status, the head.
import assert from 'node:assert/strict';
import type { HeadOption } from '../../clients/api/api-calls.ts';
import type { ApiClient, RawRequest } from '../../clients/api/api-client.ts';
import { ApiError } from '../../clients/api/api-error.ts';
import type { Problem } from '../../clients/api/gen/api-types.ts';

/** The refusal of a call, which must have this status and the body of a problem; fails when the call is not refused. */
export async function refused(call: Promise<unknown>, status: number): Promise<ApiError> {
  const [outcome] = await Promise.allSettled([call]);
  if (outcome?.status !== 'rejected')
    assert.fail(`The call should have been refused with ${status}, and was not`);
  if (!(outcome.reason instanceof ApiError)) throw outcome.reason;
  assert.equal(outcome.reason.status, status, outcome.reason.message);
  assert.ok(outcome.reason.problem, 'The refusal has not the body of a problem');
  return outcome.reason;
}

/** The body of a success that must have this status. */
export async function succeeded<T>(
  status: number,
  call: (onHead: NonNullable<HeadOption['onHead']>) => Promise<T>,
): Promise<T> {
  let told = 0;
  const body = await call((head) => {
    told = head.status;
  });
  assert.equal(told, status);
  return body;
}

/** An answer to a request that the typed calls do not allow. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed, if it was JSON; the text otherwise. */
  readonly body: Problem & Readonly<Record<string, unknown>>;
}

/** Sends a request as it stands. */
export async function sent(
  client: ApiClient,
  [method, path]: readonly [method: string, path: string],
  request?: RawRequest,
): Promise<RawAnswer> {
  const { status, headers, text } = await client.exchange(method, path, request).then(async (response) => ({
    status: response.status,
    headers: response.headers,
    text: await response.text(),
  }));
  const isJson = /[/+]json\b/.test(headers.get('content-type') ?? '');
  return { status, headers, body: (isJson ? JSON.parse(text) : text) as RawAnswer['body'] };
}

/** Sends what must be refused with this status and a problem whose details name the field; a field that is not given is not looked for. */
export async function refusedRaw(
  client: ApiClient,
  place: readonly [method: string, path: string],
  expected: { readonly status: number; readonly field?: string; readonly body?: unknown },
): Promise<RawAnswer> {
  const answer = await sent(client, place, expected.body === undefined ? {} : { body: expected.body });
  const { status, body } = answer;
  assert.equal(status, expected.status, `${place.join(' ')}: ${JSON.stringify(body).slice(0, 300)}`);
  assert.equal(typeof body.error_code, 'string', `${place.join(' ')} has not the body of a problem`);
  if (expected.field !== undefined) {
    const fields = body.details.map(({ field }) => field);
    const isNamed = fields.some((field) => field.startsWith(expected.field ?? ''));
    assert.ok(isNamed, `${place.join(' ')} names ${fields.join(', ') || 'no field'}, not ${expected.field}`);
  }
  return answer;
}
