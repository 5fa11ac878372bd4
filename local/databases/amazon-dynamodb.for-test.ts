// Amazon's own DynamoDB Local for tests, where Java and its programs are on this machine: stricter than dynalite in many small rules. It
// is no part of this project: `.ci/run` fetches it into a folder of its own. Its indexes are immediate and it never throttles either.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalDynamodb } from './dynamodb.ts';
import { freePort } from './free-port.ts';

const startAttemptsMax = 5;
const readyMsMax = 30_000;
const pollMs = 25;
const toldMax = 2_000;

// Nothing is ever written to the input, so `read` ends only with the parent.
const guardScript = 'read -r _; kill -KILL "$1"';

/** The folder that `DYNAMODB_LOCAL_DIR` names, when `DynamoDBLocal.jar` is in it and Java runs here; undefined otherwise. */
export function amazonDynamodbFolder(): string | undefined {
  const folder = process.env.DYNAMODB_LOCAL_DIR;
  if (!folder || !existsSync(join(folder, 'DynamoDBLocal.jar'))) return undefined;
  return spawnSync('java', ['-version'], { stdio: 'ignore' }).status === 0 ? folder : undefined;
}

/** Starts it on a free port of 127.0.0.1, in memory. It ends with this process. */
export async function startAmazonDynamodb(folder: string): Promise<LocalDynamodb> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return await startOn(port, folder);
    } catch (error) {
      // Another process may take the port between finding and using it.
      if (attempt === startAttemptsMax) throw error;
    }
  }
}

async function startOn(port: number, folder: string): Promise<LocalDynamodb> {
  // One compiler tier and one collector: it starts sooner, and many of them share a machine.
  const flags = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
  const program = ['-Djava.library.path=DynamoDBLocal_lib', '-jar', 'DynamoDBLocal.jar'];
  const server = spawn('java', [...flags, ...program, '-inMemory', '-sharedDb', '-port', String(port)], {
    cwd: folder,
    detached: true, // Ctrl-C in a terminal reaches the tests, which then stop it
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(server, 'exit');
  const guard = startGuard(server);
  exited.finally(() => guard.kill('SIGKILL')).catch(() => undefined);
  const endpoint = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    server.kill('SIGKILL');
    await exited;
  };
  try {
    await untilReady(endpoint, server);
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint, pid: server.pid ?? 0, stop }; // a spawned process has an id
}

function startGuard({ pid }: ChildProcess): ChildProcess {
  return spawn('/bin/sh', ['-c', guardScript, 'dynamodb-guard', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
}

async function untilReady(endpoint: string, server: ChildProcess): Promise<void> {
  let told = '';
  server.stderr?.on('data', (data) => {
    told = `${told}${data}`.slice(-toldMax);
  });
  for (let waitedMs = 0; waitedMs < readyMsMax && server.exitCode === null; waitedMs += pollMs) {
    if (await answers(endpoint)) return;
    await sleep(pollMs);
  }
  throw new Error(`DynamoDB Local does not start: ${told}`);
}

/** Whether anything is answered: a request without a command is refused, by a server that is there. */
async function answers(endpoint: string): Promise<boolean> {
  try {
    await (await fetch(endpoint, { signal: AbortSignal.timeout(2_000) })).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
