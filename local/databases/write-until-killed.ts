// A test's program: starts databases on a folder and writes numbered rows to both until it is killed, printing each number once both have it.
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import pg from 'pg';
import { createDocumentClient } from '../../foundation/dynamodb/client.ts';
import { ensureTables } from '../../foundation/dynamodb/tables.ts';
import { startLocalDatabases } from './databases.ts';

const [dataDir, first] = process.argv.slice(2);
const databases = await startLocalDatabases({ dataDir });
const postgres = new pg.Client({ connectionString: databases.adminUrl });
await postgres.connect();
await postgres.query('create table if not exists written (number integer primary key)');
const dynamodb = createDocumentClient({
  endpoint: databases.dynamoEndpoint,
  region: 'local',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  requestTimeoutMs: 5_000,
});
await ensureTables(dynamodb, [{ name: 'Written', partition: 'id' }]);
for (let number = Number(first); ; number += 1) {
  await Promise.all([
    postgres.query('insert into written (number) values ($1)', [number]),
    dynamodb.send(new PutCommand({ TableName: 'Written', Item: { id: String(number) } })),
  ]);
  process.stdout.write(`${number}\n`);
}
