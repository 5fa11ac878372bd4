// The hook before every route of the API: who is it, and may this role call this route.
import { context as contextApi } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Fault } from '../../foundation/fault/fault.ts';
import type { TokenMint } from '../../foundation/identity/token-mint.ts';
import type { Log } from '../../foundation/telemetry/log.ts';
import { withLogFields } from '../../foundation/telemetry/log-fields.ts';
import { Attribute } from '../../foundation/telemetry/names.ts';
import { roleReaches } from '../core/role.ts';
import { scopeOf } from '../http/request-scope.ts';
import type { Authenticator, Identity } from './authenticator.ts';
import '../http/route-config.ts';

const callerDecorator = 'caller';

/** Who sent a request, and the token that says so inside the mesh. */
export interface RequestCaller extends Identity {
  readonly meshToken: string;
}

/** The caller of a request on a route below the API base. */
export function callerOf(request: FastifyRequest): RequestCaller {
  return request.getDecorator<RequestCaller>(callerDecorator);
}

/** What the hook needs. */
export interface RequirePrincipalDeps {
  readonly authenticator: Authenticator;
  readonly mint: TokenMint;
  readonly log: Log;
}

/** Lets only known principals of sufficient role reach the routes that are registered on `app` from now on; each must name its role. */
export function requirePrincipal(
  app: FastifyInstance,
  { authenticator, mint, log }: RequirePrincipalDeps,
): void {
  app.decorateRequest(callerDecorator, null);
  app.addHook('onRoute', ({ config, url }) => {
    if (!config?.role) throw new Error(`The route ${url} names no role`);
  });
  app.addHook('onRequest', async (request) => {
    const identity = await authenticate(request, authenticator, log);
    const least = request.routeOptions.config.role ?? 'admin';
    if (!roleReaches(identity.role, least)) {
      throw new Fault('permission_denied', `This needs the role ${least}`);
    }
    request.setDecorator(callerDecorator, { ...identity, meshToken: mint.mint(identity.principal) });
  });
}

async function authenticate(
  request: FastifyRequest,
  authenticator: Authenticator,
  log: Log,
): Promise<Identity> {
  const scope = scopeOf(request);
  try {
    const identity = await authenticator.authenticate(request.headers.authorization);
    const { tenantId, userId } = identity.principal;
    scope.span?.setAttributes({ [Attribute.tenantId]: tenantId, [Attribute.principalId]: userId });
    scope.context = withLogFields(scope.context, { tenant_id: tenantId, principal: userId });
    return identity;
  } catch (error) {
    if (error instanceof Fault && error.reason === 'unauthenticated') {
      contextApi.with(scope.context, () => log.warn(refusalLine(error, request), 'Refused a credential'));
    }
    throw error;
  }
}

// Names of headers and the expected form: enough to find a mistake, and no value of any header.
function refusalLine({ message, cause }: Fault, { headers }: FastifyRequest): object {
  const why = cause instanceof Error ? cause.message : cause;
  const expected = 'Authorization: Bearer <token>';
  return { reason: message, why, header_names: Object.keys(headers), expected };
}
