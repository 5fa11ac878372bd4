// The past of a report while its patches are still missing in their list, and when there are too many of them.
import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from '@jest/globals';
import { newId } from '../../../foundation/ids/ids.ts';
import { describeOnEachDynamodb } from '../../../local/databases/each-dynamodb.for-test.ts';
import type { Patch } from '../core/patch.ts';
import { decideApply, decideMake, decideUpdate } from '../core/patch-decisions.ts';
import { recording } from '../core/report.for-test.ts';
import type { Report } from '../core/report.ts';
import { newReport, openTestTables, testTables } from '../store/documents.for-test.ts';
import { createPatchDocuments } from '../store/patch-documents.ts';
import { patchItemKey } from '../store/patch-item.ts';
import type { PatchStore } from '../store/store.ts';
import { flushOutbox } from './indexer.ts';
import { readPast } from './read-past.ts';

const second = (at: number): string => new Date(Date.UTC(2025, 0, 1, 0, 0, at)).toISOString();
const hiddenKeys = new Set<string>();
let close = (): void => undefined;

afterEach(() => close());

async function open(endpoint: string): Promise<PatchStore> {
  const client = await openTestTables(endpoint, { hiddenKeys });
  close = () => client.destroy();
  const { patches: table, reports: reportsTable } = testTables;
  return createPatchDocuments({ client, table, reportsTable, shards: 1 });
}

/** A report with three changes, one in each second, of which the last was proposed before. All states are stored. */
async function changed(patches: PatchStore): Promise<{ report: Report; made: readonly Patch[] }> {
  let report = newReport({ tenantId: randomUUID(), createdAt: second(0) });
  const made: Patch[] = [];
  const take = async (decided: { report: Report; patch: Patch } | undefined): Promise<Patch> => {
    if (!decided) throw new Error('nothing changed');
    await flushOutbox(patches, decided.report.outbox);
    report = { ...decided.report, outbox: [] };
    made.push(decided.patch);
    return decided.patch;
  };
  const parts = {
    jobId: 'job_1',
    queryId: 'qry_1',
    agentId: 'a',
    agentVersion: 1,
    reason: '',
    references: [],
  };
  const patch = { id: newId(), source: 'agent', ...parts, wishMark: '' } as const;
  const making = {
    patch,
    wish: recording({ last: 1 }),
    auto: false,
    by: 'u',
    madeAt: second(0),
    at: second(0),
  };
  const proposed = await take(decideMake(report, making));
  for (const n of [1, 2]) {
    await take(decideUpdate(report, recording({ n }), { id: newId(), by: 'u', at: second(n) }));
  }
  await take(decideApply(report, proposed, { by: 'u', at: second(3), mark: 'm' }));
  return { report, made };
}

describeOnEachDynamodb('the past of a report', (server) => {
  it('is whole while the list of patches lags', async () => {
    const patches = await open(server().endpoint);
    const { report, made } = await changed(patches);
    for (const patch of made) hiddenKeys.add(patchItemKey(patch));
    const pasts = await Promise.all([0, 1, 2].map((n) => readPast(patches, report, { at: second(n) })));
    expect(pasts.map((past) => past?.managementData?.n)).toEqual([undefined, 1, 2]);
    expect(pasts.map((past) => past?.managementData?.last)).toEqual([undefined, undefined, undefined]);
  });

  it('is refused with a reason when it would take too many patches', async () => {
    const patches = await open(server().endpoint);
    const { report } = await changed(patches);
    const limits = { patchesMax: 2, bytesMax: 1_000_000 };
    const refused = readPast(patches, report, { at: second(1), limits });
    await expect(refused).rejects.toMatchObject({
      reason: 'invalid_argument',
      violations: [{ field: 'as_of', reason: expect.stringContaining('more than 2 patches') }],
    });
    expect((await readPast(patches, report, { at: second(1) }))?.managementData?.n).toBe(1);
  });
});
