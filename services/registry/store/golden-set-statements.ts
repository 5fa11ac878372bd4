// Golden sets in PostgreSQL, asked for and written inside a transaction that someone else began.
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { Actor } from '../core/actor.ts';
import type { GoldenPlaybook, GoldenRow, GoldenSet, RequiredSet } from '../core/golden-set.ts';
import { goldenSetsPerDomainMax, requiredSetsMax } from '../core/golden-set.ts';
import { goldenSetDocument } from '../core/golden-set-document.ts';
import type { GateFacts, GateWrites } from './gate-store.ts';
import { recordWrite } from './record-write.ts';

const columns = (
  definition: string,
): string => `d.domain_id, s.name, s.version, s.playbook, s.required, ${definition} as definition,
  jsonb_array_length(s.definition -> 'rows') as rows_total, s.created_at, s.updated_at, s.updated_by`;

const ofDomain = `from registry.golden_sets s
join registry.domain_configurations d on d.tenant_id = s.tenant_id and d.id = s.domain_configuration_id
where s.tenant_id = $1 and s.domain_configuration_id = $2`;

const selectSet = `select ${columns('s.definition')} ${ofDomain} and s.name = $3`;

const selectSets = `select ${columns(`s.definition - 'rows'`)} ${ofDomain} order by s.name limit ${goldenSetsPerDomainMax}`;

const selectRequired = `select d.domain_id, d.id as domain_key, s.name, s.version, s.playbook
from registry.golden_sets s
join registry.domain_configurations d on d.tenant_id = s.tenant_id and d.id = s.domain_configuration_id
where s.tenant_id = $1 and s.required and ($2::uuid is null or s.domain_configuration_id = $2)
order by d.domain_id, s.name
limit ${requiredSetsMax}`;

const putSet = `insert into registry.golden_sets as s (tenant_id, domain_configuration_id, name, version, playbook, required, definition,
  created_at, updated_at, created_by, updated_by)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
on conflict on constraint golden_sets_pkey do update
set version = excluded.version, playbook = excluded.playbook, required = excluded.required, definition = excluded.definition,
  updated_at = excluded.updated_at, updated_by = excluded.updated_by`;

// The results of its gates go with it by their foreign key.
const deleteSet = `delete from registry.golden_sets where tenant_id = $1 and domain_configuration_id = $2 and name = $3`;

interface GoldenSetRow {
  readonly domain_id: string;
  readonly name: string;
  readonly version: number;
  readonly playbook: GoldenPlaybook;
  readonly required: boolean;
  readonly definition: {
    readonly rows?: readonly GoldenRow[];
    readonly thresholds: {
      readonly precision: number;
      readonly recall: number;
      readonly cost_ratio_max?: number;
      readonly latency_ratio_max?: number;
    };
    readonly tolerances: { readonly distance_km: number };
  };
  readonly rows_total: number;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly updated_by: string;
}

interface RequiredRow {
  readonly domain_id: string;
  readonly domain_key: string;
  readonly name: string;
  readonly version: number;
  readonly playbook: GoldenPlaybook;
}

/** Facts about the golden sets of a tenant. */
export function goldenSetFacts(
  client: SqlClient,
  tenantId: string,
): Pick<GateFacts, 'goldenSet' | 'goldenSets' | 'requiredSets'> {
  const query = async <Row>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<readonly Row[]> =>
    (await client.query<Row>({ name: `registry.${name}`, text, values: [tenantId, ...values] })).rows;
  return {
    goldenSet: async ({ id }, name) => {
      const [row] = await query<GoldenSetRow>('select_golden_set', selectSet, [id, name]);
      return row && goldenSetOf(row);
    },
    goldenSets: async ({ id }) =>
      (await query<GoldenSetRow>('select_golden_sets', selectSets, [id])).map(goldenSetOf),
    requiredSets: async (domain) =>
      (await query<RequiredRow>('select_required_sets', selectRequired, [domain?.id ?? null])).map(
        requiredOf,
      ),
  };
}

/** Writes of golden sets of the actor's tenant. */
export function goldenSetWrites(client: SqlClient, actor: Actor): GateWrites {
  const { tenantId, userId } = actor;
  return {
    putGoldenSet: async ({ id }, set, record) => {
      const { name, version, playbook, required, createdAt, updatedAt } = set;
      const { rows, thresholds, tolerances } = goldenSetDocument(set);
      const definition = JSON.stringify({ rows, thresholds, tolerances });
      const values = [
        tenantId,
        id,
        name,
        version,
        playbook,
        required,
        definition,
        createdAt,
        updatedAt,
        userId,
      ];
      await client.query({ name: 'registry.put_golden_set', text: putSet, values });
      await recordWrite(client, actor, record);
    },
    deleteGoldenSet: async ({ id }, name, record) => {
      const values = [tenantId, id, name];
      await client.query({ name: 'registry.delete_golden_set', text: deleteSet, values });
      await recordWrite(client, actor, record);
    },
  };
}

function goldenSetOf(row: GoldenSetRow): GoldenSet {
  const { rows = [], thresholds, tolerances } = row.definition;
  const { precision, recall, cost_ratio_max: cost, latency_ratio_max: latency } = thresholds;
  return {
    domainId: row.domain_id,
    name: row.name,
    version: row.version,
    playbook: row.playbook,
    required: row.required,
    rows,
    rowsTotal: row.rows_total,
    thresholds: {
      precision,
      recall,
      ...(cost === undefined ? {} : { costRatioMax: cost }),
      ...(latency === undefined ? {} : { latencyRatioMax: latency }),
    },
    distanceKm: tolerances.distance_km,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  };
}

function requiredOf({ domain_id: domainId, domain_key: domainKey, ...set }: RequiredRow): RequiredSet {
  return { ...set, domainId, domainKey };
}
