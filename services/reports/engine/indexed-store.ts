// The documents as handlers see them: what they write is in the index when the write is answered, as long as the index is there.
import type { Report } from '../core/report.ts';
import type { ReportStore } from '../store/store.ts';
import type { Indexer } from './indexer.ts';

/** A store that indexes after each write. */
export function createIndexedStore(store: ReportStore, indexer: Indexer): ReportStore {
  const thenIndex = async (report: Report, written: Promise<boolean>): Promise<boolean> => {
    const done = await written;
    if (done) await indexer.afterWrite(report);
    return done;
  };
  return {
    ...store,
    create: (report) => thenIndex(report, store.create(report)),
    replace: (report) => thenIndex(report, store.replace(report)),
  };
}
