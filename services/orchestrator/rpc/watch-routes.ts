// WatchService, an RPC in each file.
import type { ServiceImpl } from '@connectrpc/connect';
import type { WatchService } from '../../../proto/gen/domainflow/orchestrator/v1/watch_service_pb.js';
import { createResumeTokens } from '../engine/watch/resume-tokens.ts';
import type { WatchDeps } from './watch-deps.ts';
import { watchExecution } from './watch-execution.ts';
import { watchOwn } from './watch-own.ts';
import { watchSession } from './watch-session.ts';

/** What the service needs; `tokenKey` signs where streams go on and has at least 32 bytes. */
export type WatchRoutesDeps = Omit<WatchDeps, 'tokens'> & { readonly tokenKey: string };

/** WatchService. */
export function watchRoutes({ tokenKey, ...rest }: WatchRoutesDeps): ServiceImpl<typeof WatchService> {
  const deps = { ...rest, tokens: createResumeTokens({ key: tokenKey }) };
  return {
    watchExecution: watchExecution(deps),
    watchSession: watchSession(deps),
    watchOwn: watchOwn(deps),
  };
}
