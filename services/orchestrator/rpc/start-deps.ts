// What the RPCs that start runs need.
import type { Clock } from '../../../foundation/clock.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import type { ExecutionRecord } from '../store/store.ts';

/** What starting a run needs. */
export interface StartDeps {
  readonly domains: MeshClients['domains'];
  readonly sessions: MeshClients['sessions'];
  readonly clock: Clock;
  /** Records and starts; resolves when the execution and its document are durable, else throws the Fault of the refusal. */
  readonly start: (execution: ExecutionRecord) => Promise<void>;
}
