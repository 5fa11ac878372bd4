// Brings the report index to what the documents say: every report is written over its row, and rows whose document is gone are removed.
// It may run beside the service: both write under the version of the document, so the newer one stays.
import { Fault } from '../../foundation/fault/fault.ts';
import { type IndexRow, indexRowOf } from '../../services/reports/core/index-row.ts';
import type { Report, ReportKey } from '../../services/reports/core/report.ts';
import type { HeldDocument } from './held-documents.ts';
import { noProgress, type ProgressFile, type ReindexCounts, type ReindexProgress } from './progress-file.ts';
import type { LanePage, ReportLane, ReportScope } from './report-lanes.ts';

/** Rows that are compared with their documents at a time. */
const comparedMax = 100;

/** What ends a run: it goes on when both stores answer again. */
const reasonsOfAbsence = new Set(['unavailable', 'deadline_exceeded', 'aborted']);

/** What is done to the index. */
export interface RebuiltIndex {
  /** Writes rows of one tenant over those that are not newer. */
  replaceMany(rows: readonly IndexRow[]): Promise<void>;
  /** Puts a tombstone in place of a row that is older. */
  remove(gone: ReportKey & { readonly version: number }): Promise<void>;
  /** Rows of a tenant after an id, by id. */
  idsAfter(tenantId: string, after: string, limit: number): Promise<readonly IndexedVersion[]>;
  /** Those of the ids whose rows are in the domain. */
  inDomain(tenantId: string, domainId: string, ids: readonly string[]): Promise<readonly string[]>;
}

/** A row of the index, by its id. */
export interface IndexedVersion {
  readonly incidentId: string;
  readonly version: number;
}

/** What a run works with. */
export interface ReindexDeps {
  readonly lanes: readonly ReportLane[];
  /** By incident id, those of up to 100 documents of a tenant that are held. */
  readonly held: (keys: readonly ReportKey[]) => Promise<ReadonlyMap<string, HeldDocument>>;
  readonly index: RebuiltIndex;
  readonly file: ProgressFile;
  /** Told after each step. */
  readonly tell: (counts: ReindexCounts) => void;
  /** Told of each report that cannot be indexed, and why. */
  readonly complain: (key: ReportKey, error: unknown) => void;
}

/** Goes on where an earlier run of the same scope ended, and answers what all of them did. Throws as soon as a store does not answer. */
export async function reindexReports(deps: ReindexDeps, scope: ReportScope): Promise<ReindexCounts> {
  const run: Run = {
    deps,
    scope,
    progress: (await deps.file.read(scope)) ?? noProgress(scope),
    saved: Promise.resolve(),
    broken: false,
  };
  await allOrFirstFailure(
    run,
    deps.lanes.map((lane) => bringLane(run, lane)),
  );
  for (const tenantId of Object.keys(run.progress.tenants)) await compareTenant(run, tenantId);
  await deps.file.remove();
  return run.progress.counts;
}

interface Run {
  readonly deps: ReindexDeps;
  readonly scope: ReportScope;
  progress: ReindexProgress;
  /** Settles when the progress that was saved last is in the file. */
  saved: Promise<void>;
  /** True when a lane failed: the others end after their page. */
  broken: boolean;
}

async function allOrFirstFailure(run: Run, works: readonly Promise<void>[]): Promise<void> {
  const watched = works.map((work) =>
    work.catch((error: unknown) => {
      run.broken = true;
      throw error;
    }),
  );
  const ended = await Promise.allSettled(watched);
  for (const work of ended) if (work.status === 'rejected') throw work.reason;
}

async function bringLane(run: Run, lane: ReportLane): Promise<void> {
  const start = run.progress.lanes[lane.name];
  if (start === null) return;
  for (let from = start; !run.broken; ) {
    const page = await lane.read(from);
    const failed = await bringPage(run.deps, page);
    from = page.next;
    await save(run, stepOf(run.progress, page, { lane: lane.name, failed }));
    if (from === undefined) return;
  }
}

/** How many reports of a page cannot be indexed. */
async function bringPage({ index, complain }: ReindexDeps, page: LanePage): Promise<number> {
  let failed = 0;
  for (const reports of Map.groupBy(page.reports, ({ tenantId }) => tenantId).values()) {
    failed += await bringReports({ index, complain }, reports);
  }
  for (const tombstone of page.tombstones) await index.remove(tombstone);
  return failed;
}

// One report that the database refuses must not keep the others of its page out.
async function bringReports(
  deps: Pick<ReindexDeps, 'index' | 'complain'>,
  reports: readonly Report[],
): Promise<number> {
  try {
    await deps.index.replaceMany(reports.map(indexRowOf));
    return 0;
  } catch (error) {
    if (error instanceof Fault && reasonsOfAbsence.has(error.reason)) throw error;
    const [first] = reports;
    if (reports.length > 1 || !first) {
      let failed = 0;
      for (const report of reports) failed += await bringReports(deps, [report]);
      return failed;
    }
    deps.complain(first, error);
    return 1;
  }
}

function stepOf(
  progress: ReindexProgress,
  page: LanePage,
  { lane, failed }: { lane: string; failed: number },
): ReindexProgress {
  const { counts, tenants } = progress;
  const met = [...page.reports, ...page.tombstones].map(({ tenantId }) => [tenantId, '']);
  return {
    ...progress,
    counts: {
      ...counts,
      reports: counts.reports + page.reports.length - failed,
      tombstones: counts.tombstones + page.tombstones.length,
      failed: counts.failed + failed,
    },
    lanes: { ...progress.lanes, [lane]: page.next ?? null },
    tenants: { ...Object.fromEntries(met), ...tenants },
  };
}

async function compareTenant(run: Run, tenantId: string): Promise<void> {
  const { index } = run.deps;
  for (let after = run.progress.tenants[tenantId] ?? null; after !== null; ) {
    const rows: readonly IndexedVersion[] = await index.idsAfter(tenantId, after, comparedMax);
    const gone = await goneOf(run, tenantId, rows);
    for (const key of gone) await index.remove(key);
    after = rows.at(-1)?.incidentId ?? null;
    const { counts, tenants } = run.progress;
    await save(run, {
      ...run.progress,
      counts: { ...counts, removed: counts.removed + gone.length },
      tenants: { ...tenants, [tenantId]: after },
    });
  }
}

// A document is written before its row, so a row without a document is one whose document has gone.
async function goneOf(
  { deps, scope: { domainId } }: Run,
  tenantId: string,
  rows: readonly IndexedVersion[],
): Promise<readonly (ReportKey & { readonly version: number })[]> {
  const keys = rows.map(({ incidentId }) => ({ tenantId, incidentId }));
  const held = await deps.held(keys);
  const gone = rows.flatMap(({ incidentId, version }) => {
    const document = held.get(incidentId);
    if (document && !document.isTombstone) return [];
    return [{ tenantId, incidentId, version: document?.version ?? version + 1 }];
  });
  if (domainId === undefined || gone.length === 0) return gone;
  const ids = await deps.index.inDomain(
    tenantId,
    domainId,
    gone.map(({ incidentId }) => incidentId),
  );
  return gone.filter(({ incidentId }) => ids.includes(incidentId));
}

// Lanes take steps side by side; what they say of them is written one after the other.
function save(run: Run, progress: ReindexProgress): Promise<void> {
  const { file, tell } = run.deps;
  run.progress = progress;
  run.saved = run.saved.then(() => file.write(progress));
  tell(progress.counts);
  return run.saved;
}
