// Asks a component that a service cannot do without, again and again, and records in the service's health whether it answers.
import type { Health } from './health.ts';

const intervalMs = 2_000;

/** What is watched. */
export interface WatchedComponent {
  /** Short name, such as `postgres`. */
  readonly name: string;
  /** Resolves when the component answers, rejects when it does not. */
  readonly ping: () => Promise<unknown>;
}

/** Asks at once and then every 2 s. Resolves after the first answer; the result ends the watch. */
export async function watchComponent(health: Health, { name, ping }: WatchedComponent): Promise<() => void> {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const ask = async (): Promise<void> => {
    try {
      await ping();
      health.set(name, 'serving');
    } catch {
      health.set(name, 'not_serving', 'unreachable');
    }
    if (!stopped) timer = setTimeout(ask, intervalMs).unref();
  };
  await ask();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
