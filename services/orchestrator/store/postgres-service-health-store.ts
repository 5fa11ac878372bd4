// What checks of the services found, on PostgreSQL. All times are the database's: replicas need not agree on theirs.
import { textArray } from '../../../foundation/postgres/binary-array.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { KnownHealth } from '../core/service-health.ts';
import type { ServiceHealthKeeper, ServiceHealthStore } from './service-health-store.ts';

const servicesMax = 100;

const selectHealth = `select service, status, checked_at, response_ms, detail, clock_timestamp() as now
  from orchestrator.service_health order by service limit ${servicesMax}`;

// `updated_at` is when somebody took the check on, `checked_at` when it was over. Of two that take it on at once the second finds it taken.
const claimDue = `insert into orchestrator.service_health as h (service)
  select k.service from unnest($1::text[]) as k (service) order by k.service
  on conflict on constraint service_health_pkey do update set updated_at = excluded.updated_at
  where h.updated_at <= excluded.updated_at - make_interval(secs => $2)
  returning service`;

const keepFinding = `insert into orchestrator.service_health (service, status, checked_at, response_ms, detail)
  values ($1, $2, clock_timestamp(), $3, $4)
  on conflict on constraint service_health_pkey do update set status = excluded.status, checked_at = excluded.checked_at,
    response_ms = excluded.response_ms, detail = excluded.detail, updated_at = excluded.updated_at`;

interface HealthRow {
  readonly service: string;
  readonly status: KnownHealth['status'];
  readonly checked_at: Date | null;
  readonly response_ms: number;
  readonly detail: string;
  readonly now: Date;
}

/** The store over a pool of either role. */
export function createPostgresServiceHealthStore(postgres: Postgres): ServiceHealthStore {
  return {
    async read() {
      const statement = { name: 'orchestrator.select_service_health', text: selectHealth, values: [] };
      const { rows } = await postgres.query<HealthRow>(statement);
      return { found: rows.map(knownOf), nowMs: rows[0]?.now.getTime() ?? 0 };
    },
  };
}

/** The keeper over a pool of the role `orchestrator_engine`. */
export function createPostgresServiceHealthKeeper(postgres: Postgres): ServiceHealthKeeper {
  return {
    async claimDue(services, everyMs) {
      const values = [textArray([...services]), everyMs / 1000];
      const statement = { name: 'orchestrator.claim_service_checks', text: claimDue, values };
      return (await postgres.query<{ service: string }>(statement)).rows.map(({ service }) => service);
    },
    async keep({ service, status, responseMs, detail }) {
      const values = [service, status, responseMs, detail];
      await postgres.query({ name: 'orchestrator.keep_service_health', text: keepFinding, values });
    },
  };
}

function knownOf(row: HealthRow): KnownHealth {
  const { service, status, checked_at: checkedAt, response_ms: responseMs, detail } = row;
  const checked = checkedAt === null ? {} : { checkedAtMs: checkedAt.getTime() };
  return { service, status, ...checked, responseMs, detail };
}
