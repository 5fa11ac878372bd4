// What the RPCs that start runs need.
import type { Client } from '@connectrpc/connect';
import type { Clock } from '../../../foundation/clock.ts';
import type { ImageService } from '../../../proto/gen/domainflow/reports/v1/image_service_pb.js';
import type { SessionService } from '../../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import type { Engine } from '../engine/engine.ts';
import type { PlanSource } from '../engine/plan-source.ts';
import type { ExecutionStore } from '../store/store.ts';

/** What starting a run needs. */
export interface StartDeps {
  readonly plans: PlanSource;
  readonly sessions: Client<typeof SessionService>;
  readonly images: Client<typeof ImageService>;
  readonly clock: Clock;
  readonly findStart: ExecutionStore['findStart'];
  readonly start: Engine['start'];
}
