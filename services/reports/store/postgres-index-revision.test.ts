// What names the state of a domain: every change gives another name, also when changes become visible in another order than they began.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowJson } from './index-filter.ts';
import { type IndexUnderTest, startIndexForTest, testDomain, testRow } from './report-index.for-test.ts';

let under: IndexUnderTest;

beforeAll(async () => {
  under = await startIndexForTest();
}, 60_000);

afterAll(async () => {
  await under.stop();
}, 30_000);

/** Housekeeping of the server itself may be under way, so that it is asked until it is told. */
async function revision(tenantId: string, domainId = testDomain): Promise<string> {
  for (;;) {
    const told = await under.index.revision(tenantId, domainId);
    if (told !== undefined) return told;
  }
}

async function changesKept(tenantId: string): Promise<number> {
  const text = 'select from reports.domain_changes where tenant_id = $1';
  return (await under.admin.query(text, [tenantId])).rowCount ?? 0;
}

describe('the revision of a domain', () => {
  it('is another one after every change, and never one that it was before', async () => {
    const { index } = under;
    const tenantId = randomUUID();
    const row = testRow({ tenantId });
    const bare = { ...row, version: 3 };
    const others = [1, 2, 3].map(() => testRow({ tenantId }));
    const changes: (() => Promise<unknown>)[] = [
      () => index.upsert(row),
      () => index.upsert({ ...row, version: 2, status: 'completed' }),
      () => index.upsertMany(others),
      () => index.replaceMany(others),
      () => index.remove(bare),
      () => index.upsertMany([testRow({ tenantId })]),
      () => index.remove({ ...others[0], tenantId, incidentId: others[0]?.incidentId ?? '', version: 9 }),
    ];
    const told = [await revision(tenantId)];
    for (const change of changes) {
      await change();
      told.push(await revision(tenantId));
    }
    await index.forgetTombstones(new Date(Date.now() + 60_000).toISOString());
    const newest = await revision(tenantId);
    expect(new Set(told).size).toBe(changes.length + 1);
    expect(told.slice(0, -1)).not.toContain(newest);
  });

  it('stays what it is when nothing of the domain changes', async () => {
    const { index } = under;
    const tenantId = randomUUID();
    const row = testRow({ tenantId });
    await index.upsert({ ...row, version: 5 });
    const told = await revision(tenantId);
    await index.upsert(row);
    await index.remove(row);
    await index.upsert(testRow({ tenantId, domainId: 'elsewhere' }));
    await index.upsert(testRow({ tenantId: randomUUID() }));
    while ((await index.foldFacets()) > 0);
    expect(await revision(tenantId)).toBe(told);
    expect(await revision(tenantId, 'elsewhere')).not.toBe(told);
  });

  it('is not told while an older change may still become visible behind a newer one', async () => {
    const { index, admin } = under;
    const tenantId = randomUUID();
    await index.upsert(testRow({ tenantId }));
    const before = await revision(tenantId);
    const late = testRow({ tenantId });
    await admin.query('begin');
    await admin.query("select set_config('app.tenant', $1, true)", [tenantId]);
    await admin.query('select reports.index_upsert($1, $2)', [rowJson(late), '']);
    expect(await revision(tenantId)).toBe(before);
    await index.upsert(testRow({ tenantId }));
    expect(await index.revision(tenantId, testDomain)).toBeUndefined();
    await admin.query('commit');
    expect(await revision(tenantId)).not.toBe(before);
  });

  it('needs no more than the newest change of each domain', async () => {
    const { index } = under;
    const tenantId = randomUUID();
    for (let at = 0; at < 4; at += 1) await index.upsert(testRow({ tenantId }));
    await index.upsert(testRow({ tenantId, domainId: 'elsewhere' }));
    const told = await revision(tenantId);
    expect(await changesKept(tenantId)).toBe(5);
    while ((await index.forgetChanges()) > 0);
    expect(await changesKept(tenantId)).toBe(2);
    expect(await revision(tenantId)).toBe(told);
  });

  it('is told again where the database was read from the dump of another server', async () => {
    const { index, admin } = under;
    const tenantId = randomUUID();
    const text =
      "insert into reports.domain_changes (tenant_id, domain_id, xid) values ($1, $2, '4611686018427387904')";
    await admin.query(text, [tenantId, testDomain]);
    expect(await index.revision(tenantId, testDomain)).toBeUndefined();
    await index.forgetChanges();
    expect(Number(await revision(tenantId))).toBeLessThan(2 ** 62);
  });
});
