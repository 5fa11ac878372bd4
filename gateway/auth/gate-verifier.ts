// Who calls by gRPC from outside: an API key, or a token of a person, that may do what workers do. It comes before everything else that a
// call does, as the hook of the REST API does, and is counted with the same rates. Where calls come from is not known here, so addresses are
// not counted.
import { Fault } from '../../foundation/fault/fault.ts';
import type { TokenVerifier } from '../../foundation/identity/token-verifier.ts';
import { workApiBase } from '../core/api-version.ts';
import { roleOnRoute } from '../core/route-access.ts';
import { HttpProblem } from '../http/http-problem.ts';
import type { Authenticator } from './authenticator.ts';
import type { CountRequest } from './caller-rates.ts';
import type { CredentialGuard } from './credential-guard.ts';

/** What it goes by. */
export interface GateVerifierDeps {
  readonly authenticator: Authenticator;
  readonly guard: CredentialGuard;
  readonly countRequest: CountRequest;
}

/** What workers do, in the words of the REST API: a key must be open for both. */
const paths = ['/agents', '/tasks'];
const demand = { role: 'admin', permission: 'agent:register', base: workApiBase } as const;
/** Stands for every address. */
const anywhere = 'grpc';

/** Faults `unauthenticated`, `permission_denied` and `resource_exhausted`; the principal has the role that the gate takes. */
export function createGateVerifier({ authenticator, guard, countRequest }: GateVerifierDeps): TokenVerifier {
  return {
    async verify(token) {
      const credential = `Bearer ${token}`;
      limited(() => guard.check(anywhere, credential));
      try {
        const identity = await authenticator.authenticate(credential);
        guard.right(credential);
        const { refusal } = countRequest(identity);
        if (refusal) throw refusal;
        const [role] = paths.map((path) => roleOnRoute(identity, { ...demand, path: workApiBase + path }));
        return {
          service: 'gateway',
          principal: { ...identity.principal, roles: [role ?? demand.role] },
        };
      } catch (error) {
        if (error instanceof Fault && error.reason === 'unauthenticated') guard.wrong(anywhere);
        throw overRateFault(error);
      }
    },
  };
}

function limited(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw overRateFault(error);
  }
}

// What the REST API answers with 429.
function overRateFault(error: unknown): unknown {
  if (!(error instanceof HttpProblem) || error.status !== 429) return error;
  const retryAfterMs = Number(error.headers['retry-after'] ?? 1) * 1000;
  return new Fault('resource_exhausted', error.message, { retryAfterMs });
}
