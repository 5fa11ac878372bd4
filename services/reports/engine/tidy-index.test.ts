// Tidying a real index, by a clock of the test.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPostgres } from '../../../foundation/postgres/pool.ts';
import { createLog } from '../../../foundation/telemetry/log.ts';
import { indexRowOf } from '../core/index-row.ts';
import { newReport } from '../store/documents.for-test.ts';
import { createPostgresIndex } from '../store/postgres-index.ts';
import { type IndexUnderTest, startIndexForTest } from '../store/report-index.for-test.ts';
import { createIndexTidy } from './tidy-index.ts';

const hourMs = 60 * 60 * 1_000;
const tenantId = randomUUID();

let under: IndexUnderTest;

beforeAll(async () => {
  under = await startIndexForTest();
}, 60_000);

afterAll(async () => {
  await under.stop();
}, 30_000);

async function rows(): Promise<number> {
  return (await under.admin.query('select from reports.report_index')).rowCount ?? 0;
}

describe('tidying', () => {
  it('removes tombstones a day after their deletion, looking once an hour, and leaves reports', async () => {
    const { index } = under;
    const [kept, gone] = [newReport({ tenantId }), newReport({ tenantId })];
    await index.upsertMany([kept, gone].map(indexRowOf));
    let nowMs = Date.now();
    const log = createLog({ service: 'reports', level: 'silent' });
    const tidy = createIndexTidy({ index, log, clock: () => nowMs });
    await index.remove({ ...gone, version: 2 });
    await tidy();
    expect(await rows()).toBe(2);
    nowMs += 23 * hourMs;
    await tidy();
    expect(await rows()).toBe(2);
    nowMs += 2 * hourMs;
    await tidy();
    expect(await rows()).toBe(1);
    await index.remove({ ...kept, version: 2 });
    await tidy();
    expect(await rows()).toBe(1);
  });

  it('says once, and not again and again, that the index is away', async () => {
    const lines: string[] = [];
    const log = createLog({
      service: 'reports',
      level: 'warn',
      destination: { write: (line) => lines.push(line) },
    });
    const closed = createPostgres({
      ...{ url: 'postgres://nobody@127.0.0.1:1/none', applicationName: 'test', sizeMax: 1 },
      ...{ acquireTimeoutMs: 1_000, onError: () => undefined },
    });
    const tidy = createIndexTidy({ index: createPostgresIndex(closed), log, clock: Date.now });
    await tidy();
    await tidy();
    await closed.close();
    expect(lines).toHaveLength(1);
  });
});
