// The methods of the services for tenants, their people and keys, and their audit log.
import type { ServiceImpl } from '@connectrpc/connect';
import type { Clock } from '../../../foundation/clock.ts';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import type { ApiKeyService } from '../../../proto/gen/domainflow/registry/v1/api_key_service_pb.js';
import type { AuditService } from '../../../proto/gen/domainflow/registry/v1/audit_service_pb.js';
import type { TeamService } from '../../../proto/gen/domainflow/registry/v1/team_service_pb.js';
import type { TenantService } from '../../../proto/gen/domainflow/registry/v1/tenant_service_pb.js';
import type { RegistryStore } from '../store/store.ts';
import { authenticateApiKey } from './authenticate-api-key.ts';
import { createApiKey } from './create-api-key.ts';
import { createTeam } from './create-team.ts';
import { deleteTeam } from './delete-team.ts';
import { ensurePrincipal } from './ensure-principal.ts';
import { getTeam } from './get-team.ts';
import { getTenantSettings } from './get-tenant-settings.ts';
import { listApiKeys } from './list-api-keys.ts';
import { listAuditEntries } from './list-audit-entries.ts';
import { listTeams } from './list-teams.ts';
import { listUsers } from './list-users.ts';
import { revokeApiKey } from './revoke-api-key.ts';
import { updateTeam } from './update-team.ts';
import { updateTenantSettings } from './update-tenant-settings.ts';

/** Methods of the service for tenants. */
export function tenantRoutes(store: RegistryStore): ServiceImpl<typeof TenantService> {
  return {
    ensurePrincipal: ensurePrincipal(store),
    getTenantSettings: getTenantSettings(store),
    updateTenantSettings: updateTenantSettings(store),
  };
}

/** Methods of the service for users and teams. */
export function teamRoutes(store: RegistryStore, tokens: PageTokens): ServiceImpl<typeof TeamService> {
  return {
    listUsers: listUsers(store, tokens),
    getTeam: getTeam(store),
    listTeams: listTeams(store, tokens),
    createTeam: createTeam(store),
    updateTeam: updateTeam(store),
    deleteTeam: deleteTeam(store),
  };
}

/** Methods of the service for API keys. */
export function apiKeyRoutes(store: RegistryStore, clock: Clock): ServiceImpl<typeof ApiKeyService> {
  return {
    createApiKey: createApiKey(store, clock),
    listApiKeys: listApiKeys(store),
    revokeApiKey: revokeApiKey(store),
    authenticateApiKey: authenticateApiKey(store),
  };
}

/** Methods of the service for the audit log. */
export function auditRoutes(store: RegistryStore, tokens: PageTokens): ServiceImpl<typeof AuditService> {
  return { listAuditEntries: listAuditEntries(store, tokens) };
}
