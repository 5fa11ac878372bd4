// The environment that a container of the chart would have: values as they stand, and stand-ins for what comes from Secrets and from the Pod.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
import type { Container } from './pods.for-test.ts';

/** Texts by name. */
export type Texts = Readonly<Record<string, string>>;

/** What stands for the contents of Secrets. */
export interface StandIns {
  /** A folder that stands for the one where Pods have files of Secrets. */
  readonly folder: string;
  /** Removes the folder. */
  remove(): Promise<void>;
}

/** What stands for the Pod's own fields. */
export const podFields: Texts = { 'status.podIP': '10.1.2.3', 'metadata.name': 'orchestrator-abc-1' };

/** Where Pods have files of Secrets. */
export const filesPath = '/etc/domainflow';

/** Keys of the forms that settings ask for, in files as Pods have them. Call `remove` at the end. */
export async function makeStandIns(): Promise<StandIns> {
  const { privateJwk, publicJwk } = await generateSigningKey();
  const keys = [publicJwk];
  const texts = {
    MESH_KEYS: JSON.stringify({ gateway: keys, orchestrator: keys, agents: keys }),
    GATEWAY_SIGNING_KEY: JSON.stringify(privateJwk),
    RUN_SIGNING_KEY: JSON.stringify(privateJwk),
    AGENTS_SIGNING_KEY: JSON.stringify(privateJwk),
    PAGE_TOKEN_KEY: 'p'.repeat(43),
    CREDENTIALS_KEYS: JSON.stringify([{ id: '1', key: Buffer.alloc(32).toString('base64url') }]),
    OBJECTS_SECRET_ACCESS_KEY: 'secret',
    EVENT_EXPORT_AUTHORIZATION: 'Bearer secret',
    OTEL_EXPORTER_OTLP_HEADERS: 'name=secret',
  };
  return writeStandIns(texts);
}

/** The same of given texts, by the settings that they are for. */
export async function writeStandIns(texts: Texts): Promise<StandIns> {
  const folder = await mkdtemp(join(tmpdir(), 'domainflow-secrets-'));
  await mkdir(join(folder, 'settings'));
  const written = Object.entries(texts).map(([name, text]) =>
    writeFile(join(folder, 'settings', `${name}_FILE`), text),
  );
  await Promise.all(written);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** The environment of a container, with stand-ins. Throws for a variable that comes from anywhere else, or comes twice. */
export function environmentOf({ env = [] }: Container, { folder }: StandIns): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const { name, value, valueFrom } of env) {
    if (name in environment) throw new Error(`${name} is set twice`);
    const path = valueFrom?.fieldRef?.fieldPath;
    const text = valueFrom?.secretKeyRef ? 'secret' : (value ?? podFields[String(path)]);
    if (text === undefined) throw new Error(`${name} has no value`);
    environment[name] = text.startsWith(`${filesPath}/`) ? join(folder, text.slice(filesPath.length)) : text;
  }
  return environment;
}
