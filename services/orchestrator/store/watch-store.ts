// The port of watchers: what they read of executions and their journals.
import type { StoredExecution } from '../core/execution-record.ts';
import type { JournalPosition, JournalRead, News, NewsScope, StoreView } from '../core/watch-reads.ts';

/** Serves watchers, and never shows less than was committed before. */
export interface WatchStore {
  /** The execution, or undefined when the tenant has none of this id. */
  read(tenantId: string, id: string): Promise<StoredExecution | undefined>;
  /** Those of the executions that the tenant has, in one statement. */
  readAll(tenantId: string, ids: readonly string[]): Promise<StoredExecution[]>;
  /** What follows in each journal, bounded, in one statement; undefined for an execution that is not kept. */
  readJournals(wanted: readonly JournalPosition[]): Promise<(JournalRead | undefined)[]>;
  /** What is there now. */
  view(): Promise<StoreView>;
  /**
   * Runs of each scope of which something was written, in one statement. It looks at so many runs of each scope at most, and overlooks what was
   * decided more than 30 s before its view of what is seen.
   */
  news(scopes: readonly NewsScope[], limit: number): Promise<News[]>;
  /** Where living owners listen. */
  addresses(): Promise<string[]>;
}
