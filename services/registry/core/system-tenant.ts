// The tenant and the user that own what the platform brings along. No token acts as this tenant; every tenant reads its definitions.

/** UUID of the system tenant; the migrations hold the same value in `registry.system_tenant_id()`. */
export const systemTenantId = '00000000-0000-7000-8000-000000000001';

/** UUID of the user `system-builtin`, who created what the platform brings along. */
export const systemUserId = '00000000-0000-7000-8000-000000000002';

/** True when the UUID, in any case, is the system tenant's. */
export function isSystemTenant(tenantId: string): boolean {
  return tenantId.toLowerCase() === systemTenantId;
}
