// A run that breaks goes on where it was, and never holds more than a page for each lane.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Fault } from '../../foundation/fault/fault.ts';
import { newId, prefixedId } from '../../foundation/ids/ids.ts';
import { type Report, submittedReport } from '../../services/reports/core/report.ts';
import { openProgressFile } from './progress-file.ts';
import { type RebuiltIndex, type ReindexDeps, reindexReports } from './reindex-reports.ts';
import type { ReportLane } from './report-lanes.ts';

const tenantId = '01890a5d-ac96-774b-bcce-b302099a8057';
const scope = {};
const pageSize = 3;
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reindex-'));
  path = join(folder, 'progress.json');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function someReport(): Report {
  const id = newId();
  const jobId = prefixedId('job_', newId());
  const createdAt = '2025-05-05T05:05:05.000Z';
  const text = { domainId: 'parks', rawText: 'A tree fell', source: 'web', createdBy: 'someone' };
  return submittedReport({ tenantId, id, jobId, createdAt, ...text });
}

interface Held {
  readonly reports: readonly Report[];
  /** Reads of each lane, by where they began. */
  readonly reads: string[];
}

/** Lanes that each hold a part of the reports, in pages; of two, the second holds twice as many. */
function lanesOf({ reports, reads }: Held, lanes: number): readonly ReportLane[] {
  return Array.from({ length: lanes }, (_, lane): ReportLane => {
    const part = reports.filter((_, at) => Math.min(at % 3, lanes - 1) === lane);
    return {
      name: `part ${lane}`,
      read: async (from) => {
        const start = Number(from?.at ?? 0);
        reads.push(`${lane}:${start}`);
        const end = start + pageSize;
        const next = end < part.length ? { at: end } : undefined;
        return { reports: part.slice(start, end), tombstones: [], next };
      },
    };
  });
}

/** An index in memory; `before` may fail a write. */
function memoryIndex(before: () => void) {
  const rows = new Map<string, number>();
  const index: RebuiltIndex = {
    replaceMany: async (written) => {
      before();
      for (const { incidentId, version } of written) rows.set(incidentId, version);
    },
    remove: async ({ incidentId }) => void rows.delete(incidentId),
    idsAfter: async (_tenant, after, limit) =>
      [...rows]
        .map(([incidentId, version]) => ({ incidentId, version }))
        .filter(({ incidentId }) => incidentId > (after ?? ''))
        .sort((a, b) => (a.incidentId < b.incidentId ? -1 : 1))
        .slice(0, limit),
    inDomain: async (_tenant, _domain, ids) => ids,
  };
  return { rows, index };
}

function depsOf(held: Held, index: RebuiltIndex, lanes: number): ReindexDeps {
  const versions = new Map(held.reports.map(({ incidentId, version }) => [incidentId, version]));
  return {
    ...{ index, lanes: lanesOf(held, lanes), file: openProgressFile(path), tell: () => undefined },
    held: async (keys) =>
      new Map(
        keys.flatMap(({ incidentId }) => {
          const version = versions.get(incidentId);
          return version === undefined ? [] : [[incidentId, { version, isTombstone: false }]];
        }),
      ),
    complain: (_key, error) => {
      throw error;
    },
  };
}

describe('a run with a progress file', () => {
  it.each([1, 2, 3, 4, 5, 6, 7])(
    'goes on where write %i did not happen, and reads nothing twice',
    async (failing) => {
      const held: Held = { reports: Array.from({ length: 20 }, someReport), reads: [] };
      let writes = 0;
      const { rows, index } = memoryIndex(() => {
        writes += 1;
        if (writes === failing) throw new Fault('unavailable', 'Away');
      });
      const deps = depsOf(held, index, 2);
      await expect(reindexReports(deps, scope)).rejects.toMatchObject({ reason: 'unavailable' });
      const counts = await reindexReports(deps, scope);
      expect(counts).toEqual({ reports: 20, tombstones: 0, removed: 0, failed: 0 });
      expect([...rows.keys()].sort()).toEqual(held.reports.map(({ incidentId }) => incidentId).sort());
      // Only the page that was not written is read again.
      expect(held.reads.length).toBe(new Set(held.reads).size + 1);
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('is refused for another scope', async () => {
    const held: Held = { reports: [someReport()], reads: [] };
    const broken = memoryIndex(() => {
      throw new Fault('unavailable', 'Away');
    });
    const whole = { reports: [someReport(), ...Array.from({ length: 5 }, someReport)], reads: [] };
    let writes = 0;
    const { index } = memoryIndex(() => {
      writes += 1;
      if (writes === 2) throw new Fault('unavailable', 'Away');
    });
    await expect(reindexReports(depsOf(whole, index, 1), scope)).rejects.toThrow('Away');
    const other = reindexReports(depsOf(held, broken.index, 1), { tenantId });
    await expect(other).rejects.toThrow('holds the progress of another run');
  });
});

describe('what a run holds', () => {
  it('is one page for each lane, however slow the index is', async () => {
    const held: Held = { reports: Array.from({ length: 60 }, someReport), reads: [] };
    const { index } = memoryIndex(() => undefined);
    let written = 0;
    let most = 0;
    const slow: RebuiltIndex = {
      ...index,
      replaceMany: async (rows) => {
        most = Math.max(most, held.reads.length - written);
        for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        await index.replaceMany(rows);
        written += 1;
      },
    };
    await reindexReports(depsOf(held, slow, 3), scope);
    expect([written, most]).toEqual([21, 3]);
  });

  it('keeps one report that is refused from keeping out its page', async () => {
    const held: Held = { reports: Array.from({ length: 7 }, someReport), reads: [] };
    const refused = held.reports[4]?.incidentId;
    const { rows, index } = memoryIndex(() => undefined);
    const strict: RebuiltIndex = {
      ...index,
      replaceMany: async (written) => {
        if (written.some(({ incidentId }) => incidentId === refused)) throw new Error('No time');
        await index.replaceMany(written);
      },
    };
    const named: string[] = [];
    const complain: ReindexDeps['complain'] = ({ incidentId }) => void named.push(incidentId);
    const counts = await reindexReports({ ...depsOf(held, strict, 1), complain }, scope);
    expect([counts.reports, counts.failed, named, rows.size]).toEqual([6, 1, [refused], 6]);
  });
});
