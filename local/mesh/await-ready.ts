// Waits until a gateway says that it can serve.
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../foundation/fault/fault.ts';

const readyMsMax = 20_000;
const pollMs = 25;

/** What ends the wait early. */
export interface ReadyWait {
  /** Resolves with a sentence when the mesh broke meanwhile. */
  readonly failure: Promise<string>;
  readonly signal?: AbortSignal | undefined;
}

/** Resolves when `GET /health/ready` answers 200. Fault `unavailable` when it does not within 20 s, or when the mesh breaks. */
export async function awaitReady(gatewayUrl: string, { failure, signal }: ReadyWait): Promise<void> {
  let broken: string | undefined;
  failure.then((sentence) => {
    broken = sentence;
  });
  for (let waitedMs = 0; waitedMs < readyMsMax; waitedMs += pollMs) {
    signal?.throwIfAborted();
    if (broken !== undefined) throw new Fault('unavailable', broken);
    const status = await readyStatus(gatewayUrl);
    if (status === 200) return;
    await sleep(pollMs);
  }
  throw new Fault('unavailable', `The gateway at ${gatewayUrl} does not become ready`);
}

/** The status of the answer; undefined when there was none. */
async function readyStatus(gatewayUrl: string): Promise<number | undefined> {
  try {
    const response = await fetch(`${gatewayUrl}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined;
  }
}
