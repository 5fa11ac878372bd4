// Checks how the platform's services are, every half minute, whichever replica comes first. The gateway is no part of it: nobody inside calls
// it, so that it tells by itself.
import { repeat } from '../../../../foundation/process/repeat.ts';
import type { Log } from '../../../../foundation/telemetry/log.ts';
import { untraced } from '../../../../foundation/telemetry/untraced.ts';
import { type CheckedService, checkedServices, type ServiceFinding } from '../../core/service-health.ts';
import type { ServiceHealthKeeper } from '../../store/store.ts';

/** Between two checks of a service, in milliseconds. */
const everyMs = 30_000;
const lookMs = 5_000;
/** Time that a service has for its answer, in milliseconds. */
const answerMsMax = 5_000;

/** How a service answered that was asked whether it serves. */
export type ServiceState = 'serving' | 'not_serving' | 'unreachable';

/** What checking needs. */
export interface HealthServicesDeps {
  readonly keeper: ServiceHealthKeeper;
  /** Asks a neighbour, or this process itself, within so many milliseconds. Never rejects. */
  readonly stateOf: (service: AskedService, timeoutMs: number) => Promise<ServiceState>;
  readonly log: Pick<Log, 'warn'>;
}

/** A service that is asked. */
export type AskedService = Exclude<CheckedService, 'gateway'>;

const asked = checkedServices.filter((service): service is AskedService => service !== 'gateway');

const details: Readonly<Record<ServiceState, string>> = {
  serving: '',
  not_serving: 'It answers, but lacks something that it cannot do without, or is about to end',
  unreachable: 'It does not answer',
};

/** Checks what is due, at once and then again and again; answers how to stop. */
export function beginHealthServices({ keeper, stateOf, log }: HealthServicesDeps): () => Promise<void> {
  const check = async (service: AskedService): Promise<void> => {
    const startedMs = performance.now();
    const state = await untraced(() => stateOf(service, answerMsMax));
    const responseMs = Math.round((performance.now() - startedMs) * 1000) / 1000;
    const status: ServiceFinding['status'] = state === 'serving' ? 'healthy' : 'unhealthy';
    await keeper.keep({ service, status, responseMs, detail: details[state] });
  };
  const work = async (): Promise<void> => {
    const due = await keeper.claimDue(asked, everyMs);
    await Promise.all(asked.filter((service) => due.includes(service)).map(check));
  };
  return repeat({ name: 'checks of services', work, intervalMs: lookMs, log });
}
