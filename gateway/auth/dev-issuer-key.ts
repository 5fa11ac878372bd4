// The key of the development issuer: a file beside the local mesh's data, made by whichever process asks first.
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { JWK } from 'jose';
import { Fault } from '../../foundation/fault/fault.ts';
import { generateSigningKey, type SigningKeyPair } from '../../foundation/identity/signing-key.ts';
import { isErrorLike } from '../../foundation/telemetry/error-shape.ts';

/** `iss` of development tokens: a name that can never be reached. */
export const devIssuer = 'https://dev-issuer.domainflow.invalid';
/** `aud` of development tokens. */
export const devAudience = 'domainflow-dev';
/** The one algorithm of development tokens. */
export const devAlgorithm = 'EdDSA';

/**
 * The key in the file at `path`. An absent file is made, with its folder, readable by its owner alone; of processes that race,
 * one makes it and all get the same key. Fault `failed_precondition` for a file that holds no such key.
 */
export async function openDevIssuerKey(path: string): Promise<SigningKeyPair> {
  const existing = await readKey(path);
  if (existing) return existing;
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, JSON.stringify(await generateSigningKey()), { mode: 0o600, flag: 'wx' });
    // A link appears whole or not at all, and fails where a racing process was first: then that process's key counts.
    await link(draft, path).catch(unlessExists);
  } finally {
    await rm(draft, { force: true });
  }
  const made = await readKey(path);
  if (!made) throw new Fault('failed_precondition', `The key file ${path} vanished while it was made`);
  return made;
}

function unlessExists(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error;
}

async function readKey(path: string): Promise<SigningKeyPair | undefined> {
  try {
    return keyIn(await readFile(path, 'utf8'), path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function keyIn(text: string, path: string): SigningKeyPair {
  const { privateJwk, publicJwk } = parsed(text);
  if (!privateJwk?.d || privateJwk.crv !== 'Ed25519' || !publicJwk?.x || publicJwk.d) {
    throw new Fault(
      'failed_precondition',
      `The file ${path} holds no development key; delete it to get a new one`,
    );
  }
  return { privateJwk, publicJwk };
}

function parsed(text: string): { privateJwk?: JWK; publicJwk?: JWK } {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

function codeOf(error: unknown): unknown {
  return isErrorLike(error) && 'code' in error ? error.code : undefined;
}
