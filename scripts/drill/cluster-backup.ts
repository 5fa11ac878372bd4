// Base backups of PostgreSQL with an archive of its log, and recovery to a moment from both: what a managed server does by itself, with the
// server's own functions (PostgreSQL's manual, "Continuous Archiving and Point-in-Time Recovery").
import { appendFile, chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { withOwnClient } from '../../foundation/postgres/own-client.ts';
import { copyFolder, makeFolder, type Owner } from './copy-folder.ts';

const pollMs = 100;
const archiveMsMax = 60_000;

/** What lies in a cluster and in no backup of it: its log, which comes from the archive, and what belongs to a running server. */
const leftOut =
  /^(postmaster\.(pid|opts)|recovery\.signal|(pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\/.*)$/;

/** Makes the server keep each segment of its log in the folder, from its next start on. */
export async function archiveTo(adminUrl: string, folder: string, owner: Owner | undefined): Promise<void> {
  await makeFolder(folder, owner);
  const command = `test ! -f "${folder}/%f" && cp "%p" "${folder}/%f"`;
  await withOwnClient({ connectionString: adminUrl }, async (client) => {
    await client.query(`alter system set archive_mode = 'on'`);
    await client.query(`alter system set archive_command = ${pg.escapeLiteral(command)}`);
  });
}

/** Where a base backup is taken from and put. */
export interface BaseBackup {
  readonly adminUrl: string;
  /** The data directory of the server, which goes on working. */
  readonly cluster: string;
  /** The folder to make. */
  readonly to: string;
}

/** Takes a base backup; answers its bytes. Throws when the server could not tell where it begins. */
export async function takeBaseBackup({ adminUrl, cluster, to }: BaseBackup): Promise<number> {
  return withOwnClient({ connectionString: adminUrl }, async (client) => {
    await client.query(`select pg_backup_start('drill', true)`);
    const bytes = await copyFolder({ from: cluster, to, leavesOut: (path) => leftOut.test(path) });
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop()');
    const label = rows[0]?.labelfile;
    if (!label) throw new Error('The server gave no label for the backup');
    await writeFile(join(to, 'backup_label'), label);
    return bytes;
  });
}

/** The server's present moment, as its text; what is written later has a later one. */
export async function momentOf(adminUrl: string): Promise<string> {
  return withOwnClient({ connectionString: adminUrl }, async (client) => {
    const { rows } = await client.query<{ now: string }>('select clock_timestamp()::text as now');
    return rows[0]?.now ?? '';
  });
}

/** Resolves once all that was written before is in the archive. Throws when that takes more than a minute. */
export async function untilArchived(adminUrl: string): Promise<void> {
  await withOwnClient({ connectionString: adminUrl }, async (client) => {
    const switched = 'select pg_walfile_name(pg_switch_wal()) as segment';
    const { rows } = await client.query<{ segment: string }>(switched);
    const segment = rows[0]?.segment ?? '';
    const archived = `select coalesce(last_archived_wal, '') >= $1 as "isThere" from pg_stat_archiver`;
    for (let waitedMs = 0; waitedMs < archiveMsMax; waitedMs += pollMs) {
      const answer = await client.query<{ isThere: boolean }>(archived, [segment]);
      if (answer.rows[0]?.isThere) return;
      await sleep(pollMs);
    }
    throw new Error(`The server has not archived ${segment} within a minute`);
  });
}

/** What a cluster is made of again. */
export interface ClusterRestore {
  readonly backup: string;
  readonly archive: string;
  /** The data directory to make. */
  readonly cluster: string;
  /** As `momentOf` answers it: what was committed later is left out. */
  readonly until: string;
  readonly owner: Owner | undefined;
}

/** Lays the backup out so that the server's next start brings it to that moment, and then goes on from there. */
export async function restoreCluster({
  backup,
  archive,
  cluster,
  until,
  owner,
}: ClusterRestore): Promise<void> {
  await copyFolder({ from: backup, to: cluster, owner });
  const settings = {
    restore_command: `cp "${archive}/%f" "%p"`,
    recovery_target_time: until,
    recovery_target_action: 'promote',
    hot_standby: 'off', // nobody is let in before it is there
    archive_mode: 'off',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${pg.escapeLiteral(value)}\n`);
  await appendFile(join(cluster, 'postgresql.auto.conf'), lines.join(''));
  const signal = join(cluster, 'recovery.signal');
  await writeFile(signal, '', { mode: 0o600 });
  if (owner) await chown(signal, owner.uid, owner.gid);
}
