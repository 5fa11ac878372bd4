// GetEventExport: how the export of events stands, as whoever exports has noted it.
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import type { WorkerService } from '../../../proto/gen/domainflow/orchestrator/v1/worker_service_pb.js';
import type { ExportStanding, ExportStandingStore } from '../store/store.ts';
import { readerTenant } from './worker-access.ts';

/** Nobody has told anything for so long: whoever exports is gone, in seconds. */
const silentSMax = 120;

/** GetEventExport. For viewers. */
export function getEventExport(
  store: ExportStandingStore,
  isExported: boolean,
): ServiceImpl<typeof WorkerService>['getEventExport'] {
  return async (_request, context) => {
    readerTenant(context);
    if (!isExported) return { status: 'disabled', message: 'No export of events is set up' };
    const standing = await store.standing();
    if (!standing) return { status: 'unhealthy', message: 'The export of events has not begun yet' };
    const { published, refused, publishedAtMs } = standing;
    const behindS = Math.max(0, standing.nowMs - standing.seenAtMs) / 1_000;
    const problem = problemOf(standing, behindS);
    return {
      status: problem === '' ? 'healthy' : 'unhealthy',
      message: problem === '' ? 'Events are exported' : problem,
      behindS,
      publishedCount: BigInt(published),
      refusedCount: BigInt(refused),
      ...(publishedAtMs === undefined ? {} : { publishedAt: timestampFromMs(publishedAtMs) }),
    };
  };
}

function problemOf({ problem }: ExportStanding, behindS: number): string {
  if (problem !== '') return problem;
  return behindS > silentSMax ? 'Events are exported late' : '';
}
