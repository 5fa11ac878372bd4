// How the circuit breakers of all processes stand, and what is asked of them. They are of no tenant: whose each is, core says by its key.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { Actor } from '../core/actor.ts';
import {
  ailingStates,
  type BreakerMode,
  type BreakerReport,
  type BreakerState,
  type ForcedBreaker,
  nameOf,
} from '../core/breaker.ts';
import { earlierWrite } from './earlier-write.ts';
import { recordWrite } from './record-write.ts';
import type { BreakerStore, ForcedWish, ProcessReport } from './store.ts';
import { refuseUnknownPrincipal } from './unknown-principal.ts';

const report = `select registry.report_breakers($1, $2, $3, $4, $5) as is_known`;

const selectForced = `select f.id, f.breaker_key, f.mode, f.ago_ms from registry.recently_forced_breakers() f limit 1000`;

const selectReports = `select r.process_id, r.service, r.host, r.states from registry.live_breaker_reports() r limit 1000`;

const selectAiling = `select r.process_id, r.service, r.host, r.states from registry.ailing_breaker_reports() r limit 1000`;

const force = `select registry.force_breaker($1, $2, $3)`;

interface ReportRow {
  readonly process_id: string;
  readonly service: string;
  readonly host: string;
  readonly states: string;
}

interface ForcedRow {
  readonly id: string;
  readonly breaker_key: string;
  readonly mode: BreakerMode;
  readonly ago_ms: number;
}

/** Keeps breakers in PostgreSQL. */
export function createBreakerStatements(postgres: Postgres): BreakerStore {
  return {
    reportBreakers: (told) => keepReport(postgres, told),
    forcedBreakers: () => forcedBreakers(postgres),
    breakerReports: () =>
      reportsBy(postgres, { name: 'registry.select_breaker_reports', text: selectReports }),
    ailingReports: () => reportsBy(postgres, { name: 'registry.select_ailing_breakers', text: selectAiling }),
    forceBreaker: (actor, wish) => refuseUnknownPrincipal(forceBreaker(postgres, actor, wish)),
  };
}

async function reportsBy(
  postgres: Postgres,
  statement: { readonly name: string; readonly text: string },
): Promise<readonly BreakerReport[]> {
  const { rows } = await postgres.query<ReportRow>({ ...statement, values: [], prepare: true });
  return rows.map(({ process_id: processId, states, ...row }) => ({
    ...{ ...row, processId },
    states: JSON.parse(states) as BreakerState[], // as it was told by a service of the mesh
  }));
}

async function keepReport(
  postgres: Postgres,
  { processId, service, host, states }: ProcessReport,
): Promise<boolean> {
  const texts = states ? [JSON.stringify(states), JSON.stringify(ailingStates(states))] : [null, null];
  const values = [processId, service, host, ...texts];
  const statement = { name: 'registry.report_breakers', text: report, values, prepare: true };
  const { rows } = await postgres.query<{ is_known: boolean }>(statement);
  return rows[0]?.is_known === true;
}

async function forcedBreakers(postgres: Postgres): Promise<readonly ForcedBreaker[]> {
  const statement = {
    name: 'registry.select_forced_breakers',
    text: selectForced,
    values: [],
    prepare: true,
  };
  const { rows } = await postgres.query<ForcedRow>(statement);
  return rows.map(({ id, breaker_key: key, mode, ago_ms: agoMs }) => ({ id, key, mode, agoMs }));
}

async function forceBreaker(postgres: Postgres, actor: Actor, { id, key, mode }: ForcedWish): Promise<void> {
  await postgres.tenantTransaction(actor.tenantId, async (client) => {
    if ((await earlierWrite(client, actor)) !== undefined) return;
    await client.query({ name: 'registry.force_breaker', text: force, values: [key, id, mode] });
    await recordWrite(client, actor, {
      operation: 'update',
      entityType: 'circuit_breaker',
      entityId: nameOf(actor.tenantId, key) ?? key,
      message: `Forced the circuit breaker to be ${mode.replace('_', ' ')}`,
      after: { mode },
    });
  });
}
