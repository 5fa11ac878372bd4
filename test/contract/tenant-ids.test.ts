// The tenant command makes the tenant that a credential with the same name means: gateway and registry derive the same ids.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { systemTenantId as gatewaySystemTenantId } from '../../gateway/auth/system-tenant.ts';
import { tenantIdOf as gatewayTenantIdOf } from '../../gateway/core/identity-ids.ts';
import { tenantIdOf } from '../../services/registry/core/new-tenant.ts';
import { systemTenantId } from '../../services/registry/core/system-tenant.ts';

describe('the id of a tenant', () => {
  it('is the same in the gateway and in the registry, for every name and every UUID', () => {
    const values = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uuid(),
      fc.uuid().map((id) => id.toUpperCase()),
    );
    fc.assert(
      fc.property(values, (value) => tenantIdOf(value) === gatewayTenantIdOf(value)),
      { seed: 3 },
    );
  });

  it('is the same for the system tenant', () => {
    expect(systemTenantId).toBe(gatewaySystemTenantId);
  });
});
