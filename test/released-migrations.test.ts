// Migrations as others have them: what was released is never changed, and what takes something away says which code it needs.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type MigrationFile, readMigrationFiles } from '../foundation/postgres/migration-files.ts';
import { checkoutDir } from '../local/checkout.ts';

const services = ['orchestrator', 'registry', 'reports'] as const;
/** Migrations of the first release and before it: nobody comes back to what was earlier. */
const firstRelease = { orchestrator: 14, registry: 8, reports: 8 } as const;
/** What code that does not know of it may miss. */
const takesAway =
  /\b(drop\s+(table|column|view|function|schema)|rename\s+(to|column|constraint)|alter\s+column\s+\w+\s+(set\s+data\s+)?type|set\s+not\s+null)\b/i;

type Service = (typeof services)[number];
type Checksums = Readonly<Record<Service, Readonly<Record<string, string>>>>;

const filesOf = (service: Service) =>
  readMigrationFiles(join(checkoutDir, 'services', service, 'store', 'migrations'));

async function released(): Promise<Checksums> {
  return JSON.parse(await readFile(join(import.meta.dirname, 'released-migrations.json'), 'utf8'));
}

/** What a file takes away without saying so. */
function unsaid({ name, sql, needs }: MigrationFile): readonly string[] {
  const [found] = takesAway.exec(sql.replaceAll(/--.*$/gm, '')) ?? [];
  return found === undefined || needs > 0 ? [] : [`${name} has "${found}" and no line "-- contract: NNNN"`];
}

describe.each(services)('the migrations of %s', (service) => {
  it('are those of released-migrations.json: a new one is added there, and none is ever changed or taken away', async () => {
    const files = await filesOf(service);
    const checksums = Object.fromEntries(files.map(({ name, checksum }) => [name, checksum]));
    expect(checksums).toEqual((await released())[service]);
  });

  it('say which code they need when they take something away', async () => {
    const later = (await filesOf(service)).filter(({ number }) => number > firstRelease[service]);
    expect(later.flatMap(unsaid)).toEqual([]);
  });
});

describe('what a migration takes away', () => {
  const file = { number: 1, name: '0001_a.sql', checksum: '' };
  it.each([
    'alter table a drop column b',
    'drop table a',
    'alter table a rename column b to c',
    'alter table a alter column b type text',
  ])('is seen in "%s", and is fine with a contract', (sql) => {
    expect(unsaid({ ...file, sql, needs: 0 })).toHaveLength(1);
    expect(unsaid({ ...file, sql, needs: 1 })).toEqual([]);
  });

  it('is not seen in what only adds', () => {
    const sql = 'alter table a add column b text not null default 0; -- drop table c';
    expect(unsaid({ ...file, sql, needs: 0 })).toEqual([]);
  });
});
