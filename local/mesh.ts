// The whole mesh on one machine: databases, an object store, a collector of traces, five services and the gateway, started in order over real sockets and
// stopped in reverse. It knows how the parts are put together and nothing of what they do.
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Fault } from '../foundation/fault/fault.ts';
import type { MeshIssuer } from '../foundation/identity/mesh-issuers.ts';
import { generateSigningKey, type SigningKeyPair } from '../foundation/identity/signing-key.ts';
import { type Closing, createClosing } from '../foundation/process/closing.ts';
import { ensureFolder } from './checkout.ts';
import { type LocalDatabases, startLocalDatabases } from './databases/databases.ts';
import { postgresConnectionsMax } from './databases/postgres.ts';
import { awaitReady } from './mesh/await-ready.ts';
import { connectionNeeds, requireConnectionBudget } from './mesh/connection-budget.ts';
import { loadService, startServiceHere } from './mesh/in-process-service.ts';
import { type MeshSecrets, openSecrets, randomSecrets } from './mesh/mesh-secrets.ts';
import { requireFreePort } from './mesh/port-in-use.ts';
import { ensureDatabase, prepareSchemas, prepareTables } from './mesh/prepare-stores.ts';
import { type Addresses, type EnvironmentSources, serviceEnvironment } from './mesh/service-environment.ts';
import { type ServiceName, startOrder } from './mesh/service-names.ts';
import { type StartedService, startServiceProcess, stopTimeoutMs } from './mesh/service-process.ts';
import { type LocalObjects, startLocalObjects } from './objects/object-server.ts';
import { startTraceServer, type TraceServer } from './traces/trace-server.ts';

// Longer than a service process is given to end, so that the kill comes first.
const serviceCloseMs = stopTimeoutMs + 3_000;

/** How a mesh is started. */
export interface MeshOptions {
  /** The gateway's port; 0 takes a free one. All other ports are always free ones. */
  readonly port: number;
  /** Kept from start to start, for one mesh at a time; undefined keeps nothing. */
  readonly dataDir: string | undefined;
  /** All services in this process, or each in one of its own. */
  readonly mode: 'in-process' | 'processes';
  /** For processes: a folder with what an image holds, from which they are started; absent means this checkout. */
  readonly imageDir?: string;
  /** The development issuer's key; made when absent. */
  readonly issuerKeyPath: string;
  /** Where each service writes `<name>.log`; absent means `logs` in the data folder, which must be given then. */
  readonly logDir?: string;
  /** Settings of the agents service, such as `MODEL_PROVIDER`; absent for rules in place of models. */
  readonly agentSettings?: Readonly<Record<string, string>>;
  /** Settings of the gateway, such as `EVENT_STREAMS_MAX`; absent for its defaults. */
  readonly gatewaySettings?: Readonly<Record<string, string>>;
  /** Settings of the orchestrator, such as `WORKER_NETWORKS`; absent for its defaults. */
  readonly orchestratorSettings?: Readonly<Record<string, string>>;
  /** Further settings of each service, which come before the mesh's own; absent for none. */
  readonly serviceSettings?: (name: ServiceName) => Readonly<Record<string, string>>;
  /** Aborting it stops a start that is under way. */
  readonly signal?: AbortSignal;
  /** Told in a few words what is being done next. */
  readonly onStep?: (step: string) => void;
  /** False gives up what survives a loss of power, for tests [true]. */
  readonly durable?: boolean;
}

/** A running mesh. */
export interface Mesh {
  /** `http://127.0.0.1:<port>`: all that a user needs. */
  readonly gatewayUrl: string;
  /** The collector: `/traces` and `/traces/{trace_id}` below this URL. */
  readonly tracesUrl: string;
  /** `host:port` of each service. */
  readonly addresses: Readonly<Record<ServiceName, string>>;
  readonly databases: LocalDatabases;
  /** What the mesh's tokens are signed with, for whoever speaks to a service past the gateway. */
  readonly signingKeys: Readonly<Record<MeshIssuer, SigningKeyPair>>;
  readonly logDir: string;
  /** Starts one more replica of the orchestrator in this process, beside the mesh: close it before. The gateway does not know of it. */
  startOrchestratorReplica(): Promise<{ close(): Promise<void> }>;
  /**
   * Ends a service in order and starts it again at its address; resolves when it serves. Only for services in processes of their own, and not
   * for two of them at the same time.
   */
  restart(name: ServiceName): Promise<void>;
  /** Resolves with a sentence when a service has ended by itself: then the mesh is broken and should be closed. */
  readonly failure: Promise<string>;
  /** Stops everything in reverse order and resolves when it has ended. Rejects when a part did not stop properly. */
  close(): Promise<void>;
}

