// What `login` keeps between commands: where the API is and the credential for it, in a file that its owner alone can read.
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from './usage-error.ts';

/** A login. */
export interface KeptLogin {
  readonly url: string;
  /** A token or an API key. */
  readonly token: string;
}

/** The file. */
export function loginFile(folder: string): string {
  return join(folder, 'login.json');
}

/** The login that is kept; undefined for none. UsageError for a file that holds something else. */
export async function readLogin(folder: string): Promise<KeptLogin | undefined> {
  const file = loginFile(folder);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new UsageError(`${file} cannot be read (${error.code}): delete it and log in again`);
  });
  if (text === undefined) return undefined;
  const { url, token } = Object(parsed(text)) as Partial<KeptLogin>;
  if (typeof url === 'string' && typeof token === 'string') return { url, token };
  throw new UsageError(`${file} does not hold a login: delete it and log in again`);
}

/** Keeps a login in place of the one before. The file is made anew, so that nobody has it open who may not read it. */
export async function writeLogin(folder: string, login: KeptLogin): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const made = `${loginFile(folder)}.${process.pid}`;
  const file = await open(made, 'w', 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(`${JSON.stringify(login, null, 2)}\n`);
  } finally {
    await file.close();
  }
  await rename(made, loginFile(folder));
}

/** Forgets the login; answers whether there was one. */
export async function removeLogin(folder: string): Promise<boolean> {
  const wasThere = (await readLogin(folder).catch(() => undefined)) !== undefined;
  await rm(loginFile(folder), { force: true });
  return wasThere;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
