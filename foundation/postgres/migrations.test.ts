// Migrations on a real server: in order, once, also in a race, and never over what they do not know.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startTestDatabases, type TestDatabases } from '../../local/databases/test-databases.ts';
import { migrate } from './migrations.ts';

let databases: TestDatabases;
let url: string;
let directory: string;
let count = 0;

async function rows(text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const result = await client.query(text);
  await client.end();
  return result.rows;
}

async function files(contents: Record<string, string>): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  directory = await mkdtemp(join(tmpdir(), 'migrations-'));
  for (const [name, sql] of Object.entries(contents)) await writeFile(join(directory, name), sql);
}

/** Starts a process of its own and answers how to let it go; that answers what it applied. */
async function startRacer(): Promise<() => Promise<string[]>> {
  const program = join(import.meta.dirname, 'migrate-process.for-test.ts');
  const child = spawn(process.execPath, [program, url, 'shop', directory], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('ready');
  return async () => {
    child.stdin.write('go\n');
    const applied = (await lines.next()).value;
    expect(await exited).toEqual([0, null]);
    return JSON.parse(applied ?? '');
  };
}

const run = () => migrate({ url, schema: 'shop', directory });
const tables = () => rows("select tablename from pg_tables where schemaname = 'shop' order by tablename");

beforeAll(async () => {
  databases = await startTestDatabases();
}, 30_000);

beforeEach(async () => {
  count += 1;
  url = await databases.createDatabase(`migrations_${count}`);
  directory = await mkdtemp(join(tmpdir(), 'migrations-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

afterAll(() => databases.stop());

describe('migrate', () => {
  it('applies what is missing, in order, and nothing twice', async () => {
    await files({ '0001_first.sql': 'create table shop.a (id int); create table shop.b (id int);' });
    expect(await run()).toEqual(['0001_first.sql']);
    await writeFile(join(directory, '0002_second.sql'), 'alter table shop.a add column name text');
    expect(await run()).toEqual(['0002_second.sql']);
    expect(await run()).toEqual([]);
    expect(await rows('select number, name from shop.migrations order by number')).toEqual([
      { number: 1, name: '0001_first.sql' },
      { number: 2, name: '0002_second.sql' },
    ]);
  });

  it('applies each file once when ten processes race', async () => {
    const contents: Record<string, string> = {
      '0001_m.sql': 'create table shop.applied (number int); insert into shop.applied values (1)',
    };
    for (let number = 2; number <= 5; number += 1)
      contents[`000${number}_m.sql`] = `insert into shop.applied values (${number})`;
    await files(contents);
    const racers = await Promise.all(Array.from({ length: 10 }, startRacer));
    const applied = await Promise.all(racers.map((race) => race()));
    expect(applied.flat().sort()).toEqual(Object.keys(contents));
    const each = [1, 2, 3, 4, 5].map((number) => ({ number }));
    expect(await rows('select number from shop.applied order by number')).toEqual(each);
    expect(await rows('select number from shop.migrations order by number')).toEqual(each);
  }, 60_000);

  it('rolls a failing file back, keeps those before it, and goes on once it is mended', async () => {
    await files({
      '0001_good.sql': 'create table shop.a (id int)',
      '0002_bad.sql': 'create table shop.b (id int); select 1/0',
    });
    await expect(run()).rejects.toThrow('0002_bad.sql');
    expect(await tables()).toEqual([{ tablename: 'a' }, { tablename: 'migrations' }]);
    await writeFile(join(directory, '0002_bad.sql'), 'create table shop.b (id int)');
    expect(await run()).toEqual(['0002_bad.sql']);
  });

  it('leaves a database alone that a newer release has added to', async () => {
    await files({ '0001_a.sql': 'select 1', '0002_b.sql': 'select 1' });
    await run();
    await files({ '0001_a.sql': 'select 1' });
    expect(await run()).toEqual([]);
  });

  it('refuses a database that a newer release has taken something from which the code needs', async () => {
    const known = { '0001_a.sql': 'select 1', '0002_b.sql': 'select 1' };
    const contract = '-- Nobody reads it any more.\n-- contract: 0002\nselect 1';
    await files({ ...known, '0003_c.sql': contract });
    await run();
    await files(known);
    expect(await run()).toEqual([]);
    await files({ '0001_a.sql': 'select 1' });
    await expect(run()).rejects.toThrow(
      'shop holds migration 0003_c.sql, which only code with migration 0002 lives with; this code ends at 0001',
    );
  });

  it.each(['0003', '0000', '2', 'soon', ''])(
    'refuses the contract "%s" of a second file',
    async (contract) => {
      await files({ '0001_a.sql': 'select 1', '0002_b.sql': `-- contract: ${contract}\nselect 1` });
      await expect(run()).rejects.toThrow('should name a migration up to its own, such as 0002');
    },
  );

  it('goes on with records of a release that did not know contracts', async () => {
    await files({ '0001_a.sql': 'select 1' });
    await run();
    await rows('alter table shop.migrations drop column needs');
    await writeFile(join(directory, '0002_b.sql'), '-- contract: 0002\nselect 1');
    expect(await run()).toEqual(['0002_b.sql']);
    expect(await rows('select needs from shop.migrations order by number')).toEqual([
      { needs: 0 },
      { needs: 2 },
    ]);
  });

  it('refuses a file that changed after it was applied, and then applies nothing', async () => {
    await files({ '0001_a.sql': 'select 1' });
    await run();
    await files({ '0001_a.sql': 'select 2', '0002_b.sql': 'create table shop.b (id int)' });
    await expect(run()).rejects.toThrow('0001_a.sql');
    expect(await tables()).toEqual([{ tablename: 'migrations' }]);
  });

  it('refuses gaps, doubles and odd names', async () => {
    for (const names of [
      ['0002_a.sql'],
      ['0001_a.sql', '0001_b.sql'],
      ['0001_a.sql', '0003_c.sql'],
      ['1_a.sql'],
    ]) {
      await files(Object.fromEntries(names.map((name) => [name, 'select 1'])));
      await expect(run()).rejects.toThrow('.sql should be');
    }
  });

  it('fills in variables that are identifiers, and refuses others', async () => {
    await files({ '0001_a.sql': 'create table shop.{{table}} (id int)' });
    const withTable = (table: string) => migrate({ url, schema: 'shop', directory, variables: { table } });
    await expect(run()).rejects.toThrow('the variable table');
    await expect(withTable('a; drop schema shop')).rejects.toThrow('the variable table');
    expect(await withTable('goods')).toEqual(['0001_a.sql']);
    expect(await withTable('other')).toEqual([]);
  });

  it('refuses a file that ends its transaction', async () => {
    await files({ '0001_a.sql': 'commit' });
    await expect(run()).rejects.toThrow('must not end its transaction');
  });
});
