// Documents for a block of tests on one server: kind ones, and as many unkind ones as it likes.
import { afterAll, beforeAll } from '@jest/globals';
import { makeUnkind, type Unkindness } from '../../../foundation/dynamodb/unkind-client.for-test.ts';
import type { LocalDynamodb } from '../../../local/databases/dynamodb.ts';
import { openTestDocuments } from '../app.for-test.ts';
import type { Documents } from './documents.ts';

/** How a block of tests comes to documents; inside hooks and tests only. */
export interface TestDocuments {
  /** The kind ones, in one partition. */
  kind(): Documents;
  /** Further ones on the same tables, unkind, with a tenant's writes in so many partitions [1]. */
  open(unkindness: Unkindness, writeShards?: number): Promise<Documents>;
}

const openMsMax = 30_000;

/** Opens documents on the server of a block before its tests, and closes all of them after it. */
export function useDocuments(server: () => LocalDynamodb): TestDocuments {
  const opened: Documents[] = [];
  const open = async (unkindness: Unkindness, writeShards = 1): Promise<Documents> => {
    const documents = await openTestDocuments(server().endpoint, writeShards);
    makeUnkind(documents.client, unkindness);
    opened.push(documents);
    return documents;
  };
  beforeAll(async () => {
    await open({});
  }, openMsMax);
  afterAll(() => {
    for (const { client } of opened) client.destroy();
  });
  return {
    kind: () => {
      const [kind] = opened;
      if (!kind) throw new Error('Documents are there inside hooks and tests only');
      return kind;
    },
    open,
  };
}
