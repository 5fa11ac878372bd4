// Tells, within this process, that there may be something to give to workers, and that what they do is not wanted any more: then nobody waits for
// the next look. What other replicas do is not told here.
import type { Feed } from '../feed.ts';

/** Tells and is listened to. */
export interface OfferSignals {
  /** Tasks of the tenant are offered, or places of its workers are free. Never throws. */
  offered(tenantId: string): void;
  /** A run was cancelled: nobody wants what its tasks come to any more. Never throws. */
  cancelled(executionId: string): void;
  /** Listens to offers from now on; the answer ends it. A listener must not throw. */
  listen(listener: (tenantId: string) => void): () => void;
  /** Likewise to runs that are cancelled. */
  listenToCancels(listener: (executionId: string) => void): () => void;
}

/** Signals without listeners. */
export function createOfferSignals(): OfferSignals {
  const [offers, cancels] = [createSignal(), createSignal()];
  return {
    offered: offers.tell,
    cancelled: cancels.tell,
    listen: offers.listen,
    listenToCancels: cancels.listen,
  };
}

function createSignal() {
  const listeners = new Set<(id: string) => void>();
  return {
    tell: (id: string): void => {
      for (const listener of listeners) listener(id);
    },
    listen: (listener: (id: string) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The feed, which also signals what runs of this process offer and that they are cancelled, once it is durable. */
export function signallingFeed(feed: Feed, signals: OfferSignals): Feed {
  return {
    ...feed,
    appended(live, part) {
      feed.appended(live, part);
      const { id, tenantId } = live.execution;
      if (part.events.some(({ type }) => type === 'task_offered')) signals.offered(tenantId);
      // A task may be cancelled in a run that failed, too: there workers finish what they have.
      if (part.events.some(({ type }) => type === 'cancel_requested')) signals.cancelled(id);
    },
  };
}
