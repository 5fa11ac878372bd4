// What the tenant has told about itself and its places, for reading its texts.
import type { Place } from '../../../proto/gen/domainflow/registry/v1/tenant_pb.js';
import type { HomeArea, TenantPlace } from '../core/geo/mention.ts';
import { type RegistryReach, shareable } from './tool-grants.ts';

/** A tenant's own knowledge. */
export interface TenantKnowledge {
  /** IANA name; UTC when the tenant has set none. */
  readonly timeZone: string;
  readonly places: readonly TenantPlace[];
  readonly homeArea?: HomeArea;
}

function placeOf({ name, aliases, point }: Place): (HomeArea & TenantPlace)[] {
  return point ? [{ name, aliases, point: [point.longitude, point.latitude] }] : [];
}

/**
 * The settings of the run's tenant: of this revision or newer, or those that are kept when it is empty. Faults of the registry pass through.
 */
export function readTenantKnowledge(reach: RegistryReach, revision: string): Promise<TenantKnowledge> {
  const { kept, tenantId } = reach;
  // Whoever knows a revision has seen it stored: what is loaded under its name is no older, however late the news of it comes here.
  return kept.get(`tenant knowledge ${tenantId} ${revision}`, {
    tags: [{ tenantId, entityType: 'tenant_settings' }],
    load: () => askTenantKnowledge(reach),
  });
}

async function askTenantKnowledge({ clients, callOptions }: RegistryReach): Promise<TenantKnowledge> {
  const { settings } = await clients.tenants.getTenantSettings({}, shareable(callOptions()));
  const [home] = settings?.homeArea ? placeOf(settings.homeArea) : [];
  return {
    timeZone: settings?.timeZone || 'UTC',
    places: settings?.places.flatMap(placeOf) ?? [],
    ...(home ? { homeArea: { name: home.name, point: home.point } } : {}),
  };
}
