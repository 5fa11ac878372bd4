// Looks for outputs: those of the same moment are one statement, and one statement is under way at a time. A database that is slow or away
// has nothing.
import { context as contextApi, ROOT_CONTEXT } from '@opentelemetry/api';
import type { KeptOutput, OutputKey, OutputStore } from '../store/store.ts';
import { withinMs } from './output-cache-time.ts';

/** Looks under a key; undefined when nothing is there, or nothing was answered in time. It never throws. */
export type Look = (key: OutputKey) => Promise<KeptOutput | undefined>;

/** Keys of one statement. */
const keysMax = 500;
/** Keys that may wait for a statement; those beyond are not looked for. */
const waitingMax = 20_000;

interface Waiting {
  readonly key: OutputKey;
  readonly tell: (found: KeptOutput | undefined) => void;
}

/** Looks in this store. */
export function createLooks(store: Pick<OutputStore, 'find'>, { lookMs }: { readonly lookMs: number }): Look {
  const queue: Waiting[] = [];
  let busy = false;

  async function drain(): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const batch = queue.splice(0, keysMax);
      if (batch.length === 0) break;
      await ask(store, batch);
    }
    busy = false;
  }

  return (key) => {
    if (queue.length >= waitingMax) return Promise.resolve(undefined);
    const found = new Promise<KeptOutput | undefined>((tell) => void queue.push({ key, tell }));
    if (!busy) {
      busy = true;
      // A statement serves many executions and therefore belongs to the trace of none.
      void contextApi.with(ROOT_CONTEXT, drain);
    }
    return withinMs(found, lookMs);
  };
}

async function ask(store: Pick<OutputStore, 'find'>, batch: readonly Waiting[]): Promise<void> {
  const nameOf = ({ tenantId, key }: OutputKey): string => `${tenantId} ${key}`;
  const found = await store.find(batch.map(({ key }) => key)).catch((): KeptOutput[] => []);
  const byName = new Map(found.map((kept) => [nameOf(kept), kept]));
  for (const { key, tell } of batch) tell(byName.get(nameOf(key)));
}
