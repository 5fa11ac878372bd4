// Runs tests of a store on every DynamoDB that this machine has: dynalite, and Amazon's DynamoDB Local where it is there. Where it is
// not, its tests are reported as left out, by name.
import { afterAll, beforeAll, describe } from '@jest/globals';
import { amazonDynamodbFolder, startAmazonDynamodb } from './amazon-dynamodb.for-test.ts';
import { type LocalDynamodb, startLocalDynamodb } from './dynamodb.ts';

const startMsMax = 60_000;

/**
 * Describes a block once for each DynamoDB, with a server of its own that is there before the block's own `beforeAll` and gone after its
 * own `afterAll`. `server()` answers it inside hooks and tests only. The server is empty at first and shared by the whole block.
 */
export function describeOnEachDynamodb(name: string, block: (server: () => LocalDynamodb) => void): void {
  describe(`${name} (dynalite)`, () => withServer(() => startLocalDynamodb({}), block));
  const folder = amazonDynamodbFolder();
  if (folder === undefined) leaveOut(name, block);
  else describe(`${name} (DynamoDB Local)`, () => withServer(() => startAmazonDynamodb(folder), block));
}

function leaveOut(name: string, block: (server: () => LocalDynamodb) => void): void {
  process.stderr.write('Tests on DynamoDB Local are left out: Java or DYNAMODB_LOCAL_DIR is not there\n');
  describe.skip(`${name} (DynamoDB Local)`, () => withServer(() => startLocalDynamodb({}), block));
}

function withServer(start: () => Promise<LocalDynamodb>, block: (server: () => LocalDynamodb) => void): void {
  let server: LocalDynamodb | undefined;
  beforeAll(async () => {
    server = await start();
  }, startMsMax);
  block(() => {
    if (!server) throw new Error('The server is there inside hooks and tests only');
    return server;
  });
  afterAll(() => server?.stop());
}
