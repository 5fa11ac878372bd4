// Sealing: what comes out, who can open it, and what is refused.
import { describe, expect, it } from '@jest/globals';
import type { CredentialKey } from '../core/tool-credentials.ts';
import { createCredentialSeal } from './credential-seal.ts';

const keyOf = (id: string, fill: number): CredentialKey => ({ id, key: Buffer.alloc(32, fill) });
const [first, second] = [keyOf('2026-10', 1), keyOf('2026-11', 2)];
const owner = {
  tenantId: '0198c000-0000-7000-8000-00000000000a',
  toolId: '0198c000-0000-7000-8000-00000000000b',
};
const credentials = { key: 'sk-live-2f8a6c', header: 'x-api-key' };

describe('sealed credentials', () => {
  it('come back as they were, and hold nothing that can be read', () => {
    const seal = createCredentialSeal([first]);
    const sealed = seal.seal(credentials, owner);
    expect(seal.open(sealed, owner)).toEqual(credentials);
    for (const part of ['sk-live', 'x-api-key', 'key']) expect(sealed.includes(part)).toBe(false);
  });

  it('look different each time', () => {
    const seal = createCredentialSeal([first]);
    expect(seal.seal(credentials, owner).equals(seal.seal(credentials, owner))).toBe(false);
  });

  it('are opened by every key of the list and sealed with the first', () => {
    const old = createCredentialSeal([first]).seal(credentials, owner);
    const rotated = createCredentialSeal([second, first]);
    expect(rotated.open(old, owner)).toEqual(credentials);
    const anew = rotated.seal(credentials, owner);
    expect(createCredentialSeal([second]).open(anew, owner)).toEqual(credentials);
    expect(() => createCredentialSeal([second]).open(old, owner)).toThrow(/not configured/);
  });

  it.each([
    ['another tenant', { ...owner, tenantId: owner.toolId }],
    ['another tool', { ...owner, toolId: owner.tenantId }],
    ['tenant and tool exchanged', { tenantId: owner.toolId, toolId: owner.tenantId }],
  ])('cannot be opened as those of %s', (_name, other) => {
    const seal = createCredentialSeal([first]);
    const sealed = seal.seal(credentials, owner);
    expect(() => seal.open(sealed, other)).toThrow(
      expect.objectContaining({ reason: 'failed_precondition' }),
    );
  });

  it('cannot be opened when any of their bits is another, or when they are cut', () => {
    const seal = createCredentialSeal([first, keyOf('2026-12', 1)]);
    const sealed = seal.seal(credentials, owner);
    const broken = expect.objectContaining({ reason: 'failed_precondition' });
    for (let at = 0; at < sealed.length; at += 1) {
      const altered = Buffer.from(sealed);
      altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
      expect(() => seal.open(altered, owner)).toThrow(broken);
      expect(() => seal.open(sealed.subarray(0, at), owner)).toThrow(broken);
    }
  });

  it('cannot be made without a key', () => {
    expect(() => createCredentialSeal([])).toThrow(RangeError);
  });
});
