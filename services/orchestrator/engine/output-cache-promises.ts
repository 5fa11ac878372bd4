// Promises to other processes: that an output is computed here. They hold as long as this process shows that it lives, so that a process that
// is gone keeps nobody waiting for long.
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { OutputPromise, OutputStore } from '../store/store.ts';
import type { EndOfOutput } from './output-cache-ends.ts';
import { withinMs } from './output-cache-time.ts';

/** Gives promises. */
export interface Promises {
  /** How the promise is kept, `taken` when somebody else has given it or has the output, `unknown` when that could not be found out. */
  give(promise: OutputPromise): Promise<{ readonly end: EndOfOutput } | 'taken' | 'unknown'>;
}

/** What promises are given with. */
export interface PromisesDeps {
  readonly store: Pick<OutputStore, 'promise' | 'renewPromises' | 'breakPromise'>;
  /** In milliseconds. */
  readonly rhythm: { readonly lookMs: number; readonly promiseMs: number; readonly renewMs: number };
  readonly log: Log;
}

/** No promises yet. */
export function createPromises({ store, rhythm, log }: PromisesDeps): Promises {
  const { lookMs, promiseMs, renewMs } = rhythm;
  const given = new Set<OutputPromise>();
  let timer: NodeJS.Timeout | undefined;

  const renew = async (): Promise<void> => {
    timer = undefined;
    const failed = (error: unknown): void =>
      log.warn({ err: error, count: given.size }, 'Promises of outputs could not be renewed');
    await withinMs(store.renewPromises([...given], promiseMs).catch(failed), promiseMs);
    renewLater();
  };
  const renewLater = (): void => {
    if (given.size > 0) timer ??= setTimeout(() => void renew(), renewMs).unref();
  };

  const endOf =
    (promise: OutputPromise): EndOfOutput =>
    (recorded) => {
      if (!given.delete(promise)) return;
      if (given.size === 0) clearTimeout(timer);
      if (given.size === 0) timer = undefined;
      if (!recorded) void store.breakPromise(promise).catch(() => undefined); // it runs out by itself
    };

  return {
    async give(promise) {
      const taken = await withinMs(store.promise([promise], promiseMs), lookMs);
      if (!taken) return 'unknown';
      if (taken.length === 0) return 'taken';
      given.add(promise);
      renewLater();
      return { end: endOf(promise) };
    },
  };
}
