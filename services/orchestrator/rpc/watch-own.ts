// WatchOwn: the events of every run that the caller started.
import type { ServiceImpl } from '@connectrpc/connect';
import type { WatchService } from '../../../proto/gen/domainflow/orchestrator/v1/watch_service_pb.js';
import type { WatchDeps } from './watch-deps.ts';
import { watchMany } from './watch-many.ts';

/** WatchOwn. */
export function watchOwn(deps: WatchDeps): ServiceImpl<typeof WatchService>['watchOwn'] {
  return ({ resume }, context) => watchMany(deps, { resume }, context);
}
