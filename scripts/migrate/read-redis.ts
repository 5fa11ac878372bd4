// Reads records from Redis a piece at a time, without blocking the server and without holding more than a piece: SCAN and HSCAN.
import type { RedisClientType } from '@redis/client';
import {
  type LegacyKind,
  type LegacyRecord,
  recordFromHash,
  recordFromText,
  type UnreadableRecord,
} from './legacy-record.ts';

/** A connected client. */
export type RedisClient = Pick<RedisClientType, 'hScan' | 'scan' | 'hGetAll' | 'hGet' | 'type'>;

/** How many records the server is asked for at a time; it may answer a few more. */
const pieceSize = 100;

/** Every record of the kind, from the hash of this name and from hashes `<kind>:<id>`. One may come twice while others are written. */
export async function* readRecords(
  client: RedisClient,
  kind: LegacyKind,
): AsyncGenerator<LegacyRecord | UnreadableRecord, void> {
  const type = await client.type(kind);
  if (type === 'hash') yield* readHash(client, kind);
  else if (type !== 'none') yield { id: kind, problem: `is a ${type}, not a hash` };
  yield* readKeys(client, kind);
}

/** One record by its id; undefined when there is none that can be read. */
export async function readRecord(
  client: RedisClient,
  kind: LegacyKind,
  id: string,
): Promise<LegacyRecord | undefined> {
  const text = (await client.type(kind)) === 'hash' ? await client.hGet(kind, id) : null;
  if (text !== null) return sound(recordFromText(id, text));
  const key = `${kind}:${id}`;
  return (await client.type(key)) === 'hash'
    ? sound(recordFromHash(id, await client.hGetAll(key)))
    : undefined;
}

async function* readHash(client: RedisClient, kind: LegacyKind) {
  let cursor = '0';
  do {
    const piece = await client.hScan(kind, cursor, { COUNT: pieceSize });
    for (const { field, value } of piece.entries) yield recordFromText(field, value);
    cursor = piece.cursor;
  } while (cursor !== '0');
}

async function* readKeys(client: RedisClient, kind: LegacyKind) {
  let cursor = '0';
  do {
    const piece = await client.scan(cursor, { MATCH: `${kind}:*`, COUNT: pieceSize, TYPE: 'hash' });
    for (const key of piece.keys) yield recordFromHash(key.slice(kind.length + 1), await client.hGetAll(key));
    cursor = piece.cursor;
  } while (cursor !== '0');
}

function sound(record: LegacyRecord | UnreadableRecord): LegacyRecord | undefined {
  return 'problem' in record ? undefined : record;
}
