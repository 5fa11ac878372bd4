// What every part of the store works with: the client, the names of the tables and a key as the driver wants it.
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { KeyAttribute } from './keys.ts';
import type { SessionsTableNames } from './tables.ts';

/** The documents of the service. */
export interface Documents {
  readonly client: DynamoDBDocumentClient;
  readonly tables: SessionsTableNames;
  /** Partitions that a tenant's writes are spread over in the indexes, 1 to 64. */
  readonly writeShards: number;
}

/** A stored item. Its reader knows what is in it. */
export type Item = Readonly<Record<string, unknown>>;

/** The primary key of an item. */
export function keyOf(key: string): Record<string, string> {
  return { [KeyAttribute.primary]: key };
}
