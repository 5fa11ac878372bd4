// Claims and what becomes of them.
import { describe, expect, it } from '@jest/globals';
import { type ClaimRules, identityOf } from './claims.ts';
import { systemTenantId } from './system-tenant.ts';

const rules: ClaimRules = {
  tenantClaim: 'custom:tenant_id',
  usernameClaim: 'cognito:username',
  rolesClaims: ['roles', 'cognito:groups'],
  defaultRole: 'viewer',
};
const claims = { sub: 's-1', 'custom:tenant_id': 'acme', 'cognito:username': 'ada' };

describe('claims', () => {
  it('give the same ids for the same names, and others for others', () => {
    const one = identityOf(claims, rules).principal;
    expect(identityOf({ ...claims }, rules).principal).toEqual(one);
    expect(identityOf({ ...claims, sub: 's-2' }, rules).principal.userId).not.toBe(one.userId);
    expect(identityOf({ ...claims, 'custom:tenant_id': 'other' }, rules).principal.tenantId).not.toBe(
      one.tenantId,
    );
  });

  it('keep a tenant that is a UUID, in lower case', () => {
    const tenant = '0199AAAA-0000-7000-8000-00000000ABCD';
    const { principal } = identityOf({ ...claims, 'custom:tenant_id': tenant }, rules);
    expect(principal.tenantId).toBe(tenant.toLowerCase());
  });

  it.each([
    [{ sub: undefined }],
    [{ sub: '' }],
    [{ sub: 's'.repeat(256) }],
    [{ 'custom:tenant_id': undefined }],
    [{ 'custom:tenant_id': '  ' }],
    [{ 'custom:tenant_id': 7 }],
    [{ 'custom:tenant_id': 'a\0b' }],
    [{ 'custom:tenant_id': 't'.repeat(201) }],
    [{ 'custom:tenant_id': systemTenantId.toUpperCase() }],
    [{ 'custom:tenant_id': 'SYSTEM' }],
  ])('are refused with %j', (changed) => {
    expect(() => identityOf({ ...claims, ...changed }, rules)).toThrow(
      expect.objectContaining({ reason: 'unauthenticated' }),
    );
  });

  it.each([
    [{}, 'viewer'],
    [{ roles: ['editor', 'admin', 'king'] }, 'admin'],
    [{ roles: 'viewer editor' }, 'editor'],
    [{ 'cognito:groups': ['editor'] }, 'editor'],
    [{ roles: [], 'cognito:groups': ['admin'] }, 'viewer'],
    [{ roles: ['king'] }, 'viewer'],
    [{ roles: { admin: true } }, 'viewer'],
  ])('with %j give the role %s', (changed, role) => {
    const identity = identityOf({ ...claims, ...changed }, rules);
    expect([identity.role, identity.principal.roles]).toEqual([role, [role]]);
  });

  it('name a user without a name by email, else by subject', () => {
    const nameless = { ...claims, 'cognito:username': undefined };
    expect(identityOf({ ...nameless, email: 'a@b.example' }, rules).principal.username).toBe('a@b.example');
    expect(identityOf(nameless, rules).principal.username).toBe('s-1');
  });
});