/**
 * Starts a mesh and resolves when its gateway is ready. Throws, with everything stopped again, when a part cannot start: a
 * Fault whose sentence says what to do for a port or a data folder in use, the signal's reason when it was aborted.
 */
export async function startMesh(options: MeshOptions): Promise<Mesh> {
  const failures: unknown[] = [];
  const note = (fields: object): void => void failures.push(fields);
  const closing = createClosing({ debug: () => {}, error: note });
  try {
    return await start(options, closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

async function start(options: MeshOptions, closing: Closing): Promise<Mesh> {
  const { port, dataDir, mode, signal, imageDir, onStep = () => {} } = options;
  await requireFreePort(port);
  const logDir = await makeFolders(options);
  onStep('starting the databases');
  const { databases, traces } = await startStores(options, closing);
  const objects = await startObjects(options, closing);
  signal?.throwIfAborted();
  onStep('preparing the databases');
  const secrets = dataDir === undefined ? randomSecrets() : await openSecrets(dataDir);
  const adminUrl = await prepareStores(databases, secrets);
  signal?.throwIfAborted();
  const [gatewayKey, runKey, agentsKey] = await Promise.all([
    generateSigningKey(),
    generateSigningKey(),
    generateSigningKey(),
  ]);
  const sources: EnvironmentSources = {
    ...{ port, adminUrl, logDir, secrets, gatewayKey, runKey, agentsKey },
    dynamoEndpoint: databases.dynamoEndpoint,
    objects,
    tracesUrl: traces.url,
    issuerKeyPath: options.issuerKeyPath,
    agentSettings: options.agentSettings ?? {},
    gatewaySettings: options.gatewaySettings ?? {},
    orchestratorSettings: options.orchestratorSettings ?? {},
    serviceSettings: options.serviceSettings ?? (() => ({})),
    replicaName: dataDir === undefined ? `local-${randomUUID()}` : `local-${hostname()}`,
  };
  requireConnectionBudget(connectionNeeds(sources), postgresConnectionsMax);
  const { promise: failure, resolve: onDeath } = Promise.withResolvers<string>();
  onStep('starting the services');
  const { addresses, restart } = await startServices({ sources, mode, closing, signal, onDeath, imageDir });
  const gatewayUrl = `http://${addresses.gateway}`;
  await awaitReady(gatewayUrl, { failure, signal });
  const close = async (): Promise<void> => {
    const problems = await closing.close();
    if (problems.length > 0)
      throw new AggregateError(
        problems.map(({ error }) => error),
        `These parts did not stop properly: ${problems.map(({ step }) => step).join(', ')}`,
      );
  };
  const signingKeys = { gateway: gatewayKey, orchestrator: runKey, agents: agentsKey };
  const startOrchestratorReplica: Mesh['startOrchestratorReplica'] = () => {
    const env = serviceEnvironment(
      'orchestrator',
      { ...sources, replicaName: `local-${randomUUID()}` },
      addresses,
    );
    return startServiceHere('orchestrator', env);
  };
  const told = { gatewayUrl, tracesUrl: traces.url, addresses, databases, signingKeys, logDir, failure };
  return { ...told, startOrchestratorReplica, restart, close };
}

async function makeFolders({ dataDir, logDir }: MeshOptions): Promise<string> {
  if (dataDir !== undefined) await ensureFolder(dataDir);
  const folder = logDir ?? (dataDir === undefined ? undefined : join(dataDir, 'logs'));
  if (folder === undefined) throw new RangeError('A mesh that keeps nothing needs a folder for its logs');
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Databases, collector and, for a mesh in one process, the code of the services, all at once. */
async function startStores(
  options: MeshOptions,
  closing: Closing,
): Promise<{ databases: LocalDatabases; traces: TraceServer }> {
  const { dataDir, mode, durable = true } = options;
  const loading = mode === 'in-process' ? startOrder.flat().map(loadService) : [];
  const [traces, databases, ...loaded] = await Promise.allSettled([
    startTraceServer(),
    startLocalDatabases({ dataDir, durable }),
    ...loading,
  ]);
  if (traces.status === 'fulfilled') closing.add('traces', () => traces.value.close());
  if (databases.status === 'fulfilled')
    closing.add('databases', () => databases.value.stop(), { timeoutMs: 20_000 });
  if (traces.status === 'rejected') throw traces.reason;
  if (databases.status === 'rejected') throw startFault(databases.reason, dataDir);
  const broken = loaded.find((load) => load.status === 'rejected');
  if (broken) throw broken.reason;
  return { databases: databases.value, traces: traces.value };
}

/** After the databases, which let one mesh at a time into a data folder. */
async function startObjects({ dataDir }: MeshOptions, closing: Closing): Promise<LocalObjects> {
  const path = dataDir === undefined ? undefined : join(dataDir, 'objects');
  const objects = await startLocalObjects({ path });
  closing.add('objects', () => objects.stop());
  return objects;
}

function startFault(error: unknown, dataDir: string | undefined): unknown {
  if (!(error instanceof Error) || dataDir === undefined) return error;
  const advice = 'One data folder serves one mesh at a time; DATA_DIR=<folder> chooses another.';
  return new Fault('failed_precondition', `${error.message}. ${advice}`, { cause: error.cause });
}

async function prepareStores(databases: LocalDatabases, secrets: MeshSecrets): Promise<string> {
  const [adminUrl] = await Promise.all([
    ensureDatabase(databases.adminUrl),
    prepareTables(databases.dynamoEndpoint),
  ]);
  await prepareSchemas(adminUrl, secrets);
  return adminUrl;
}

interface ServicesStart {
  readonly sources: EnvironmentSources;
  readonly mode: MeshOptions['mode'];
  readonly imageDir: string | undefined;
  readonly closing: Closing;
  readonly signal: AbortSignal | undefined;
  readonly onDeath: (sentence: string) => void;
}

interface StartedServices {
  readonly addresses: Readonly<Record<ServiceName, string>>;
  readonly restart: (name: ServiceName) => Promise<void>;
}

async function startServices(options: ServicesStart): Promise<StartedServices> {
  let addresses: Addresses = {};
  const restarts = new Map<ServiceName, () => Promise<void>>();
  for (const names of startOrder) {
    options.signal?.throwIfAborted();
    const starts = names.map((name) => startOne(name, options, addresses));
    const outcomes = await Promise.allSettled(starts);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    for (const { name, address, restart } of await Promise.all(starts)) {
      addresses = { ...addresses, [name]: address };
      restarts.set(name, restart);
    }
  }
  return {
    addresses: addresses as Record<ServiceName, string>, // every name is in startOrder
    restart: async (name) => restarts.get(name)?.(),
  };
}

interface StartedOne {
  readonly name: ServiceName;
  readonly address: string;
  readonly restart: () => Promise<void>;
}

async function startOne(
  name: ServiceName,
  { sources, mode, closing, onDeath, imageDir }: ServicesStart,
  addresses: Addresses,
): Promise<StartedOne> {
  const env = serviceEnvironment(name, sources, addresses);
  const start = (more: Readonly<Record<string, string>> = {}): Promise<StartedService> =>
    mode === 'in-process'
      ? startServiceHere(name, env)
      : startServiceProcess({ name, env: { ...env, ...more }, logDir: sources.logDir, onDeath, imageDir });
  let service = await start();
  closing.add(name, () => service.close(), { timeoutMs: serviceCloseMs });
  const { address } = service;
  const restart = async (): Promise<void> => {
    if (mode === 'in-process') throw new RangeError('Services of one process end together');
    await service.close();
    service = await start({ PORT: address.slice(address.lastIndexOf(':') + 1) });
  };
  return { name, address, restart };
}
