// Tells, within this process, that there may be something to give to workers: then nobody waits for the next look. What other replicas offer is
// not told here.
import type { Feed } from '../feed.ts';

/** Tells and is listened to. */
export interface OfferSignals {
  /** Tasks of the tenant are offered, or places of its workers are free. Never throws. */
  offered(tenantId: string): void;
  /** Listens from now on; the answer ends it. A listener must not throw. */
  listen(listener: (tenantId: string) => void): () => void;
}

/** Signals without listeners. */
export function createOfferSignals(): OfferSignals {
  const listeners = new Set<(tenantId: string) => void>();
  return {
    offered: (tenantId) => {
      for (const listener of listeners) listener(tenantId);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The feed, which also signals what runs of this process offer, once it is durable. */
export function signallingFeed(feed: Feed, signals: OfferSignals): Feed {
  return {
    ...feed,
    appended(live, part) {
      feed.appended(live, part);
      if (part.events.some(({ type }) => type === 'task_offered')) signals.offered(live.execution.tenantId);
    },
  };
}
