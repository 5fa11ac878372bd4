// Tokens of the mesh: what is accepted and, above all, what is not.
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  createAgentTokenMint,
  createMeshVerifier,
  createRequestTokenMint,
  createRunTokenMint,
  createServiceTokenMint,
} from './mesh-issuers.ts';
import { generateSigningKey, type SigningKeyPair } from './signing-key.ts';

const alice = { tenantId: 't', userId: 'u', username: 'alice', roles: ['editor'] };
const run = { runId: 'job_1', capability: 'query', writeTarget: 'qry_1' };

describe('mesh tokens', () => {
  let now = Date.parse('2026-01-01T00:00:00Z');
  const clock = () => now;
  let gateway: SigningKeyPair;
  let orchestrator: SigningKeyPair;
  let agents: SigningKeyPair;
  beforeAll(async () => {
    gateway = await generateSigningKey();
    orchestrator = await generateSigningKey();
    agents = await generateSigningKey();
  });
  const verifier = () =>
    createMeshVerifier({ gateway: [gateway.publicJwk], orchestrator: [orchestrator.publicJwk] }, clock);

  it('carry the identity they were minted for', async () => {
    const token = createRequestTokenMint(gateway.privateJwk, clock).mint(alice);
    expect(await verifier().verify(token)).toEqual({ service: 'gateway', principal: alice });
  });

  it('carry the run when the orchestrator minted them', async () => {
    const token = createRunTokenMint(orchestrator.privateJwk, clock).mint({ ...alice, run });
    expect(await verifier().verify(token)).toEqual({
      service: 'orchestrator',
      principal: { ...alice, run },
    });
  });

  it('of the agents service are for runs, and only where its keys are known', async () => {
    const token = createAgentTokenMint(agents.privateJwk, clock).mint({ ...alice, run });
    const keys = { gateway: [gateway.publicJwk], orchestrator: [orchestrator.publicJwk] };
    const knowing = createMeshVerifier({ ...keys, agents: [agents.publicJwk] }, clock);
    expect(await knowing.verify(token)).toEqual({ service: 'agents', principal: { ...alice, run } });
    await expect(verifier().verify(token)).rejects.toMatchObject({ reason: 'unauthenticated' });
  });

  it('of a service that speaks for itself name nobody, and no key speaks for another service', async () => {
    const token = createServiceTokenMint('gateway', gateway.privateJwk, clock)();
    expect(await verifier().verify(token)).toEqual({ service: 'gateway', principal: undefined });
    const forged = createServiceTokenMint('gateway', orchestrator.privateJwk, clock)();
    await expect(verifier().verify(forged)).rejects.toMatchObject({ reason: 'unauthenticated' });
  });

  it('are refused once they expired, also when they were accepted before', async () => {
    const token = createRequestTokenMint(gateway.privateJwk, clock).mint(alice);
    const same = verifier();
    await same.verify(token);
    now += 61_000;
    await expect(same.verify(token)).rejects.toMatchObject({ reason: 'unauthenticated' });
  });

  it('are refused when a key speaks for the other issuer', async () => {
    const forged = createRunTokenMint(gateway.privateJwk, clock).mint({ ...alice, run });
    await expect(verifier().verify(forged)).rejects.toMatchObject({ reason: 'unauthenticated' });
  });

  it('are refused when the gateway claims a run or the orchestrator claims none', async () => {
    const request = createRequestTokenMint(gateway.privateJwk, clock).mint({ ...alice, run });
    await expect(verifier().verify(request)).rejects.toMatchObject({ reason: 'unauthenticated' });
    const runless = createRunTokenMint(orchestrator.privateJwk, clock).mint(alice);
    await expect(verifier().verify(runless)).rejects.toMatchObject({ reason: 'unauthenticated' });
  });

  it('are refused when one character of them is changed', async () => {
    const token = createRequestTokenMint(gateway.privateJwk, clock).mint(alice);
    const [head, body, signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(body ?? '', 'base64url').toString());
    const other = Buffer.from(JSON.stringify({ ...claims, tenant: 'other' })).toString('base64url');
    await expect(verifier().verify(`${head}.${other}.${signature}`)).rejects.toMatchObject({
      reason: 'unauthenticated',
    });
    await expect(verifier().verify('')).rejects.toMatchObject({ reason: 'unauthenticated' });
  });
});
