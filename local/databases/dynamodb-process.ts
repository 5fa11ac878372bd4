// The program of the DynamoDB emulator's own process: opens the store (waiting for a predecessor to leave it), repairs it after
// an unclean end, serves it on a free port, and ends with its parent. Started by `dynamodb.ts` with the store's path or nothing.
import { once } from 'node:events';
import { access, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import dynalite from 'dynalite';
import { create, type LevelStore } from 'dynalite/db/index.js';
import type { DynamodbReport } from './dynamodb.ts';
import { repairIndexes } from './dynamodb-repair.ts';

const lockWaitMs = 10_000;
const lockPollMs = 20;
const closeMs = 3_000;

async function openStore(path: string): Promise<LevelStore> {
  for (let waitedMs = 0; ; waitedMs += lockPollMs) {
    const { db: store } = create({ path });
    try {
      await store.open();
      return store;
    } catch (error) {
      const { code } = (error as { cause?: { code?: string } }).cause ?? {};
      if (code !== 'LEVEL_LOCKED' || waitedMs >= lockWaitMs) throw error;
      await sleep(lockPollMs);
    }
  }
}

/** Leaves the store repaired and marked as in use; the mark goes only with a clean end. */
async function prepare(path: string, mark: string): Promise<void> {
  const store = await openStore(path);
  const unclean = await access(mark).then(
    () => true,
    () => false,
  );
  if (unclean) await repairIndexes(store);
  else await writeFile(mark, '');
  await store.close();
}

async function serve(path: string | undefined, mark: string | undefined): Promise<void> {
  if (path && mark) await prepare(path, mark);
  const server = dynalite({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.once('disconnect', () => void close(server, mark));
  if (!process.connected) return close(server, mark); // the parent died meanwhile
  report({ port: (server.address() as AddressInfo).port });
}

/** Ends the process once running writes are in the store; a store that does not close in time is left as after a kill. */
async function close(server: Server, mark: string | undefined): Promise<void> {
  setTimeout(() => process.exit(1), closeMs).unref();
  await new Promise<void>((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeIdleConnections();
  });
  if (mark) await rm(mark, { force: true });
  process.exit(0);
}

function report(message: DynamodbReport): void {
  process.send?.(message);
}

const [path] = process.argv.slice(2);
serve(path || undefined, path ? `${path}.in-use` : undefined).catch((error: unknown) => {
  report({ error: String(error) });
  process.exit(1);
});
