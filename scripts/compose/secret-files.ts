// The secrets of a compose project on this machine: passwords and keys, each in a file of its own. What is there is kept, so that a store that was made
// with a password can still be opened.
import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../../foundation/fault/fault.ts';
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
import { openDevIssuerKey } from '../../gateway/auth/dev-issuer-key.ts';

const password = (): string => randomBytes(32).toString('base64url');
const signingKey = async (): Promise<string> => JSON.stringify((await generateSigningKey()).privateJwk);

/** Issuers of the mesh, and the file that holds the private key of each. */
const issuers = {
  gateway: 'gateway-signing-key',
  orchestrator: 'run-signing-key',
  agents: 'agents-signing-key',
} as const;

/** What is made where it is absent. */
const makers: Readonly<Record<string, () => string | Promise<string>>> = {
  'postgres-password': password,
  'registry-db-password': password,
  'reports-db-password': password,
  'orchestrator-db-password': password,
  'engine-db-password': password,
  'page-token-key': password,
  'objects-secret-key': password,
  // A key's name and 32 bytes, as MinIO takes them.
  'objects-encryption-key': () => `domainflow:${randomBytes(32).toString('base64')}`,
  'credentials-keys': () => JSON.stringify([{ id: 'compose', key: password() }]),
  [issuers.gateway]: signingKey,
  [issuers.orchestrator]: signingKey,
  [issuers.agents]: signingKey,
  'model-api-key': () => '',
};

/** Names of all files, in order of the alphabet. */
export const secretNames: readonly string[] = [
  ...Object.keys(makers),
  'mesh-keys',
  'dev-issuer-key',
].toSorted();

/**
 * Makes what is missing in the folder and answers the names of what it made. The public keys of the mesh follow the private ones each time, and
 * the development issuer's key is that of the checkout, so that its tokens hold here too. Only the owner can look into the folder; the files in it are
 * readable by everyone, since a container's user has another number than the owner. Throws a Fault for a private key that is none.
 */
export async function ensureSecretFiles(folder: string, issuerKeyPath: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const made: string[] = [];
  for (const [name, make] of Object.entries(makers)) {
    if (await writeOnce(join(folder, name), await make())) made.push(name);
  }
  await replace(join(folder, 'mesh-keys'), await meshKeys(folder));
  await replace(join(folder, 'dev-issuer-key'), JSON.stringify(await openDevIssuerKey(issuerKeyPath)));
  return made;
}

async function meshKeys(folder: string): Promise<string> {
  const entries = Object.entries(issuers).map(async ([issuer, name]) => {
    const path = join(folder, name);
    return [issuer, [publicKeyIn(await readFile(path, 'utf8'), path)]] as const;
  });
  return JSON.stringify(Object.fromEntries(await Promise.all(entries)));
}

function publicKeyIn(text: string, path: string): object {
  const key = parsed(text);
  if (key.crv !== 'Ed25519' || !key.x || !key.d || !key.kid)
    throw new Fault(
      'failed_precondition',
      `The file ${path} holds no signing key; delete it to get a new one`,
    );
  const { d: _, ...publicKey } = key;
  return publicKey;
}

function parsed(text: string): Partial<Record<'crv' | 'x' | 'd' | 'kid', unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** True when the file was made, false when one was there. A link appears whole or not at all. */
async function writeOnce(path: string, text: string): Promise<boolean> {
  return viaDraft(path, text, async (draft) => {
    try {
      await link(draft, path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      return false;
    }
  });
}

async function replace(path: string, text: string): Promise<void> {
  await viaDraft(path, text, (draft) => rename(draft, path));
}

async function viaDraft<T>(path: string, text: string, place: (draft: string) => Promise<T>): Promise<T> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
    await chmod(draft, 0o444); // whatever the umask
    return await place(draft);
  } finally {
    await rm(draft, { force: true });
  }
}
