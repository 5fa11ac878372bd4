// Settings of tenants between messages and the core.
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  type Place as PlaceMessage,
  type PlaceSchema,
  type TenantSettings as TenantSettingsMessage,
  TenantSettingsSchema,
} from '../../../proto/gen/domainflow/registry/v1/tenant_pb.js';
import {
  emptyTenantSettings,
  type Place,
  type PlaceSent,
  type TenantSettings,
  type TenantSettingsSent,
} from '../core/tenant-settings.ts';

/** Settings as they were received; absent settings are empty ones. */
export function tenantSettingsSent(message: TenantSettingsMessage | undefined): TenantSettingsSent {
  if (!message) return emptyTenantSettings;
  const { homeArea, places, timeZone } = message;
  return { homeArea: homeArea && placeSent(homeArea), places: places.map(placeSent), timeZone };
}

/** Settings as they are sent. */
export function tenantSettingsMessage(settings: TenantSettings): TenantSettingsMessage {
  const { homeArea, places, timeZone } = settings;
  return create(TenantSettingsSchema, {
    homeArea: homeArea && placeMessage(homeArea),
    places: places.map(placeMessage),
    timeZone,
  });
}

function placeSent({ name, aliases, point }: PlaceMessage): PlaceSent {
  return { name, aliases, point: point && { longitude: point.longitude, latitude: point.latitude } };
}

function placeMessage({ name, aliases, point }: Place): MessageInitShape<typeof PlaceSchema> {
  return { name, aliases: [...aliases], point: { longitude: point.longitude, latitude: point.latitude } };
}
