// The settings of every service of a local mesh, in the form that a process gets them: names and texts. Nothing here starts anything.
import { hkdfSync } from 'node:crypto';
import { join } from 'node:path';
import type { SigningKeyPair } from '../../foundation/identity/signing-key.ts';
import type { LocalObjects } from '../objects/object-server.ts';
import type { MeshSecrets } from './mesh-secrets.ts';
import { type ServiceName, tableNames } from './service-names.ts';

/** What the settings are made from. */
export interface EnvironmentSources {
  readonly port: number;
  /** The superuser's URL of the database that the services share. */
  readonly adminUrl: string;
  readonly dynamoEndpoint: string;
  readonly objects: Pick<LocalObjects, 'endpoint' | 'bucket' | 'accessKeyId' | 'secretAccessKey'>;
  /** Base URL of the collector of spans. */
  readonly tracesUrl: string;
  readonly logDir: string;
  readonly issuerKeyPath: string;
  readonly secrets: MeshSecrets;
  readonly gatewayKey: SigningKeyPair;
  readonly runKey: SigningKeyPair;
  readonly agentsKey: SigningKeyPair;
  /** Tells meshes on one database apart; a restarted mesh keeps it. */
  readonly replicaName: string;
  /** Settings of the agents service that are not the mesh's own, such as `MODEL_PROVIDER`; absent for none. */
  readonly agentSettings?: Readonly<Record<string, string>>;
  /** Likewise of the gateway. */
  readonly gatewaySettings?: Readonly<Record<string, string>>;
  /** Likewise of the orchestrator. */
  readonly orchestratorSettings?: Readonly<Record<string, string>>;
  /** Likewise of each service; they come before all others. */
  readonly serviceSettings?: (name: ServiceName) => Readonly<Record<string, string>>;
}

/** `host:port` of the services that serve already. */
export type Addresses = Readonly<Partial<Record<ServiceName, string>>>;

/** The settings of one service. Those it depends on must be among the addresses. */
export function serviceEnvironment(
  name: ServiceName,
  sources: EnvironmentSources,
  addresses: Addresses,
): Readonly<Record<string, string>> {
  const { secrets } = sources;
  const base = {
    HOST: '127.0.0.1',
    PORT: name === 'gateway' ? String(sources.port) : '0',
    MESH_KEYS: JSON.stringify({
      gateway: [sources.gatewayKey.publicJwk],
      orchestrator: [sources.runKey.publicJwk],
      agents: [sources.agentsKey.publicJwk],
    }),
    OTEL_EXPORTER_OTLP_ENDPOINT: sources.tracesUrl,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    LOG_FILE: join(sources.logDir, `${name}.log`),
    PAGE_TOKEN_KEY: secrets.pageTokenKey,
    // One machine has few cores; every further connection is one more process of the server.
    DB_POOL_SIZE: '4',
    DB_MAX_OVERFLOW: '4',
  };
  const documents = documentSettings(sources);
  const own: Record<ServiceName, Record<string, string>> = {
    registry: {
      DATABASE_URL: urlFor(sources, 'registry_app', secrets.registryPassword),
      CREDENTIALS_KEYS: JSON.stringify([{ id: 'local', key: credentialsKey(secrets) }]),
    },
    reports: {
      DATABASE_URL: urlFor(sources, 'reports_app', secrets.reportsPassword),
      ...documents,
      ...objectSettings(sources),
    },
    sessions: documents,
    agents: {
      AGENTS_SIGNING_KEY: JSON.stringify(sources.agentsKey.privateJwk),
      ...targets(addresses, ['registry', 'reports']),
      MODEL_PROVIDER: 'offline',
      ...sources.agentSettings,
    },
    orchestrator: {
      DATABASE_URL: urlFor(sources, 'orchestrator_app', secrets.appPassword),
      ENGINE_DATABASE_URL: urlFor(sources, 'orchestrator_engine', secrets.enginePassword),
      RUN_SIGNING_KEY: JSON.stringify(sources.runKey.privateJwk),
      REPLICA_NAME: sources.replicaName,
      ...targets(addresses, ['registry', 'reports', 'sessions', 'agents']),
      ...sources.orchestratorSettings,
    },
    gateway: {
      GATEWAY_SIGNING_KEY: JSON.stringify(sources.gatewayKey.privateJwk),
      AUTH_DEV_ISSUER: sources.issuerKeyPath,
      // All services may share one process: what keeps its event loop busy is then no sign of too many requests.
      SHED_LOOP_DELAY_MS: '0',
      CLOSE_GRACE_MS: '0', // Ctrl-C ends at once
      ...targets(addresses, ['registry', 'reports', 'sessions', 'orchestrator']),
      ...sources.gatewaySettings,
    },
  };
  return { ...base, ...own[name], ...sources.serviceSettings?.(name) };
}

// Made from a secret that every data folder has, those of earlier versions too.
function credentialsKey({ pageTokenKey }: MeshSecrets): string {
  const key = hkdfSync('sha256', pageTokenKey, '', 'credentials of tools', 32);
  return Buffer.from(key).toString('base64url');
}

function documentSettings({ dynamoEndpoint }: EnvironmentSources): Record<string, string> {
  return {
    DYNAMODB_ENDPOINT: dynamoEndpoint,
    AWS_REGION: 'us-east-1',
    REPORTS_TABLE: tableNames.reports,
    PATCHES_TABLE: tableNames.patches,
    SESSIONS_TABLE: tableNames.sessions,
    MESSAGES_TABLE: tableNames.messages,
    QUERY_JOBS_TABLE: tableNames.queryJobs,
  };
}

function objectSettings({ objects }: EnvironmentSources): Record<string, string> {
  return {
    OBJECTS_BUCKET: objects.bucket,
    OBJECTS_ENDPOINT: objects.endpoint,
    OBJECTS_ACCESS_KEY_ID: objects.accessKeyId,
    OBJECTS_SECRET_ACCESS_KEY: objects.secretAccessKey,
  };
}

function urlFor({ adminUrl }: EnvironmentSources, role: string, password: string): string {
  const url = new URL(adminUrl);
  url.username = role;
  url.password = password;
  return url.toString();
}

function targets(addresses: Addresses, names: readonly ServiceName[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`${name.toUpperCase()}_TARGET`, addresses[name] ?? '']));
}
