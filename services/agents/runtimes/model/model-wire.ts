// Knows of each call of a provider whether it has reached the wire: until its request is written to a connection, it has cost nothing. It
// asks in the same way as the process's own fetch, but follows no redirect.
import { AsyncLocalStorage } from 'node:async_hooks';
import { type Dispatcher, getGlobalDispatcher } from 'undici';

/** Watches calls of providers. */
export interface ModelWire {
  /** What providers are to ask with; requests outside of `watch` are not watched. */
  readonly fetch: typeof globalThis.fetch;
  /** Does some work, and calls back as soon as a request of it is about to be written to an open connection. */
  watch<T>(onSent: () => void, work: () => Promise<T>): Promise<T>;
}

/** The moments of a request; undici calls whichever of the two its version knows when the connection is open. */
const sendingMoments = ['onConnect', 'onRequestStart'] as const;

/** Watches the calls of one process. */
export function createModelWire(): ModelWire {
  const watched = new AsyncLocalStorage<() => void>();
  return {
    fetch: (input, init) => {
      const onSent = watched.getStore();
      // A redirect would take the API key, in a header that the standard does not protect, to whoever it names.
      const asked = { ...init, redirect: 'manual' as const };
      if (!onSent) return fetch(input, asked);
      const dispatcher = { dispatch: dispatchThen(onSent) };
      // Node's types of fetch do not name the dispatcher, which its undici takes.
      return fetch(input, { ...asked, dispatcher } as RequestInit);
    },
    watch: (onSent, work) => watched.run(onSent, work),
  };
}

function dispatchThen(onSent: () => void): Dispatcher['dispatch'] {
  return (options, handler) => {
    const watching = Object.create(handler) as Dispatcher.DispatchHandler;
    for (const moment of sendingMoments) {
      const told = handler[moment] as ((...parts: unknown[]) => void) | undefined;
      if (!told) continue;
      watching[moment] = (...parts: unknown[]) => {
        onSent();
        told.apply(watching, parts);
      };
    }
    return getGlobalDispatcher().dispatch(options, watching);
  };
}
