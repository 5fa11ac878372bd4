// What a handler knows of its call: the verified identity, the token to pass on and the time left.
import {
  type CallOptions,
  type ContextValues,
  createContextKey,
  createContextValues,
  type HandlerContext,
} from '@connectrpc/connect';
import { Fault, invalidArgument } from '../fault/fault.ts';
import type { Principal } from '../identity/principal.ts';
import { isUuid } from '../ids/ids.ts';

/** The identity of a call together with the token that proves it. */
export interface Caller {
  readonly principal: Principal;
  /** The verified token, passed on as it stands to services that are called on the caller's behalf. */
  readonly token: string;
}

/** Who issued the token of a call, for whom, and the token. */
export interface VerifiedCaller {
  /** The service that issued the token: `gateway`, `orchestrator` or `agents`. */
  readonly service: string;
  /** Undefined when that service speaks for itself. */
  readonly principal: Principal | undefined;
  readonly token: string;
}

/** Where the identity interceptor leaves the caller. */
export const callerKey = createContextKey<VerifiedCaller | undefined>(undefined, { description: 'caller' });

/** Which replica a call should reach: the same key goes to the same replica while the set of replicas stands. */
export const routeKey = createContextKey<string | undefined>(undefined, { description: 'route key' });

/** Names the outside request that a call is part of, if that one may come again: what it has made is then made no second time. */
const requestIdHeader = 'x-request-id';

/** Part of the remaining time that a handler keeps for its own answer, in milliseconds. */
const answerMarginMs = 20;

/** The caller of a handler; Fault `unauthenticated` when no interceptor verified one, or when a service calls for itself. */
export function callerOf(context: HandlerContext): Caller {
  const { principal, token } = verifiedCallerOf(context);
  if (!principal) throw new Fault('unauthenticated', 'The call is made for no tenant');
  return { principal, token };
}

/** The service that issued the token of a call, and whether it speaks for itself. Fault `unauthenticated` when nobody verified one. */
export function callingServiceOf(context: HandlerContext): {
  readonly service: string;
  readonly forItself: boolean;
} {
  const { service, principal } = verifiedCallerOf(context);
  return { service, forItself: principal === undefined };
}

function verifiedCallerOf(context: HandlerContext): VerifiedCaller {
  const caller = context.values.get(callerKey);
  if (!caller) throw new Fault('unauthenticated', 'The call carries no identity');
  return caller;
}

/** The principal of a handler's caller. */
export function principalOf(context: HandlerContext): Principal {
  return callerOf(context).principal;
}

/** UUID of the outside request that a call is part of; undefined for one that does not come again. Fault `invalid_argument` for another form. */
export function requestIdOf({ requestHeader }: Pick<HandlerContext, 'requestHeader'>): string | undefined {
  const id = requestHeader.get(requestIdHeader);
  if (id === null) return undefined;
  if (!isUuid(id)) throw invalidArgument([{ field: requestIdHeader, reason: 'must be a UUID' }]);
  return id;
}

/** What a call to another service needs. */
export interface OutgoingCall {
  /** Mesh or run token. */
  readonly token: string;
  /** Time for the whole call, retries included, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends the call early. */
  readonly signal?: AbortSignal;
  /** See {@link routeKey}; absent for any replica. */
  readonly route?: string;
  /** See {@link requestIdOf}; absent for a request that does not come again. */
  readonly requestId?: string | undefined;
}

/** Call options for a call to another service. */
export function callWith({ token, timeoutMs, signal, route, requestId }: OutgoingCall): CallOptions {
  const contextValues: ContextValues = createContextValues().set(routeKey, route);
  return {
    timeoutMs,
    contextValues,
    headers: { authorization: `Bearer ${token}`, ...(requestId && { [requestIdHeader]: requestId }) },
    ...(signal ? { signal } : {}),
  };
}

/** Call options for a call that a handler makes on its caller's behalf: same identity, its time less a margin, ended with it. */
export function onBehalfOf(context: HandlerContext): CallOptions {
  const remainingMs = (context.timeoutMs() ?? 0) - answerMarginMs;
  if (remainingMs <= 0) throw new Fault('deadline_exceeded', 'The time for the call is up');
  return callWith({ token: callerOf(context).token, timeoutMs: remainingMs, signal: context.signal });
}
