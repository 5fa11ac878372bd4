// A Restate server for measuring: on this machine only, with its default settings for durability, and ended with this process.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../local/databases/free-port.ts';
import type { FolderStore } from '../measured-engine.ts';
import type { StartedStore } from './fresh-store.ts';

const readyMsMax = 30_000;
const pollMs = 20;
// Nothing is ever written to the input, so `read` ends only with the parent.
const guardScript = `
read -r _
kill -KILL "$1"
while kill -0 "$1" 2>/dev/null; do sleep 0.1; done
rm -rf -- "$2"`;

/** Where a server listens, the same from start to start. */
interface Ports {
  readonly node: number;
  readonly ingress: number;
  readonly admin: number;
  readonly service: number;
}

/** Starts a server on an empty folder and on free ports of 127.0.0.1. */
export async function startRestate(): Promise<StartedStore> {
  const folder = await mkdtemp(join(tmpdir(), 'restate-bench-'));
  const ports = {
    node: await freePort(),
    ingress: await freePort(),
    admin: await freePort(),
    service: await freePort(),
  };
  let server = await launch(folder, ports);
  return {
    store: storeOf(server.process, folder, ports),
    kill: () => end(server),
    restart: async () => {
      server = await launch(folder, ports);
      return storeOf(server.process, folder, ports);
    },
    remove: async () => {
      await end(server);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function storeOf({ pid = 0 }: ChildProcess, folder: string, ports: Ports): FolderStore {
  const urlOf = (port: number): string => `http://127.0.0.1:${port}`;
  return {
    kind: 'folder',
    pid,
    folder,
    url: urlOf(ports.ingress),
    adminUrl: urlOf(ports.admin),
    servicePort: ports.service,
  };
}

interface LaunchedServer {
  readonly process: ChildProcess;
  readonly guard: ChildProcess;
  /** Resolves when the process has ended, however long ago. */
  readonly exited: Promise<unknown>;
}

async function launch(folder: string, ports: Ports): Promise<LaunchedServer> {
  const flags = ['--no-logo', '--node-name', 'bench', '--base-dir', folder];
  const listen = ['--listen-mode', 'tcp', '--bind-ip', '127.0.0.1', '--bind-port', String(ports.node)];
  const server = spawn(program(), [...flags, ...listen], {
    env: {
      RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ports.ingress}`,
      RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${ports.admin}`,
      RESTATE_DISABLE_TELEMETRY: 'true',
      RESTATE_LOG_FILTER: 'error',
    },
    stdio: 'ignore',
  });
  const exited = once(server, 'exit');
  await once(server, 'spawn');
  const guard = spawn('/bin/sh', ['-c', guardScript, 'restate-guard', String(server.pid), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const urls = [`http://127.0.0.1:${ports.admin}/health`, `http://127.0.0.1:${ports.ingress}/restate/health`];
  const launched = { process: server, guard, exited };
  try {
    for (const url of urls) await untilHealthy(url, server);
  } catch (error) {
    await end(launched);
    throw error;
  }
  return launched;
}

async function end({ process, guard, exited }: LaunchedServer): Promise<void> {
  process.kill('SIGKILL');
  await exited;
  guard.kill('SIGKILL');
}

/** The program itself: the package's own command is a script that starts it as a child. */
function program(): string {
  const name = `@restatedev/restate-server-${platform()}-${arch()}/bin/restate-server`;
  return createRequire(import.meta.url).resolve(name);
}

async function untilHealthy(url: string, server: ChildProcess): Promise<void> {
  for (let waitedMs = 0; waitedMs < readyMsMax && server.exitCode === null; waitedMs += pollMs) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(pollMs);
  }
  throw new Error(`Restate does not answer at ${url}`);
}
