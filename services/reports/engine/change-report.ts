// Changes a report by a decision about its newest version, and decides anew when another write was faster. Whatever states of patches the
// version carries are stored first, so that a decision finds them in the patches, and no version carries more than its own.
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault, notFound } from '../../../foundation/fault/fault.ts';
import type { Patch, PatchKey } from '../core/patch.ts';
import type { Report, ReportKey } from '../core/report.ts';
import type { PatchStore, ReportStore } from '../store/store.ts';
import { flushOutbox } from './indexer.ts';

/** Tries when others write the same report at the same time. */
const triesMax = 25;
/** Longest wait between two tries, in milliseconds. */
const waitMsMax = 40;

/** What changes are made with. */
export interface ChangeParts {
  readonly store: Pick<ReportStore, 'find' | 'replace'>;
  readonly patches: PatchStore;
}

/** What is decided about a version. */
export interface ReportDecision<T> {
  /** The next version; absent leaves the report as it is. */
  readonly next?: Report | undefined;
  /** What to answer once it is stored. */
  readonly answer: T;
}

/**
 * Answers what was decided about the version that was then replaced. `decide` reads what it needs of patches itself, after the report was
 * read; `isAgain` says that an earlier decision of this call may have been stored after all. Throws `not_found` for a report that is not
 * there and `aborted` when others keep writing.
 */
export async function changeReport<T>(
  { store, patches }: ChangeParts,
  key: ReportKey,
  decide: (report: Report, isAgain: boolean) => Promise<ReportDecision<T>> | ReportDecision<T>,
): Promise<T> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const report = await store.find(key);
    if (!report) throw notFound('report');
    await flushOutbox(patches, report.outbox);
    const { next, answer } = await decide({ ...report, outbox: [] }, tries > 0);
    if (!next || (await store.replace(next))) return answer;
    await sleep(Math.random() * waitMsMax);
  }
  throw new Fault('aborted', 'Others keep changing the report', { retryAfterMs: 100 });
}

/** The same for a decision about a patch; `not_found` also stands for a patch whose report is gone. */
export async function changeByPatch<T>(
  parts: ChangeParts,
  key: PatchKey,
  decide: (report: Report, patch: Patch) => Promise<ReportDecision<T>> | ReportDecision<T>,
): Promise<T> {
  const known = await parts.patches.find(key);
  const report = known && (await parts.store.find(known));
  if (!known || !report) throw notFound('patch');
  return changeReport(parts, known, async (newest) => {
    // Its state is read after the report: one that came later has made a later version, and this one cannot be replaced.
    const patch = await parts.patches.find(key);
    if (!patch) throw notFound('patch');
    return decide(newest, patch);
  });
}
