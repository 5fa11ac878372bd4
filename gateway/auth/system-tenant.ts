// The tenant that owns the platform's own agents, tools and domains. Nobody signs in to it.

/** UUID of the system tenant. The registry stores the platform's content under the same id. */
export const systemTenantId = '00000000-0000-7000-8000-000000000001';

/** Name of the system tenant; no tenant may claim it. */
export const systemTenantName = 'system';
