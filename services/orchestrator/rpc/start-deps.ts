// What the RPCs that start runs need.
import type { Client } from '@connectrpc/connect';
import type { Clock } from '../../../foundation/clock.ts';
import type { SessionService } from '../../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import type { ExecutionRecord } from '../core/execution-record.ts';
import type { PlanSource } from '../engine/plan-source.ts';

/** What starting a run needs. */
export interface StartDeps {
  readonly plans: PlanSource;
  readonly sessions: Client<typeof SessionService>;
  readonly clock: Clock;
  /** Records and starts; resolves when the execution and its document are durable, else throws the Fault of the refusal. */
  readonly start: (execution: ExecutionRecord) => Promise<void>;
}
