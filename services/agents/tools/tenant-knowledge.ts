// What the tenant has told about itself and its places, for reading its texts.
import type { CallOptions } from '@connectrpc/connect';
import type { Place } from '../../../proto/gen/domainflow/registry/v1/tenant_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import type { HomeArea, TenantPlace } from '../core/geo/mention.ts';

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

/** Asks the registry for the settings of the caller's tenant. */
export async function readTenantKnowledge(
  tenants: MeshClients['tenants'],
  options: CallOptions,
): Promise<TenantKnowledge> {
  const { settings } = await tenants.getTenantSettings({}, options);
  const [home] = settings?.homeArea ? placeOf(settings.homeArea) : [];
  return {
    timeZone: settings?.timeZone || 'UTC',
    places: settings?.places.flatMap(placeOf) ?? [],
    ...(home ? { homeArea: { name: home.name, point: home.point } } : {}),
  };
}
