// Tokens of the mesh: what is accepted and, above all, what is not.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createMeshVerifier, createRequestTokenMint, createRunTokenMint } from './mesh-issuers.ts';
import { generateSigningKey, type SigningKeyPair } from './signing-key.ts';

const alice = { tenantId: 't', userId: 'u', username: 'alice', roles: ['editor'] };
const run = { runId: 'job_1', capability: 'query', writeTarget: 'qry_1' };

describe('mesh tokens', () => {
  let now = Date.parse('2026-01-01T00:00:00Z');
  const clock = () => now;
  let gateway: SigningKeyPair;
  let orchestrator: SigningKeyPair;
  beforeAll(async () => {
    gateway = await generateSigningKey();
    orchestrator = await generateSigningKey();
  });
  const verifier = () =>
    createMeshVerifier({ gateway: [gateway.publicJwk], orchestrator: [orchestrator.publicJwk] }, clock);

  it('carry the identity they were minted for', async () => {
    const token = createRequestTokenMint(gateway.privateJwk, clock).mint(alice);
    expect(await verifier().verify(token)).toEqual(alice);
  });

  it('carry the run when the orchestrator minted them', async () => {
    const token = createRunTokenMint(orchestrator.privateJwk, clock).mint({ ...alice, run });
    expect(await verifier().verify(token)).toEqual({ ...alice, run });
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
