// How many connections the services of a mesh may open together, held against what its PostgreSQL takes. It opens none itself.
import { Fault } from '../../foundation/fault/fault.ts';
import {
  enginePoolSize,
  journalPoolSize,
  ownerPoolSize,
} from '../../services/orchestrator/store/engine-connections.ts';
import { changeListeners } from '../../services/registry/store/change-source.ts';
import { type EnvironmentSources, serviceEnvironment } from './service-environment.ts';
import { type ServiceName, startOrder } from './service-names.ts';

/** The share of the server's connections that services may use; the rest is for administrators, migrations and a second start. */
const shareMax = 0.8;

/** Connections beside the pool for requests. */
const besidePool: Readonly<Partial<Record<ServiceName, number>>> = {
  registry: changeListeners,
  orchestrator: enginePoolSize + journalPoolSize + ownerPoolSize,
};

/** The most connections of each service that has a database. */
export type ConnectionNeeds = Readonly<Partial<Record<ServiceName, number>>>;

/** What the services need with these settings: pool, overflow and what is beside them. */
export function connectionNeeds(sources: EnvironmentSources): ConnectionNeeds {
  const needs = startOrder.flat().map((name) => {
    const { DATABASE_URL, DB_POOL_SIZE, DB_MAX_OVERFLOW } = serviceEnvironment(name, sources, {});
    const pool = Number(DB_POOL_SIZE) + Number(DB_MAX_OVERFLOW);
    return [name, DATABASE_URL === undefined ? 0 : pool + (besidePool[name] ?? 0)] as const;
  });
  return Object.fromEntries(needs.filter(([, connections]) => connections > 0));
}

/** Fault `failed_precondition` with all figures when the needs are more than 80 % of the server's `max_connections`. */
export function requireConnectionBudget(needs: ConnectionNeeds, connectionsMax: number): void {
  const budget = Math.floor(connectionsMax * shareMax);
  const sum = Object.values(needs).reduce((total, connections) => total + connections, 0);
  if (sum <= budget) return;
  const each = Object.entries(needs).map(([name, connections]) => `${name} ${connections}`);
  throw new Fault(
    'failed_precondition',
    `The services may open ${sum} connections to PostgreSQL (${each.join(', ')}), but 80 % of its ${connectionsMax} are ${budget}: lower DB_POOL_SIZE or DB_MAX_OVERFLOW, or raise max_connections`,
  );
}
