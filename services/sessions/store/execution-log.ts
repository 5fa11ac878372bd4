// Execution logs: JSON, gzipped and cut into chunk items that are written before a job points at them.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { LogPointer } from '../core/query-job.ts';
import { type ExecutionLog, logBytesMax } from '../core/query-result.ts';
import { batchGet } from './batch-get.ts';
import { type Documents, keyOf } from './documents.ts';
import { KeyAttribute, type LogName, logChunkKeys } from './keys.ts';

/** Largest chunk, in bytes; an item may hold 400 KB. */
export const chunkBytesMax = 300_000;

/** Chunks that are written, read or removed at a time: together they stay below what one answer may hold. */
const chunksAtATime = 8;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Whose log it is. */
export type LogOwner = Pick<LogName, 'tenantId' | 'queryId' | 'jobId'>;

/** Writes a log and answers where it lies; undefined for an empty one, of which nothing is written. */
export async function writeLog(
  { client, tables }: Documents,
  owner: LogOwner,
  log: ExecutionLog,
): Promise<LogPointer | undefined> {
  if (log.length === 0) return undefined;
  const text = JSON.stringify(log);
  const bytes = await compress(text);
  const digest = createHash('sha256').update(text).digest('hex');
  const pointer = { digest, chunks: Math.ceil(bytes.length / chunkBytesMax) };
  const keys = logChunkKeys({ ...owner, ...pointer });
  await inGroups(keys, async (key, at) => {
    const data = bytes.subarray(at * chunkBytesMax, (at + 1) * chunkBytesMax);
    // Unconditional: the key names the content, so whoever writes it writes the same.
    await client.send(new PutCommand({ TableName: tables.queryJobs, Item: { ...keyOf(key), data } }));
  });
  return pointer;
}

/** The whole log at a pointer. */
export async function readLog(
  documents: Documents,
  owner: LogOwner,
  pointer: LogPointer,
): Promise<ExecutionLog> {
  const keys = logChunkKeys({ ...owner, ...pointer });
  const chunks = new Map<string, Uint8Array>();
  for (let at = 0; at < keys.length; at += chunksAtATime) {
    const group = keys.slice(at, at + chunksAtATime);
    for (const item of await batchGet(documents, documents.tables.queryJobs, group))
      chunks.set(String(item[KeyAttribute.primary]), item.data as Uint8Array);
  }
  const parts = keys.map((key) => chunks.get(key) ?? missing(key));
  const text = await decompress(Buffer.concat(parts), { maxOutputLength: logBytesMax });
  return JSON.parse(text.toString()) as ExecutionLog;
}

/** Removes a log that no job points at. */
export async function removeLog(
  { client, tables }: Documents,
  owner: LogOwner,
  pointer: LogPointer,
): Promise<void> {
  // Unconditional: the key names the content, and no job that could still take it is left.
  await inGroups(logChunkKeys({ ...owner, ...pointer }), (key) =>
    client.send(new DeleteCommand({ TableName: tables.queryJobs, Key: keyOf(key) })),
  );
}

function missing(key: string): never {
  throw new Error(`The log chunk ${key} is missing`);
}

async function inGroups(
  keys: readonly string[],
  work: (key: string, at: number) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < keys.length; from += chunksAtATime)
    await Promise.all(keys.slice(from, from + chunksAtATime).map((key, at) => work(key, from + at)));
}
