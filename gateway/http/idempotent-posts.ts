// Carries a POST with an Idempotency-Key out once: the same request of the same user is answered what the first one was. Where a service
// remembers requests in its own transactions, the route says so and this leaves it alone.
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { canonicalJson } from '../../foundation/json/canonical-json.ts';
import type { Log } from '../../foundation/telemetry/log.ts';
import { answerToKeep, type KeptAnswer } from '../core/kept-answer.ts';
import type { AnswerSeal } from './answer-seal.ts';
import { HttpProblem } from './http-problem.ts';
import { idempotencyKey, tellReplayed } from './idempotency-key.ts';
import { claimDecorator, type RequestClaim } from './request-claim.ts';
import './route-config.ts';

/** A request under its name. */
export interface NamedRequest {
  /** SHA-256 of method, target and key, 32 bytes. */
  readonly name: Uint8Array<ArrayBuffer>;
  /** SHA-256 of the body, 32 bytes. */
  readonly bodyHash: Uint8Array<ArrayBuffer>;
}

/** The right to carry a request out, until it is ended, or what was answered before. */
export type NameOutcome =
  | { readonly requestId: string; readonly claim: string }
  | { readonly requestId: string; readonly answer: Uint8Array };

/** Remembers requests with a name, of each user apart. */
export interface RequestNames {
  /** Faults `aborted` while the same is being carried out, `request_reused` for another body. */
  claim(request: FastifyRequest, named: NamedRequest): Promise<NameOutcome>;
  keep(
    request: FastifyRequest,
    ended: EndedClaim & { readonly answer: Uint8Array<ArrayBuffer> },
  ): Promise<void>;
  release(request: FastifyRequest, ended: EndedClaim): Promise<void>;
}

/** Which claim ends. */
export interface EndedClaim {
  readonly name: Uint8Array<ArrayBuffer>;
  readonly claim: string;
}

/** What the hooks need. */
export interface IdempotentPostDeps {
  readonly requestNames: RequestNames;
  readonly answerSeal: AnswerSeal;
  /** 32 bytes that nobody outside can tell, of an id. */
  readonly seedOf: (requestId: string) => Uint8Array<ArrayBuffer>;
  /** Names the caller, so that nobody is told what somebody else was. */
  readonly callerNameOf: (request: FastifyRequest) => string;
  readonly log: Log;
}

interface HeldClaim extends RequestClaim, EndedClaim {}

const namedDecorator = 'named';

/** Makes every POST that is registered on `app` from now on heed its key, after the hooks that are there already. */
export function addIdempotentPosts(app: FastifyInstance, deps: IdempotentPostDeps): void {
  const { requestNames, seedOf } = deps;
  app.decorateRequest(namedDecorator, null);
  app.decorateRequest(claimDecorator, null);
  // Before validation, which drops and adds members.
  app.addHook('preValidation', async (request) => {
    const key = isHeeded(request) ? idempotencyKey(request) : '';
    if (key !== '') request.setDecorator<NamedRequest>(namedDecorator, namedRequest(request, key));
  });
  app.addHook('preHandler', async (request, reply) => {
    const named = request.getDecorator<NamedRequest | null>(namedDecorator);
    if (!named) return undefined;
    const outcome = await requestNames.claim(request, named);
    if ('answer' in outcome) return replay(reply, openedAnswer(request, outcome.answer, deps));
    const { requestId, claim } = outcome;
    const held: HeldClaim = { requestId, claim, name: named.name, seed: seedOf(requestId) };
    request.setDecorator<HeldClaim>(claimDecorator, held);
    return undefined;
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const held = request.getDecorator<HeldClaim | null>(claimDecorator);
    if (held) await endClaim({ request, reply, held, payload }, deps);
    return payload;
  });
}

function isHeeded({ method, routeOptions }: FastifyRequest): boolean {
  return method === 'POST' && routeOptions.config.remembersRequests !== true;
}

// The target with its query: another query is another request.
function namedRequest({ method, url, body }: FastifyRequest, key: string): NamedRequest {
  return { name: sha256(`${method} ${url}\n${key}`), bodyHash: sha256(canonicalJson(body ?? null)) };
}

function sha256(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(text).digest());
}

function ownerOf(request: FastifyRequest, { callerNameOf }: IdempotentPostDeps): string {
  const { name } = request.getDecorator<NamedRequest>(namedDecorator);
  return `${callerNameOf(request)} ${Buffer.from(name).toString('hex')}`;
}

function openedAnswer(request: FastifyRequest, sealed: Uint8Array, deps: IdempotentPostDeps): KeptAnswer {
  const answer = deps.answerSeal.open(sealed, ownerOf(request, deps));
  if (answer) return answer;
  const sentence = 'A request with this Idempotency-Key was done, but its answer can no longer be told';
  throw new HttpProblem(409, sentence);
}

function replay(reply: FastifyReply, { status, headers, body }: KeptAnswer): FastifyReply {
  tellReplayed(reply, true);
  return reply.code(status).headers(headers).send(body);
}

interface Ending {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly held: HeldClaim;
  readonly payload: unknown;
}

// What was done is done: when it cannot be kept, it is answered all the same, and the claim ends by itself.
async function endClaim({ request, reply, held, payload }: Ending, deps: IdempotentPostDeps): Promise<void> {
  const { requestNames, answerSeal, log } = deps;
  const { name, claim } = held;
  const body = typeof payload === 'string' ? payload : '';
  const kept = answerToKeep(reply.statusCode, reply.getHeaders(), body);
  try {
    if (!kept) return await requestNames.release(request, { name, claim });
    const answer = answerSeal.seal(kept, ownerOf(request, deps));
    await requestNames.keep(request, { name, claim, answer });
  } catch (error) {
    log.warn({ err: error, status: reply.statusCode }, 'An answer to a named request could not be kept');
  }
}
