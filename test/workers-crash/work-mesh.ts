// As much of a mesh as work needs, each part in a process of its own that can be killed and started again at the same address: gateway, replicas
// of the orchestrator behind it, registry and databases. The neighbours that work never asks stand for nothing.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
import { startLocalDatabases } from '../../local/databases/databases.ts';
import { randomSecrets } from '../../local/mesh/mesh-secrets.ts';
import { ensureDatabase, prepareSchemas } from '../../local/mesh/prepare-stores.ts';
import { type EnvironmentSources, serviceEnvironment } from '../../local/mesh/service-environment.ts';
import {
  type StartedProcess,
  type StartedService,
  startServiceProcess,
} from '../../local/mesh/service-process.ts';
import { mintToken } from '../../local/terminal/mint-token.ts';
import { startTraceServer } from '../../local/traces/trace-server.ts';

/** How the mesh is started. */
export interface WorkMeshOptions {
  /** Replicas of the orchestrator. */
  readonly replicas: number;
  /** Whether what is written survives a loss of power. */
  readonly durable: boolean;
  /** Settings of every process; absent for none. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A replica that is killed and started again. */
export interface KillableReplica {
  readonly pid: () => number;
  /** Kills the process, and starts another of its name at its address; resolves when that one serves. */
  replace(): Promise<void>;
}

/** The running mesh. */
export interface WorkMesh {
  readonly gatewayUrl: string;
  readonly gatewayPid: number;
  /** URL of the superuser, of the database that the services use. */
  readonly adminUrl: string;
  readonly replicas: readonly KillableReplica[];
  /** A token of a person of the tenant `acme`. */
  readonly token: string;
  close(): Promise<void>;
}

const rates = ['RATE_USER_PER_S', 'RATE_USER_BURST', 'RATE_USER_PER_DAY', 'RATE_V2_ADDRESS_PER_MIN'];
const ratesOff = Object.fromEntries(rates.map((name) => [name, '0']));

/** Starts it; nobody's rate is limited. `close` removes all that it left. */
export async function startWorkMesh({
  replicas: count,
  durable,
  settings = {},
}: WorkMeshOptions): Promise<WorkMesh> {
  const folder = await mkdtemp(join(tmpdir(), 'domainflow-work-'));
  const databases = await startLocalDatabases({ durable });
  const traces = await startTraceServer();
  const sources = await sourcesOf(folder, await ensureDatabase(databases.adminUrl), {
    dynamoEndpoint: databases.dynamoEndpoint,
    tracesUrl: traces.url,
  });
  const launch = launcher(folder, sources, settings);
  const registry = await launch('registry', {});
  const neighbours = ['registry', 'reports', 'sessions', 'agents'] as const;
  const addresses = Object.fromEntries(neighbours.map((name) => [name, registry.address]));
  const replicas: Array<KillableReplica & StartedService> = [];
  for (let at = 0; at < count; at += 1) {
    const replica = { REPLICA_NAME: `replica-${at}` };
    replicas.push(await killable((more) => launch('orchestrator', addresses, { ...replica, ...more })));
  }
  const orchestrator = replicas.map(({ address }) => address).join(',');
  const gateway = await launch('gateway', { ...addresses, orchestrator }, ratesOff);
  const who = { tenant: 'acme', user: 'edgar', roles: ['admin'], keyPath: sources.issuerKeyPath };
  return {
    gatewayUrl: `http://${gateway.address}`,
    gatewayPid: gateway.pid,
    adminUrl: sources.adminUrl,
    replicas,
    token: await mintToken(who),
    close: async () => {
      for (const process of [gateway, ...replicas, registry]) await process.close();
      await traces.close();
      await databases.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function sourcesOf(
  folder: string,
  adminUrl: string,
  urls: Pick<EnvironmentSources, 'dynamoEndpoint' | 'tracesUrl'>,
): Promise<EnvironmentSources> {
  const secrets = randomSecrets();
  await prepareSchemas(adminUrl, secrets);
  const keys = await Promise.all([generateSigningKey(), generateSigningKey(), generateSigningKey()]);
  const [gatewayKey, runKey, agentsKey] = keys;
  return {
    ...{ port: 0, adminUrl, logDir: folder, secrets, gatewayKey, runKey, agentsKey, replicaName: '' },
    ...urls,
    objects: { endpoint: '', bucket: '', accessKeyId: '', secretAccessKey: '' },
    issuerKeyPath: join(folder, 'issuer.json'),
  };
}

type Settings = Readonly<Record<string, string>>;
type Launched = 'registry' | 'orchestrator' | 'gateway';

function launcher(logDir: string, sources: EnvironmentSources, settings: Settings) {
  return (name: Launched, addresses: Settings, more: Settings = {}): Promise<StartedProcess> =>
    startServiceProcess({
      ...{ name, logDir, onDeath: () => undefined }, // whoever kills one knows of it
      env: { ...serviceEnvironment(name, sources, addresses), ...settings, ...more },
    });
}

async function killable(
  start: (more: Settings) => Promise<StartedProcess>,
): Promise<KillableReplica & StartedService> {
  let present = await start({});
  const { address } = present;
  const port = address.split(':').at(-1) ?? '';
  return {
    address,
    pid: () => present.pid,
    async replace() {
      process.kill(present.pid, 'SIGKILL');
      present = await start({ PORT: port });
    },
    close: () => present.close(),
  };
}
