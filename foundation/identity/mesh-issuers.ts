// The two issuers of tokens inside the mesh and what tells their tokens apart.
import type { JWK } from 'jose';
import type { Clock } from '../clock.ts';
import { createTokenMint, type TokenMint } from './token-mint.ts';
import { createTokenVerifier, type TokenVerifier } from './token-verifier.ts';

const requests = { issuer: 'domainflow-gateway', audience: 'domainflow-mesh' };
const runs = { issuer: 'domainflow-orchestrator', audience: 'domainflow-run' };

const requestLifetimeMs = 60_000;
const runLifetimeMs = 5 * 60_000;

/** Public keys of both issuers, as every process of the mesh is configured with them. */
export interface MeshKeys {
  /** Keys of the gateway, which speaks for people. */
  readonly gateway: readonly JWK[];
  /** Keys of the orchestrator, which speaks for runs. */
  readonly orchestrator: readonly JWK[];
}

/** Mints tokens for one outside request; they hold for a minute. For the gateway alone. */
export function createRequestTokenMint(privateJwk: JWK, clock: Clock): TokenMint {
  return createTokenMint({ ...requests, privateJwk, lifetimeMs: requestLifetimeMs, clock });
}

/** Mints tokens for the calls of a run; they hold for five minutes. For the orchestrator alone. */
export function createRunTokenMint(privateJwk: JWK, clock: Clock): TokenMint {
  return createTokenMint({ ...runs, privateJwk, lifetimeMs: runLifetimeMs, clock });
}

/** Verifies the tokens of both issuers. */
export function createMeshVerifier(keys: MeshKeys, clock: Clock): TokenVerifier {
  const gateway = { ...requests, keys: keys.gateway, bindsToRun: false };
  const orchestrator = { ...runs, keys: keys.orchestrator, bindsToRun: true };
  return createTokenVerifier([gateway, orchestrator], clock);
}
