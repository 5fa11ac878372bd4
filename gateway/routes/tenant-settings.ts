// /tenant/settings: where the tenant is at home, the places it knows by name, its time zone, and what its models may cost.
import type { FastifyInstance } from 'fastify';
import type { Place, TenantSettings } from '../../proto/gen/domainflow/registry/v1/tenant_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { named } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { objectSchema, pointSchema, textSchema } from '../http/schema-parts.ts';
import { type BudgetsJson, budgetsJson, budgetsMessage, budgetsSchema } from './budget-json.ts';
import { type PointJson, pointJson, pointMessage } from './geo-json.ts';
import { meshCall } from './mesh-call.ts';
import { tenantSettingsExample } from './tenant-settings-schema.ts';

const placesMax = 2_000;
const aliasesMax = 20;

interface PlaceJson {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly point: PointJson;
}

interface SettingsJson {
  readonly home_area?: Omit<PlaceJson, 'aliases'> | null;
  readonly places: readonly PlaceJson[];
  readonly time_zone?: string;
  readonly budgets?: BudgetsJson | null;
}

const nameSchema = textSchema(1, 200);

const settingsSchema = objectSchema({
  home_area: { ...objectSchema({ name: nameSchema, point: pointSchema }, ['name', 'point']), nullable: true },
  places: {
    type: 'array',
    maxItems: placesMax,
    default: [],
    items: objectSchema(
      {
        name: nameSchema,
        aliases: { type: 'array', maxItems: aliasesMax, default: [], items: nameSchema },
        point: pointSchema,
      },
      ['name', 'point'],
    ),
  },
  time_zone: {
    type: 'string',
    maxLength: 100,
    format: 'time-zone',
    title: 'IANA time zone; UTC unless given',
  },
  budgets: budgetsSchema,
});

const answered = { schema: named('TenantSettings'), example: tenantSettingsExample };

const operations = {
  get: {
    ...{ id: 'getTenantSettings', tag: 'Tenant', summary: 'Settings of the tenant' },
    answers: { 200: { description: 'The settings', ...answered } },
  },
  put: {
    ...{ id: 'putTenantSettings', tag: 'Tenant', summary: 'Replace the settings of the tenant' },
    description: 'What is absent is removed. All budgets have one currency.',
    ...{ body: settingsSchema, bodyExamples: [tenantSettingsExample] },
    answers: { 200: { description: 'The settings', ...answered } },
  },
} satisfies Record<string, Operation>;

/** Registers the routes of the tenant's settings. PUT replaces them: what is absent is removed. */
export function tenantSettingsRoutes(app: FastifyInstance, { tenants }: MeshClients): void {
  app.get(
    '/tenant/settings',
    { config: { role: 'viewer', permission: 'settings:read' }, schema: routeSchema(operations.get) },
    async (request) => {
      const { settings } = await tenants.getTenantSettings({}, meshCall(request));
      return settingsJson(settings);
    },
  );

  app.put<{ Body: SettingsJson }>(
    '/tenant/settings',
    { config: { role: 'admin', permission: 'settings:update' }, schema: routeSchema(operations.put) },
    async (request) => {
      const { home_area: home, places, time_zone: timeZone = '', budgets } = request.body;
      const wanted = {
        ...(home ? { homeArea: { name: home.name, point: pointMessage(home.point) } } : {}),
        places: places.map(({ name, aliases, point }) => ({
          name,
          aliases: [...aliases],
          point: pointMessage(point),
        })),
        timeZone,
        ...(budgets ? { budgets: budgetsMessage(budgets) } : {}),
      };
      const { settings } = await tenants.updateTenantSettings({ settings: wanted }, meshCall(request));
      return settingsJson(settings);
    },
  );
}

function settingsJson(settings: TenantSettings | undefined): object {
  const home = settings?.homeArea;
  return {
    home_area: home ? { name: home.name, point: pointJson(home.point) } : null,
    places: settings?.places.map(placeJson) ?? [],
    time_zone: settings?.timeZone || 'UTC',
    budgets: budgetsJson(settings?.budgets),
  };
}

function placeJson({ name, aliases, point }: Place): object {
  return { name, aliases, point: pointJson(point) };
}
