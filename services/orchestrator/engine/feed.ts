// Tells watchers in this process what became durable, as it becomes durable. Of what was before it keeps only the texts so far of attempts
// that are under way here: nobody else knows them.
import type { AttemptText, FeedEntries, FeedItem, FeedText } from '../core/feed-item.ts';
import type { LiveExecution } from './live-execution.ts';
import { createAttemptTexts } from './watch/attempt-texts.ts';

/** What is told. */
export type { FeedItem } from '../core/feed-item.ts';

/** Tells. A listener must not throw, and does not hold anything up. */
export interface Feed {
  appended(live: FeedSource, part: Pick<FeedEntries, 'seq' | 'atMs' | 'events'>): void;
  wrote(live: FeedSource, text: Omit<AttemptText, 'nodeId'>): void;
  /** Listens from now on; the answer ends it. */
  listen(listener: (item: FeedItem) => void): () => void;
  /** The texts so far of attempts under way, from their beginnings; of one execution or of all. */
  texts(executionId?: string): readonly FeedText[];
}

type FeedSource = Pick<LiveExecution, 'execution' | 'dropped' | 'state'>;

/** A feed without listeners. */
export function createFeed(): Feed {
  const listeners = new Set<(item: FeedItem) => void>();
  const kept = createAttemptTexts();
  const tell = (item: FeedItem): void => {
    for (const listener of listeners) listener(item);
  };
  return {
    appended(live, { seq, atMs, events }) {
      if (kept.isEmpty() && listeners.size === 0) return;
      const item = { type: 'entries', ...subjectOf(live), seq, atMs, events } as const;
      kept.note(item);
      tell(item);
    },
    wrote(live, text) {
      const planned = live.state.plan.tasks.find(({ taskId }) => taskId === text.taskId);
      if (!planned) return;
      const item = { type: 'text', ...subjectOf(live), nodeId: planned.nodeId, ...text } as const;
      kept.note(item, () => !live.dropped);
      tell(item);
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    texts: kept.texts,
  };
}

function subjectOf({ execution }: FeedSource) {
  return {
    tenantId: execution.tenantId,
    executionId: execution.id,
    createdBy: execution.principal.userId,
    ...(execution.sessionId === undefined ? {} : { sessionId: execution.sessionId }),
  };
}
