// WatchChanges: the news of changes as a stream, for services themselves. A stream lasts as long as its deadline, 20 minutes at most; its
// caller then opens the next one.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault } from '../../../foundation/fault/fault.ts';
import { callingServiceOf } from '../../../foundation/rpc/caller.ts';
import type { ChangeService } from '../../../proto/gen/domainflow/registry/v1/change_service_pb.js';
import type { ChangeFeed } from '../engine/change-feed.ts';

/** WatchChanges. `permission_denied` for people and runs. `draining` ends streams when the service goes. */
export function watchChanges(
  feed: ChangeFeed,
  draining: AbortSignal,
): ServiceImpl<typeof ChangeService>['watchChanges'] {
  return async function* (_request, context) {
    if (!callingServiceOf(context).forItself) {
      throw new Fault('permission_denied', 'Only services themselves may watch for changes');
    }
    for await (const news of feed.watch(AbortSignal.any([context.signal, draining]))) {
      yield news === 'alive' ? {} : { change: news };
    }
  };
}
