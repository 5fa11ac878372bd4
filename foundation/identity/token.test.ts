// Tokens of the mesh: what is accepted and, above all, what is not.
import { createHmac, createPrivateKey, type JsonWebKey, sign } from 'node:crypto';
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

  describe('that are made by hand', () => {
    const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const header = () => ({ alg: 'EdDSA', kid: gateway.publicJwk.kid, typ: 'JWT' });
    const claims = () => ({
      ...{ iss: 'domainflow-gateway', aud: 'domainflow-mesh', exp: now / 1000 + 60 },
      ...{ sub: 'u', tenant: 't', username: 'alice', roles: ['editor'] },
    });
    const signedBy = ({ privateJwk }: SigningKeyPair, head: object, body: unknown): string => {
      const key = createPrivateKey({ key: privateJwk as JsonWebKey, format: 'jwk' });
      const signed = `${text(head)}.${text(body)}`;
      return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
    };
    const isTaken = (token: string) =>
      verifier()
        .verify(token)
        .then(
          () => true,
          ({ reason }) => reason !== 'unauthenticated',
        );

    it('are taken when they are as the mint makes them, for several audiences too', async () => {
      expect(await isTaken(signedBy(gateway, header(), claims()))).toBe(true);
      const several = { ...claims(), aud: ['other', 'domainflow-mesh'], nbf: now / 1000 };
      expect(await isTaken(signedBy(gateway, header(), several))).toBe(true);
    });

    it('are refused with another algorithm, whoever signed', async () => {
      const { kid, x } = gateway.publicJwk;
      for (const alg of ['none', 'HS256', 'Ed25519', 'eddsa', undefined])
        expect(await isTaken(signedBy(gateway, { ...header(), alg }, claims()))).toBe(false);
      const signed = `${text({ alg: 'HS256', kid })}.${text(claims())}`;
      const mac = createHmac('sha256', Buffer.from(x ?? '', 'base64url'))
        .update(signed)
        .digest('base64url');
      expect(await isTaken(`${signed}.${mac}`)).toBe(false);
      expect(await isTaken(`${signed}.`)).toBe(false);
    });

    it('are refused without the id of a key of their issuer, or with an extension', async () => {
      for (const kid of [undefined, 'other', orchestrator.publicJwk.kid])
        expect(await isTaken(signedBy(gateway, { ...header(), kid }, claims()))).toBe(false);
      expect(await isTaken(signedBy(gateway, { ...header(), crit: ['exp'] }, claims()))).toBe(false);
      expect(await isTaken(signedBy(gateway, { ...header(), b64: false, crit: ['b64'] }, claims()))).toBe(
        false,
      );
    });

    it('are refused for others, of nobody, out of their time or without one', async () => {
      const wrong = [
        ...[{ iss: 'other' }, { iss: undefined }, { aud: 'domainflow-run' }, { aud: undefined }, { aud: {} }],
        ...[{ sub: undefined }, { sub: 7 }, { tenant: undefined }, { roles: 'editor' }],
        ...[{ exp: undefined }, { exp: now / 1000 }, { exp: '9999999999' }, { exp: null }],
        ...[{ nbf: now / 1000 + 1 }, { nbf: 'soon' }],
      ];
      for (const part of wrong)
        expect([part, await isTaken(signedBy(gateway, header(), { ...claims(), ...part }))]).toEqual([
          part,
          false,
        ]);
    });

    it('are refused in any other form', async () => {
      const token = signedBy(gateway, header(), claims());
      const [head, body, signature = ''] = token.split('.');
      const forms = [
        ...[`${token}.`, `.${token}`, `${head}.${body}`, `${head}.${body}.`, `${head}.${body}.${signature}A`],
        ...[`${head}.${body}.${signature.slice(1)}`, ` ${token}`, `${token}\n`, `${head}..${signature}`],
        ...[signedBy(gateway, header(), [claims()]), signedBy(gateway, header(), null)],
      ];
      for (const form of forms) expect([form, await isTaken(form)]).toEqual([form, false]);
    });
  });
});
