// The interceptor before which no handler runs without a verified identity and a deadline.
import type { Interceptor } from '@connectrpc/connect';
import { Fault } from '../fault/fault.ts';
import type { TokenVerifier } from '../identity/token-verifier.ts';
import { callerKey } from './caller.ts';

/** Services of the gRPC project that probes and tools call without a token: they show nothing of any tenant. */
const openServices = new Set(['grpc.health.v1.Health', 'grpc.reflection.v1.ServerReflection']);

const scheme = /^Bearer ([^\s]+)$/;

/** Refuses calls without a deadline, and calls without a token of a trusted issuer. */
export function requireIdentity(verifier: TokenVerifier): Interceptor {
  return (next) => async (request) => {
    if (openServices.has(request.service.typeName)) return next(request);
    if (!request.header.has('grpc-timeout') && !request.header.has('connect-timeout-ms')) {
      throw new Fault('invalid_argument', 'The call has no deadline; set one');
    }
    const token = scheme.exec(request.header.get('authorization') ?? '')?.[1];
    if (!token) throw new Fault('unauthenticated', 'The call carries no mesh token');
    request.contextValues.set(callerKey, { principal: await verifier.verify(token), token });
    return next(request);
  };
}
