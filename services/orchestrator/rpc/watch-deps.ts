// What the RPCs that let people watch need.
import type { Client } from '@connectrpc/connect';
import type { SessionService } from '../../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import type { ResumeTokens } from '../engine/watch/resume-tokens.ts';
import type { WatchHub } from '../engine/watch/watch-hub.ts';
import type { WatchStore } from '../store/store.ts';

/** What watching needs. */
export interface WatchDeps {
  readonly hub: WatchHub;
  readonly store: Pick<WatchStore, 'read'>;
  readonly tokens: ResumeTokens;
  readonly sessions: Pick<Client<typeof SessionService>, 'getSession'>;
  /** Aborted when the service goes: streams end then, and are resumed at another replica. */
  readonly draining: AbortSignal;
}
