// Execution logs: JSON, gzipped and cut into chunk items that are written before a job points at them.

import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { batchGet } from '../../../foundation/dynamodb/batches.ts';
import type { LogPointer } from '../core/query-job.ts';
import { type ExecutionLog, logBytesMax } from '../core/query-result.ts';
import { type Documents, keyOf } from './documents.ts';
import { KeyAttribute, logChunkKeys, type RunName } from './keys.ts';

/** Largest chunk, in bytes; an item may hold 400 KB. */
export const chunkBytesMax = 300_000;

/** Chunks that are written, read or removed at a time: together they stay below what one answer may hold. */
const chunksAtATime = 8;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Where a log lies once it is written; undefined for an empty one, of which nothing is written. */
export async function logPointer(log: ExecutionLog): Promise<LogPointer | undefined> {
  return (await packed(log))?.pointer;
}

/** Writes a log and answers where it lies; undefined for an empty one, of which nothing is written. */
export async function writeLog(
  { client, tables }: Documents,
  run: RunName,
  log: ExecutionLog,
): Promise<LogPointer | undefined> {
  const pack = await packed(log);
  if (!pack) return undefined;
  const keys = logChunkKeys({ ...nameOf(run), ...pack.pointer });
  await inGroups(keys, async (key, at) => {
    const data = pack.bytes.subarray(at * chunkBytesMax, (at + 1) * chunkBytesMax);
    // Unconditional: the key names the content, so whoever writes it writes the same.
    await client.send(new PutCommand({ TableName: tables.queryJobs, Item: { ...keyOf(key), data } }));
  });
  return pack.pointer;
}

/** The whole log at a pointer; undefined when it was removed, which it is once no job points at it. */
export async function readLog(
  documents: Documents,
  run: RunName,
  pointer: LogPointer,
): Promise<ExecutionLog | undefined> {
  const keys = logChunkKeys({ ...nameOf(run), ...pointer });
  const chunks = new Map<string, Uint8Array>();
  for (let at = 0; at < keys.length; at += chunksAtATime) {
    const group = keys.slice(at, at + chunksAtATime);
    for (const item of await batchGet(documents.client, {
      table: documents.tables.queryJobs,
      keys: group.map(keyOf),
    }))
      chunks.set(String(item[KeyAttribute.primary]), item.data as Uint8Array);
  }
  const parts = keys.flatMap((key) => chunks.get(key) ?? []);
  if (parts.length < keys.length) return undefined;
  const text = await decompress(Buffer.concat(parts), { maxOutputLength: logBytesMax });
  return JSON.parse(text.toString()) as ExecutionLog;
}

/** Removes a log that no job points at. */
export async function removeLog(
  { client, tables }: Documents,
  run: RunName,
  pointer: LogPointer,
): Promise<void> {
  // Unconditional: the key names the content, and no job that could still take it is left.
  await inGroups(logChunkKeys({ ...nameOf(run), ...pointer }), (key) =>
    client.send(new DeleteCommand({ TableName: tables.queryJobs, Key: keyOf(key) })),
  );
}

function nameOf({ tenantId, queryId, jobId }: RunName): RunName {
  return { tenantId, queryId, jobId };
}

interface Packed {
  readonly pointer: LogPointer;
  readonly bytes: Uint8Array;
}

async function packed(log: ExecutionLog): Promise<Packed | undefined> {
  if (log.length === 0) return undefined;
  const text = JSON.stringify(log);
  const bytes = await compress(text);
  const digest = createHash('sha256').update(text).digest('hex');
  return { bytes, pointer: { digest, chunks: Math.ceil(bytes.length / chunkBytesMax) } };
}

async function inGroups(
  keys: readonly string[],
  work: (key: string, at: number) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < keys.length; from += chunksAtATime)
    await Promise.all(keys.slice(from, from + chunksAtATime).map((key, at) => work(key, from + at)));
}
