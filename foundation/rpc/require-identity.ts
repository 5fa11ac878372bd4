// The gate before which no request is even read without a verified identity and a deadline.
import type { HandlerContext } from '@connectrpc/connect';
import { Fault } from '../fault/fault.ts';
import type { TokenVerifier } from '../identity/token-verifier.ts';
import { callerKey } from './caller.ts';
import { openServices } from './open-services.ts';

const scheme = /^Bearer ([^\s]+)$/i;

/** Refuses calls without a deadline, and calls without a token of a trusted issuer; leaves the caller in the context of all others. */
export function requireIdentity(verifier: TokenVerifier): (context: HandlerContext) => Promise<void> {
  return async (context) => {
    if (openServices.has(context.service.typeName)) return;
    if (context.timeoutMs() === undefined) {
      throw new Fault('invalid_argument', 'The call has no deadline; set one');
    }
    const token = scheme.exec(context.requestHeader.get('authorization') ?? '')?.[1];
    if (!token) throw new Fault('unauthenticated', 'The call carries no mesh token');
    context.values.set(callerKey, { ...(await verifier.verify(token)), token });
  };
}
