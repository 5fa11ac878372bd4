// What a measured process and the server that it stores in have used so far. It reads /proc, so it works on Linux alone, and it measures
// everything that the server does: nothing else should use it meanwhile.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { withOwnClient } from '../foundation/postgres/own-client.ts';
import type { MeasuredStore } from './measured-engine.ts';

/** What was used up to now. */
export interface MeterReading {
  /** CPU of this process. */
  readonly processCpuMs: number;
  /** CPU of the server, its living processes and those that have ended. */
  readonly storeCpuMs: number;
  /** For PostgreSQL the size of the database, without the log; for others that of all files. */
  readonly storeBytes: number;
}

/** A clock tick of /proc. */
const tickMs = 10;

/** Reads the meters of this process and of a store. */
export async function readMeter(store: MeasuredStore): Promise<MeterReading> {
  const used = store.kind === 'postgres' ? await postgresUse(store.url) : await folderUse(store);
  const { user, system } = process.cpuUsage();
  return { processCpuMs: (user + system) / 1_000, ...used };
}

type StoreUse = Omit<MeterReading, 'processCpuMs'>;

async function postgresUse(url: string): Promise<StoreUse> {
  const text = `select split_part(pg_read_file('postmaster.pid'), e'\\n', 1)::integer as pid,
    pg_database_size(current_database())::float8 as bytes`;
  const { rows } = await withOwnClient({ connectionString: url }, (client) => client.query(text));
  const { pid, bytes } = rows[0] as { pid: number; bytes: number };
  return { storeCpuMs: await familyCpuMs(pid), storeBytes: bytes };
}

async function folderUse({ pid, folder }: { pid: number; folder: string }): Promise<StoreUse> {
  return { storeCpuMs: await familyCpuMs(pid), storeBytes: await folderBytes(folder) };
}

async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    // A file may be merged into another one between being listed and being looked at.
    files.map(
      async ({ parentPath, name }) => (await stat(join(parentPath, name)).catch(() => undefined))?.size,
    ),
  );
  return sizes.reduce<number>((total, size) => total + (size ?? 0), 0);
}

interface ProcessUse {
  readonly pid: number;
  readonly parentPid: number;
  readonly ownMs: number;
  /** Of its children that have ended. */
  readonly endedChildrenMs: number;
}

/** A process and its children: those that have ended are in the parent's count. */
async function familyCpuMs(pid: number): Promise<number> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const all = (await Promise.all(names.map(processUse))).filter((use) => use !== undefined);
  const family = all.filter((use) => use.pid === pid || use.parentPid === pid);
  return family.reduce((total, { ownMs, endedChildrenMs }) => total + ownMs + endedChildrenMs, 0);
}

/** CPU of a living process. */
export async function processCpuMs(pid: number): Promise<number> {
  return (await processUse(String(pid)))?.ownMs ?? 0;
}

async function processUse(name: string): Promise<ProcessUse | undefined> {
  try {
    const text = await readFile(`/proc/${name}/stat`, 'utf8');
    // "pid (name) state ppid …": the name may hold blanks and brackets, so fields are counted from its last bracket.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = (at: number): number => Number(fields[at]);
    return {
      pid: Number(name),
      parentPid: ticks(1),
      ownMs: (ticks(11) + ticks(12)) * tickMs,
      endedChildrenMs: (ticks(13) + ticks(14)) * tickMs,
    };
  } catch {
    return undefined; // it has ended meanwhile
  }
}
