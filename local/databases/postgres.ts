// A real PostgreSQL on a data directory, for people's machines and for tests: local only, small in memory, durable, and ended with its parent.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { ensureCluster, type PostgresCluster } from './postgres-cluster.ts';
import { startGuard } from './postgres-guard.ts';
import { endLeftoverServer, serverArguments } from './postgres-leftover.ts';
import { readLockFile } from './postgres-lock-file.ts';
import { findPostgresPrograms, type PostgresAccount, postgresAccount } from './postgres-program.ts';

/** The server's `max_connections`; the pools of a mesh together stay under 80 % of it. */
export const postgresConnectionsMax = 200;

const pagesMbDefault = 64; // a mesh is to be small in memory
const startAttemptsMax = 5;
const retryDelayMs = 200;
const leaveMsMax = 30_000; // for which processes of a killed server are waited on
const pollMs = 10;
const readyMsMax = 120_000; // recovery after a crash replays the log first
const fastShutdownMs = 10_000;
const logTailCharacters = 2_000;

/** How a local server is started. */
export interface LocalPostgresOptions {
  /** Holds `postgres/` (the cluster), `postgres-password` and `postgres.log`; made when absent. When root starts it, other users must be able to reach it. */
  readonly dataDir: string;
  /** The port to listen on; absent takes a free one, another at each start. */
  readonly port?: number;
  /** False gives up durability for speed, for tests only [true]. */
  readonly durable?: boolean;
  /** Memory in which the server keeps pages, in MB; more than the default is for measuring [64]. */
  readonly pagesMb?: number;
  /** True removes `dataDir` should this process die without `stop` [false]. */
  readonly ephemeral?: boolean;
  /** True lets this process end by itself while the server runs, which then ends as if the process had died [false]. */
  readonly background?: boolean;
}

/** A running server. */
export interface LocalPostgres {
  /** The superuser's URL, database `postgres`. */
  readonly adminUrl: string;
  readonly pid: number;
  /** Ends connections, writes everything down and ends the server. Calling it again waits for the same end. */
  stop(): Promise<void>;
}

/** Starts the server on its data directory, after ending one that a killed mesh left there. Throws when the directory is in use. */
export async function startLocalPostgres(options: LocalPostgresOptions): Promise<LocalPostgres> {
  await mkdir(options.dataDir, { recursive: true });
  const dataDir = await realpath(options.dataDir);
  const [programs, account] = await Promise.all([findPostgresPrograms(), postgresAccount()]);
  const cluster = await ensureCluster({ dataDir, programs, account });
  await endLeftoverServer(cluster.directory);
  const logPath = join(dataDir, 'postgres.log');
  const leavesBy = performance.now() + leaveMsMax;
  for (let attempt = 1; ; attempt += 1) {
    // A port may be taken meanwhile.
    const port = options.port ?? (await freePort());
    const command = [programs.postgres, ...serverFlags(cluster.directory, port, options)];
    const server = await launch({ command, account, logPath, directory: cluster.directory });
    if (server) return running(server, { ...options, dataDir, cluster, port });
    const log = await readFile(logPath, 'utf8');
    const maySucceed = hasLeftovers(log) ? performance.now() < leavesBy : attempt < startAttemptsMax;
    if (!maySucceed)
      throw new Error(`PostgreSQL does not start on ${cluster.directory}:\n${log.slice(-logTailCharacters)}`);
    await sleep(retryDelayMs);
  }
}

/** Whether the server ended because processes of a killed one have not left its shared memory yet. */
function hasLeftovers(log: string): boolean {
  return log.includes('pre-existing shared memory block');
}

function serverFlags(
  directory: string,
  port: number,
  { durable = true, pagesMb = pagesMbDefault }: LocalPostgresOptions,
): readonly string[] {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: postgresConnectionsMax,
    shared_buffers: `${pagesMb}MB`,
    fsync: durable ? 'on' : 'off',
    synchronous_commit: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    // The log holds no values: neither failing statements nor the rows that broke a rule.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return [...serverArguments(directory, process.pid), ...flags];
}

interface Launch {
  readonly command: readonly string[];
  readonly account: PostgresAccount | undefined;
  readonly logPath: string;
  readonly directory: string;
}

/** The server once it accepts connections, or undefined when it ended before. */
async function launch({ command, account, logPath, directory }: Launch): Promise<ChildProcess | undefined> {
  const [program = '', ...flags] = command;
  const log = openSync(logPath, 'w', 0o600);
  const server = spawn(program, flags, {
    ...account,
    detached: true, // Ctrl-C in a terminal reaches the mesh, which then stops its databases last
    env: { LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  await once(server, 'spawn');
  for (let waitedMs = 0; waitedMs < readyMsMax; waitedMs += pollMs) {
    if (server.exitCode !== null || server.signalCode !== null) return undefined;
    const lock = await readLockFile(directory);
    if (lock?.pid === server.pid && lock?.ready) return server;
    await sleep(pollMs);
  }
  server.kill('SIGQUIT');
  await once(server, 'exit');
  return undefined;
}

interface Started extends LocalPostgresOptions {
  readonly cluster: PostgresCluster;
  readonly port: number;
}

function running(server: ChildProcess, options: Started): LocalPostgres {
  const { cluster, port, dataDir, ephemeral = false, background = false } = options;
  const pid = server.pid ?? 0; // a spawned process has an id
  const folderToRemove = ephemeral ? dataDir : undefined;
  const guard = startGuard({ serverPid: pid, directory: cluster.directory, folderToRemove });
  if (background) for (const child of [server, guard]) child.unref();
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  exited.then(guard.release);
  const end = async (): Promise<void> => {
    server.kill('SIGINT');
    const limit = setTimeout(() => server.kill('SIGQUIT'), fastShutdownMs);
    await exited;
    clearTimeout(limit);
  };
  let ended: Promise<void> | undefined;
  return {
    adminUrl: `postgresql://postgres:${cluster.password}@127.0.0.1:${port}/postgres`,
    pid,
    stop: () => {
      ended ??= end();
      return ended;
    },
  };
}
