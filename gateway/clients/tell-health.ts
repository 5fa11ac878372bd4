// Tells the orchestrator how this gateway is, since nobody inside calls it. Nothing waits for it: a gateway that does not tell counts as unknown.
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Client } from '@connectrpc/connect';
import type { Health } from '../../foundation/process/health.ts';
import { repeat } from '../../foundation/process/repeat.ts';
import { callWith } from '../../foundation/rpc/caller.ts';
import type { Log } from '../../foundation/telemetry/log.ts';
import { untraced } from '../../foundation/telemetry/untraced.ts';
import type { ServiceHealthService } from '../../proto/gen/domainflow/orchestrator/v1/service_health_service_pb.js';

/** Between two tellings, in milliseconds. */
const tellMs = 15_000;
const callTimeoutMs = 5_000;
const responseMsMax = 60_000;
const detailLengthMax = 500;

/** What telling needs. */
export interface TellHealthDeps {
  readonly services: Client<typeof ServiceHealthService>;
  readonly health: Health;
  /** A token of the gateway for itself. */
  readonly token: () => string;
  readonly log: Pick<Log, 'warn'>;
}

/** Tells at once, again and again, and whenever the gateway's own state changes; answers how to stop. */
export function beginTellingHealth({ services, health, token, log }: TellHealthDeps): () => Promise<void> {
  const tell = async (): Promise<void> => {
    // As late as the process is for everybody: whoever asks now would wait for so long.
    const startedMs = performance.now();
    await othersTurn();
    const responseMs = Math.min(responseMsMax, performance.now() - startedMs);
    const serving = health.overall() === 'serving';
    const lacks = health.components().filter(({ state }) => state !== 'serving');
    const detail = serving ? '' : sentenceOf(lacks.map(({ component }) => component));
    const call = callWith({ token: token(), timeoutMs: callTimeoutMs });
    await untraced(() => services.tellServiceHealth({ serving, responseMs, detail }, call));
  };
  const stop = repeat({ name: 'telling of health', work: tell, intervalMs: tellMs, log });
  const stopListening = health.onChange(() => void tell().catch(() => undefined)); // it is told again in any case
  return async () => {
    stopListening();
    await stop();
  };
}

function sentenceOf(components: readonly string[]): string {
  if (components.length === 0) return 'It is about to end';
  return `It waits for ${components.join(', ')}`.slice(0, detailLengthMax);
}
