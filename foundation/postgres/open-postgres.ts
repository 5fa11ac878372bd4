// Opens a service's PostgreSQL from its settings: metrics, logs, breaker and replica wired, and closed with the service.
import type { BreakerBoard } from '../breaker/breaker-board.ts';
import { createBreakerMetrics } from '../breaker/breaker-metrics.ts';
import { monotonicMs } from '../clock.ts';
import type { DatabaseConfig } from '../config/database-config.ts';
import type { DatabaseSource } from '../config/database-source.ts';
import type { Closing } from '../process/closing.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { type ConnectionPlace, connectionPlaceOf } from './connection-place.ts';
import { resolveDatabaseUrl } from './database-url.ts';
import { createPostgres, type Postgres } from './pool.ts';
import { loggedBreaker, loggedFallbacks, loggedPool } from './pool-log.ts';
import { createFallbackMetric } from './pool-metrics.ts';
import type { PostgresOptions } from './postgres-options.ts';
import { withReadReplica } from './read-replica.ts';

/** A replica that is away must not keep a read from the primary for long. */
const replicaAcquireTimeoutMs = 2_000;

/** What opening needs of a service's frame. */
export interface PostgresFrame {
  readonly telemetry: Telemetry;
  readonly closing: Closing;
  /** Where the breakers of its pools are listed; absent lists them nowhere. */
  readonly breakers?: Pick<BreakerBoard, 'adopt'>;
}

/** One pool of a service. Figures that are absent come from the settings. */
export interface OpenPostgresOptions {
  /** Shown in the server's session list. */
  readonly name: string;
  readonly database: DatabaseConfig;
  /** The label of its metrics, and the end of its breaker's name `database:<pool>` [requests, whose breaker is `database`]. */
  readonly pool?: string;
  /** Another login than the one of the settings; such a pool has no replica. */
  readonly source?: DatabaseSource;
  /** A pool of this fixed size. */
  readonly size?: number;
  /** The longest that a caller waits for a connection, should the settings allow longer. */
  readonly acquireTimeoutMsMax?: number;
  readonly statementTimeoutMs?: number;
  readonly sessionSettings?: Readonly<Record<string, string>>;
}

/** Opens the pool, and the one of the replica if there is one. Nothing is connected yet; `closing` ends it. */
export function openPostgres(frame: PostgresFrame, options: OpenPostgresOptions): Postgres {
  const { database, source = database.source, pool = 'requests', name } = options;
  const primary = openPool(frame, options, { source, pool });
  const { readSource } = database;
  const postgres =
    readSource === undefined || options.source !== undefined
      ? primary
      : openReplica(frame, options, { primary, readSource });
  frame.closing.add(`postgres of ${name}`, () => postgres.close());
  return postgres;
}

function openReplica(
  frame: PostgresFrame,
  options: OpenPostgresOptions,
  { primary, readSource }: { readonly primary: Postgres; readonly readSource: DatabaseSource },
): Postgres {
  const { log, metrics } = frame.telemetry;
  const bounded = { ...options, acquireTimeoutMsMax: replicaAcquireTimeoutMs };
  const replica = openPool(frame, bounded, { source: readSource, pool: 'read' });
  return withReadReplica(
    primary,
    replica,
    loggedFallbacks({ log, nowMs: monotonicMs }, createFallbackMetric(metrics, 'read')),
  );
}

function openPool(
  { telemetry, breakers }: PostgresFrame,
  options: OpenPostgresOptions,
  { source, pool }: { readonly source: DatabaseSource; readonly pool: string },
): Postgres {
  const { log, metrics, tracer } = telemetry;
  const { tls, pool: settings } = options.database;
  const { sizeKept, overflowMax, recycleMs, held, breaker } = settings;
  const acquireTimeoutMs = Math.min(
    settings.acquireTimeoutMs,
    options.acquireTimeoutMsMax ?? settings.acquireTimeoutMs,
  );
  let place: ConnectionPlace | undefined;
  const sizeMax = options.size ?? sizeKept + overflowMax;
  return createPostgres({
    url: async () => {
      const url = await resolveDatabaseUrl(source, tls);
      place = connectionPlaceOf(url);
      return url;
    },
    applicationName: options.name,
    sizeKept: options.size ?? sizeKept,
    sizeMax,
    acquireTimeoutMs,
    ...statementTimeoutOf(options),
    sessionSettings: options.sessionSettings,
    recycleMs,
    held,
    breaker: {
      name: pool === 'requests' ? 'database' : `database:${pool}`,
      limits: breaker,
      observer: loggedBreaker(log, createBreakerMetrics(metrics)),
      onMade: breakers?.adopt,
    },
    tracer,
    observer: loggedPool({
      ...{ log, metrics, pool, connectionsMax: sizeMax, nowMs: monotonicMs },
      ...{ place: () => place, acquireTimeoutMs },
    }),
  });
}

function statementTimeoutOf({
  statementTimeoutMs,
}: OpenPostgresOptions): Pick<PostgresOptions, 'statementTimeoutMs'> {
  return statementTimeoutMs === undefined ? {} : { statementTimeoutMs };
}
