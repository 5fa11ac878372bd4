// Settings of tenants between messages and the core.
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  type Budgets as BudgetsMessage,
  type BudgetsSchema,
  type Place as PlaceMessage,
  type PlaceSchema,
  type TenantSettings as TenantSettingsMessage,
  TenantSettingsSchema,
} from '../../../proto/gen/domainflow/registry/v1/tenant_pb.js';
import type { Budgets, BudgetsSent } from '../core/budget.ts';
import type { Place, PlaceSent, TenantSettings, TenantSettingsSent } from '../core/tenant-settings.ts';

/** Settings as they were received; absent settings are empty ones. */
export function tenantSettingsSent(message: TenantSettingsMessage | undefined): TenantSettingsSent {
  if (!message) return { places: [], timeZone: '' };
  const { homeArea, places, timeZone, budgets } = message;
  return {
    homeArea: homeArea && placeSent(homeArea),
    places: places.map(placeSent),
    timeZone,
    budgets: budgets && budgetsSent(budgets),
  };
}

/** Settings as they are sent. */
export function tenantSettingsMessage(settings: TenantSettings): TenantSettingsMessage {
  const { homeArea, places, timeZone, budgets } = settings;
  return create(TenantSettingsSchema, {
    homeArea: homeArea && placeMessage(homeArea),
    places: places.map(placeMessage),
    timeZone,
    ...(budgets ? { budgets: budgetsMessage(budgets) } : {}),
  });
}

function budgetsSent({ tenant, domain, run }: BudgetsMessage): BudgetsSent {
  return { tenant, domain, run };
}

function budgetsMessage({ tenant, domain, run }: Budgets): MessageInitShape<typeof BudgetsSchema> {
  return { ...(tenant ? { tenant } : {}), ...(domain ? { domain } : {}), ...(run ? { run } : {}) };
}

function placeSent({ name, aliases, point }: PlaceMessage): PlaceSent {
  return { name, aliases, point: point && { longitude: point.longitude, latitude: point.latitude } };
}

function placeMessage({ name, aliases, point }: Place): MessageInitShape<typeof PlaceSchema> {
  return { name, aliases: [...aliases], point: { longitude: point.longitude, latitude: point.latitude } };
}
