// The hook before every route of the API: who is it, is the caller within its rates, and may it call this route.
import { context as contextApi } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Fault } from '../../foundation/fault/fault.ts';
import type { Role } from '../../foundation/identity/role.ts';
import type { TokenMint } from '../../foundation/identity/token-mint.ts';
import type { Log } from '../../foundation/telemetry/log.ts';
import { withLogFields } from '../../foundation/telemetry/log-fields.ts';
import { Attribute } from '../../foundation/telemetry/names.ts';
import { joinedFields } from '../core/rate-fields.ts';
import { type Demand, roleOnRoute } from '../core/route-access.ts';
import { scopeOf } from '../http/request-scope.ts';
import { pathOf } from '../http/request-telemetry.ts';
import type { CountAddress } from './address-rates.ts';
import type { Authenticator } from './authenticator.ts';
import type { CountedRequest, CountRequest } from './caller-rates.ts';
import type { CredentialGuard } from './credential-guard.ts';
import type { Identity } from './identity.ts';
import '../http/route-config.ts';

const callerDecorator = 'caller';

/** Who sent a request, in the role that the route was granted in. */
export interface RequestCaller extends Identity {
  /** A token that says so inside the mesh. It holds for a minute; what takes longer asks anew for each call. */
  readonly meshToken: () => string;
  /**
   * Looks at the credential anew, for what goes on longer than a moment. Faults `unauthenticated` and `permission_denied` when it would not
   * be let in now, others while that cannot be found out. Not a request, so no rate counts it.
   */
  readonly recheck: () => Promise<void>;
  /**
   * Demands more than the route does, where the body decides that. From then on the caller of the request has the role that this takes.
   * Fault `permission_denied` names what is missing.
   */
  readonly requireMore: (demand: Demand) => void;
}

/** The caller of a request on a route below the API base. */
export function callerOf(request: FastifyRequest): RequestCaller {
  return request.getDecorator<RequestCaller>(callerDecorator);
}

/** What the hook needs. */
export interface RequirePrincipalDeps {
  readonly authenticator: Authenticator;
  readonly guard: CredentialGuard;
  readonly countRequest: CountRequest;
  /** Counts requests by where they come from, before anything else; absent counts none. */
  readonly countAddress?: CountAddress | undefined;
  readonly mint: TokenMint;
  readonly log: Log;
}

/**
 * Lets only callers that may call them reach the routes that are registered on `app` from now on; each must name its least role and its
 * permission.
 */
export function requirePrincipal(app: FastifyInstance, deps: RequirePrincipalDeps): void {
  const { authenticator, countRequest, mint } = deps;
  app.decorateRequest(callerDecorator, null);
  app.addHook('onRoute', ({ config, url }) => {
    if (!config?.role) throw new Error(`The route ${url} names no role`);
    if (!config.permission) throw new Error(`The route ${url} names no permission`);
  });
  app.addHook('onRequest', async (request, reply) => {
    const ofAddress = addressCount(request, deps);
    reply.headers(ofAddress.fields);
    if (ofAddress.refusal) throw ofAddress.refusal;
    const identity = await authenticate(request, deps);
    const { fields, refusal } = countRequest(identity);
    reply.headers(joinedFields(fields, ofAddress.fields));
    if (refusal) throw refusal;
    const recheck = async (): Promise<void> => {
      roleOn(request, await authenticator.authenticate(request.headers.authorization), app.prefix);
    };
    const callAs = (role: Role): void => {
      const principal = { ...identity.principal, roles: [role] };
      const meshToken = (): string => mint.mint(principal);
      const caller: RequestCaller = { ...identity, role, principal, meshToken, recheck, requireMore };
      request.setDecorator(callerDecorator, caller);
    };
    const requireMore = (demand: Demand): void =>
      callAs(roleOnRoute(identity, { ...demand, base: app.prefix, path: pathOf(request) }));
    callAs(roleOn(request, identity, app.prefix));
  });
}

function addressCount(
  { ip, headers }: FastifyRequest,
  { countAddress }: RequirePrincipalDeps,
): CountedRequest {
  return countAddress?.({ address: ip, authorization: headers.authorization }) ?? { fields: {} };
}

function roleOn(request: FastifyRequest, identity: Identity, base: string): Role {
  const { role, keyRole, permission } = request.routeOptions.config;
  if (!role || !permission)
    throw new Error(`The route ${request.routeOptions.url} names no role or permission`);
  return roleOnRoute(identity, { role, keyRole, permission, base, path: pathOf(request) });
}

async function authenticate(request: FastifyRequest, deps: RequirePrincipalDeps): Promise<Identity> {
  const { authenticator, guard, log } = deps;
  const scope = scopeOf(request);
  const { authorization } = request.headers;
  if (authorization !== undefined) guard.check(request.ip, authorization);
  try {
    const identity = await authenticator.authenticate(authorization);
    guard.right(authorization ?? '');
    const { tenantId, userId } = identity.principal;
    scope.span?.setAttributes({ [Attribute.tenantId]: tenantId, [Attribute.principalId]: userId });
    scope.context = withLogFields(scope.context, { tenant_id: tenantId, principal: userId });
    return identity;
  } catch (error) {
    if (error instanceof Fault && error.reason === 'unauthenticated') {
      if (authorization !== undefined) guard.wrong(request.ip);
      contextApi.with(scope.context, () => log.warn(refusalLine(error, request), 'Refused a credential'));
    }
    throw error;
  }
}

// Names of headers and the expected form: enough to find a mistake, and no value of any header.
function refusalLine({ message, cause }: Fault, { headers }: FastifyRequest): object {
  const why = cause instanceof Error ? cause.message : cause;
  const expected = 'Authorization: Bearer <token or API key>';
  return { reason: message, why, header_names: Object.keys(headers), expected };
}
