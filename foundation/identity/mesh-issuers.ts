// Who issues tokens inside the mesh, and what tells their tokens apart: the gateway speaks for people, the orchestrator for runs, the
// agents service for the runs whose agents it runs. Each can also speak for itself alone, with tokens that name no tenant.
import type { JWK } from 'jose';
import type { Clock } from '../clock.ts';
import { createTokenMint, type TokenMint } from './token-mint.ts';
import { createTokenVerifier, type TokenVerifier, type TrustedIssuer } from './token-verifier.ts';

/** The services that issue tokens. */
export const meshIssuers = ['gateway', 'orchestrator', 'agents'] as const;

/** One of them. */
export type MeshIssuer = (typeof meshIssuers)[number];

const audiences: Readonly<Record<MeshIssuer, string>> = {
  gateway: 'domainflow-mesh',
  orchestrator: 'domainflow-run',
  agents: 'domainflow-agent',
};

const lifetimesMs: Readonly<Record<MeshIssuer, number>> = {
  gateway: 60_000,
  orchestrator: 5 * 60_000,
  agents: 60_000,
};

const ownAudience = 'domainflow-service';
const ownLifetimeMs = 60_000;

/** Public keys of the issuers, as every process of the mesh is configured with them. */
export interface MeshKeys {
  /** Keys of the gateway, which speaks for people. */
  readonly gateway: readonly JWK[];
  /** Keys of the orchestrator, which speaks for runs. */
  readonly orchestrator: readonly JWK[];
  /** Keys of the agents service; absent where its tokens are not accepted. */
  readonly agents?: readonly JWK[];
}

/** Mints tokens for one outside request; they hold for a minute. For the gateway alone. */
export function createRequestTokenMint(privateJwk: JWK, clock: Clock): TokenMint {
  return mintOf('gateway', privateJwk, clock);
}

/** Mints tokens for the calls of a run; they hold for five minutes. For the orchestrator alone. */
export function createRunTokenMint(privateJwk: JWK, clock: Clock): TokenMint {
  return mintOf('orchestrator', privateJwk, clock);
}

/** Mints tokens for what only the agents service may ask on behalf of a run; they hold for a minute. */
export function createAgentTokenMint(privateJwk: JWK, clock: Clock): TokenMint {
  return mintOf('agents', privateJwk, clock);
}

/** Mints tokens with which a service speaks for itself, for no tenant and no user; they hold for a minute. */
export function createServiceTokenMint(service: MeshIssuer, privateJwk: JWK, clock: Clock): () => string {
  const [issuer, audience] = [ownIssuerName(service), ownAudience];
  const { mint } = createTokenMint({ issuer, audience, privateJwk, lifetimeMs: ownLifetimeMs, clock });
  return () => mint(undefined);
}

/** Verifies the tokens of all issuers. */
export function createMeshVerifier(keys: MeshKeys, clock: Clock): TokenVerifier {
  const trusted = meshIssuers.flatMap((service): TrustedIssuer[] => {
    const known = { service, keys: keys[service] ?? [] };
    const speaksFor = service === 'gateway' ? 'people' : 'runs';
    return [
      { ...known, issuer: issuerName(service), audience: audiences[service], speaksFor },
      { ...known, issuer: ownIssuerName(service), audience: ownAudience, speaksFor: 'itself' },
    ];
  });
  return createTokenVerifier(trusted, clock);
}

function mintOf(service: MeshIssuer, privateJwk: JWK, clock: Clock): TokenMint {
  const issuer = issuerName(service);
  const options = { issuer, audience: audiences[service], lifetimeMs: lifetimesMs[service] };
  return createTokenMint({ ...options, privateJwk, clock });
}

function issuerName(service: MeshIssuer): string {
  return `domainflow-${service}`;
}

function ownIssuerName(service: MeshIssuer): string {
  return `${issuerName(service)}/itself`;
}
