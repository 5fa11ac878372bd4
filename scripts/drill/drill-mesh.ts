// The folders of a drill and a mesh on one of them, with what its databases are reached by.
import { join } from 'node:path';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type ApiClient, createClient } from '../../clients/api/api-client.ts';
import { createDocumentClient } from '../../foundation/dynamodb/client.ts';
import { type Mesh, startMesh } from '../../local/mesh.ts';
import { mintToken } from '../../local/terminal/mint-token.ts';

const requestTimeoutMs = 10_000;

/** Where everything of a drill lies, below one folder. */
export interface DrillFolders {
  /** Data of the mesh that is lost, and of the one that is made from its backups. */
  readonly lost: string;
  readonly restored: string;
  readonly base: string;
  readonly archive: string;
  readonly tables: string;
  readonly objects: string;
  readonly issuerKeyPath: string;
}

/** Below the folder. */
export function foldersIn(folder: string): DrillFolders {
  const at = (name: string): string => join(folder, name);
  return {
    ...{ lost: at('lost'), restored: at('restored'), base: at('base'), archive: at('archive') },
    ...{ tables: at('tables'), objects: at('objects'), issuerKeyPath: at('issuer.json') },
  };
}

/** A mesh on a data folder. */
export interface DrillMesh extends Mesh {
  readonly api: ApiClient;
}

/** Starts a mesh on the folder, with a client of an admin. */
export async function startDrillMesh(
  dataDir: string,
  issuerKeyPath: string,
  signal: AbortSignal,
): Promise<DrillMesh> {
  const mesh = await startMesh({ port: 0, dataDir, mode: 'in-process', issuerKeyPath, signal });
  const who = { tenant: 'acme', user: 'alice', roles: ['admin'], keyPath: issuerKeyPath };
  const api = createClient({ baseUrl: mesh.gatewayUrl, credential: await mintToken(who), signal });
  return { ...mesh, api };
}

/** Works with the tables of an emulator. */
export async function withTables<T>(
  endpoint: string,
  work: (client: DynamoDBDocumentClient) => Promise<T>,
): Promise<T> {
  const client = createDocumentClient({ endpoint, region: 'us-east-1', requestTimeoutMs });
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}
