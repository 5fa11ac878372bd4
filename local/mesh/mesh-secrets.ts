// The secrets of a local mesh that outlive a start: passwords of database roles and the key of cursors. Keys that sign tokens are not
// among them: they are made anew at each start.
import { randomBytes, randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../../foundation/fault/fault.ts';

const names = [
  'registryPassword',
  'reportsPassword',
  'appPassword',
  'enginePassword',
  'pageTokenKey',
] as const;

/** A text of 43 URL-safe characters for each name. */
export type MeshSecrets = Readonly<Record<(typeof names)[number], string>>;

/** New secrets that are written nowhere. */
export function randomSecrets(): MeshSecrets {
  const entries = names.map((name) => [name, randomBytes(32).toString('base64url')]);
  return Object.fromEntries(entries) as MeshSecrets;
}

/** The secrets in `secrets.json` of the folder, made when absent and readable by their owner alone. Throws for a file that holds none. */
export async function openSecrets(dataDir: string): Promise<MeshSecrets> {
  const path = join(dataDir, 'secrets.json');
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, JSON.stringify(randomSecrets()), { mode: 0o600, flag: 'wx' });
    // A link fails where the file is there already: then what it holds counts.
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  return secretsIn(await readFile(path, 'utf8'), path);
}

function secretsIn(text: string, path: string): MeshSecrets {
  const found = parsed(text);
  if (!names.every((name) => typeof found[name] === 'string'))
    throw new Fault('failed_precondition', `The file ${path} holds no secrets of a mesh`);
  return found as MeshSecrets;
}

function parsed(text: string): Partial<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
