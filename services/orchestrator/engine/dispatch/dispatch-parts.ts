// What bringing tasks to workers is made of, beside the requests.
import type { TokenMint } from '../../../../foundation/identity/token-mint.ts';
import type { ServiceFrame } from '../../../../foundation/rpc/rpc-service.ts';
import type { MeshClients } from '../../clients/mesh-clients.ts';
import type {
  CallStore,
  DispatchQueue,
  ScheduleQueue,
  ServiceHealthKeeper,
  WorkerHealthStore,
} from '../../store/store.ts';
import type { Engine } from '../engine.ts';
import type { OpenPlan } from '../pinned-plan.ts';
import type { ClaimWaiters } from './claim-waiters.ts';
import type { OfferSignals } from './offer-signals.ts';

/** Stores of the engine's pool that dispatch works on. */
export interface DispatchStores {
  readonly dispatchQueue: DispatchQueue;
  readonly calls: CallStore;
  readonly workerHealth: WorkerHealthStore;
  readonly healthKeeper: ServiceHealthKeeper;
  readonly schedules: ScheduleQueue;
}

/** What work is dispatched with. */
export interface DispatchParts {
  readonly frame: ServiceFrame;
  readonly clients: MeshClients;
  /** Mints the tokens of runs. */
  readonly mint: TokenMint;
  /** A token of the orchestrator for itself. */
  readonly ownToken: () => string;
  readonly deliver: Engine['deliver'];
  readonly openPlan: OpenPlan;
  readonly signals: OfferSignals;
  /** Workers that wait for tasks. */
  readonly waiters: Pick<ClaimWaiters, 'begin' | 'offered'>;
  /** On the pool of the engine. */
  readonly engineStores: DispatchStores;
}
