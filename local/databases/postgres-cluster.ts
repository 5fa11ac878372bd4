// Makes the files of a PostgreSQL cluster, once. A creation that was interrupted leaves nothing that a later start could mistake for a cluster.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PostgresAccount, PostgresPrograms } from './postgres-program.ts';

/** A cluster on disk. */
export interface PostgresCluster {
  /** The server's data directory. */
  readonly directory: string;
  /** The password of the superuser `postgres`. */
  readonly password: string;
}

/** Where and with what a cluster is made. */
export interface ClusterOptions {
  readonly dataDir: string;
  readonly programs: PostgresPrograms;
  readonly account: PostgresAccount | undefined;
}

/** The cluster under `<dataDir>/postgres`, made when it is not there: UTF-8, one collation on every machine, a random password. */
export async function ensureCluster(options: ClusterOptions): Promise<PostgresCluster> {
  const directory = join(options.dataDir, 'postgres');
  const passwordFile = join(options.dataDir, 'postgres-password');
  if (!(await exists(join(directory, 'PG_VERSION')))) await createCluster(options, directory, passwordFile);
  return { directory, password: (await readFile(passwordFile, 'utf8')).trim() };
}

async function createCluster(
  options: ClusterOptions,
  directory: string,
  passwordFile: string,
): Promise<void> {
  const unfinished = `${directory}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  await writeFile(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  await own(unfinished, options.account);
  await own(passwordFile, options.account);
  const flags = [
    `--pgdata=${unfinished}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-locale',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-sync', // the server's first checkpoint and the rename decide what counts as made
    '--no-instructions',
  ];
  await promisify(execFile)(options.programs.initdb, flags, {
    ...options.account,
    env: { LC_ALL: 'C', TZ: 'UTC' },
  });
  await rename(unfinished, directory);
}

async function own(path: string, account: PostgresAccount | undefined): Promise<void> {
  if (account) await chown(path, account.uid, account.gid);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
