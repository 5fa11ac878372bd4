// Tests against the PostgreSQL 15 that Debian installs, with its PostGIS where that is installed too: a throw-away cluster for one test file.
// Where the programs are absent the tests are reported as left out, by name.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe } from '@jest/globals';
import pg from 'pg';
import { freePort } from '../../../local/databases/free-port.ts';
import { startGuard } from '../../../local/databases/postgres-guard.ts';
import { readLockFile } from '../../../local/databases/postgres-lock-file.ts';
import { postgresAccount } from '../../../local/databases/postgres-program.ts';

const run = promisify(execFile);
const programs = '/usr/lib/postgresql/15/bin';
const postgisControl = '/usr/share/postgresql/15/extension/postgis.control';
const startAttemptsMax = 5;

const hasDebianPostgres = existsSync(join(programs, 'postgres'));

/** Whether PostGIS is installed beside Debian's PostgreSQL 15. */
export const hasDebianPostgis = hasDebianPostgres && existsSync(postgisControl);

/** For tests that need Debian's PostgreSQL 15. */
export const describeOnDebianPostgres = hasDebianPostgres ? describe : leftOut("Debian's PostgreSQL 15");

/** For tests that need Debian's PostgreSQL 15 and its PostGIS. */
export const describeOnDebianPostgis = hasDebianPostgis
  ? describe
  : leftOut("PostGIS for Debian's PostgreSQL 15");

function leftOut(what: string): typeof describe.skip {
  process.stderr.write(`Tests that need ${what} are left out: it is not installed\n`);
  return describe.skip;
}

/** A running cluster. */
export interface DebianPostgres {
  /** Makes an empty database and answers the superuser's URL of it. */
  createDatabase(name: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts a cluster that trusts everyone on this machine. It ends with this process. */
export async function startDebianPostgres(): Promise<DebianPostgres> {
  const account = await postgresAccount();
  const folder = await mkdtemp(join(tmpdir(), 'domainflow-postgres-15-'));
  if (account) await chown(folder, account.uid, account.gid);
  const data = join(folder, 'data');
  const call = (program: string, args: readonly string[]) =>
    run(join(programs, program), args, { ...account, cwd: folder, env: { LC_ALL: 'C', TZ: 'UTC' } });
  await call('initdb', [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--no-locale',
    '--no-sync',
  ]);
  const port = await startOnFreePort((flags) =>
    call('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'log'), '-o', flags, 'start']),
  );
  const serverPid = (await readLockFile(data))?.pid ?? 0; // `pg_ctl` has waited for it
  const guard = startGuard({ serverPid, directory: data, folderToRemove: folder });
  const serverUrl = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  return {
    createDatabase: async (name) => {
      const client = new pg.Client({ connectionString: serverUrl });
      await client.connect();
      await client.query(`create database ${pg.escapeIdentifier(name)}`);
      await client.end();
      return serverUrl.replace(/postgres$/, name);
    },
    stop: async () => {
      guard.release();
      await call('pg_ctl', ['-D', data, '-w', '-m', 'fast', 'stop']);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Another process may take the port between finding and using it. */
async function startOnFreePort(start: (flags: string) => Promise<unknown>): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      await start(`-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off`);
      return port;
    } catch (error) {
      if (attempt === startAttemptsMax) throw error;
    }
  }
}
