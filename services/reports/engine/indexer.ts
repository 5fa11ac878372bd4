// Follows a report's newest version: stores the states of patches that it carries, then brings it into the index, right after a write and
// again by the sweep when that did not happen. Only when both have been done is the document no longer pending.
import type { Clock } from '../../../foundation/clock.ts';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import { indexRowOf } from '../core/index-row.ts';
import type { Patch } from '../core/patch.ts';
import type { Report, ReportKey } from '../core/report.ts';
import type { PatchStore, PendingReports, ReportIndex } from '../store/store.ts';
import { endsWithin } from './ends-within.ts';

/** How long a write waits for the index at most, in milliseconds. */
export const inlineWaitMsMax = 1_000;
/** While the index is away, and after a slow write those of its tenant, writes leave it to the sweep for this long, in milliseconds. */
export const inlinePauseMs = 1_000;
/** Tenants that are remembered as slow; beyond, all are forgotten. */
const slowTenantsMax = 1_000;

/** What an indexer is made of. */
export interface IndexerOptions {
  readonly pending: Pick<PendingReports, 'find' | 'clear'>;
  readonly index: Pick<ReportIndex, 'upsert'>;
  readonly patches: Pick<PatchStore, 'put'>;
  readonly log: Log;
  readonly clock: Clock;
}

/** Brings reports into the index, and the patches that they carry into their own documents. */
export interface Indexer {
  /** Follows what was just written, as well as it can: a failure is logged, and the report stays pending. Never rejects. */
  afterWrite(report: Report): Promise<void>;
  /** Reads a pending report and follows it. Throws when either store does not answer. */
  catchUp(key: ReportKey): Promise<void>;
}

/** An indexer over both stores. */
export function createIndexer({ pending, index, patches, log, clock }: IndexerOptions): Indexer {
  let pausedUntilMs = 0;
  const slowUntilMs = new Map<string, number>();

  async function bring(report: Report): Promise<void> {
    await index.upsert(indexRowOf(report));
    await pending.clear(report);
  }

  // One slow report says nothing about those of other tenants.
  const noteSlow = ({ tenantId }: Report): void => {
    if (slowUntilMs.size >= slowTenantsMax) slowUntilMs.clear();
    slowUntilMs.set(tenantId, clock() + inlinePauseMs);
  };
  const isPaused = ({ tenantId }: Report): boolean =>
    clock() < Math.max(pausedUntilMs, slowUntilMs.get(tenantId) ?? 0);

  async function bringOrLog(report: Report): Promise<void> {
    try {
      await bring(report);
    } catch (error) {
      if (error instanceof Fault && error.reason === 'unavailable') pausedUntilMs = clock() + inlinePauseMs;
      log.warn({ err: error, incident_id: report.incidentId }, 'A report waits for the index');
    }
  }

  async function flushOrLog(report: Report): Promise<boolean> {
    try {
      await flushOutbox(patches, report.outbox);
      return true;
    } catch (error) {
      log.warn({ err: error, incident_id: report.incidentId }, 'Patches of a report wait to be stored');
      return false;
    }
  }

  return {
    async afterWrite(report) {
      if (!(await flushOrLog(report)) || isPaused(report)) return;
      const inTime = await endsWithin(inlineWaitMsMax, bringOrLog(report));
      if (!inTime) noteSlow(report);
    },
    async catchUp(key) {
      const report = await pending.find(key);
      if (!report) return;
      await flushOutbox(patches, report.outbox);
      await bring(report);
    },
  };
}

/** Stores the states of an outbox. Repeating it changes nothing. */
export async function flushOutbox(patches: Pick<PatchStore, 'put'>, outbox: readonly Patch[]): Promise<void> {
  for (const state of outbox) await patches.put(state);
}
