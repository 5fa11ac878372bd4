// CountOverTime: counts in equal spans of calendar time.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { IndexService } from '../../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import { isTimeZone } from '../core/index-query.ts';
import type { ReportIndex } from '../store/store.ts';
import { bucketOf, filterOf } from './index-wire.ts';

/** In order of time. */
export function countOverTime(index: ReportIndex): ServiceImpl<typeof IndexService>['countOverTime'] {
  return async (request, context) => {
    const { tenantId } = principalOf(context);
    const filter = filterOf(request.filter);
    const bucket = bucketOf(request.bucket);
    const { timeZone: asked, byEventTime } = request;
    const timeZone = asked === '' ? 'UTC' : asked;
    if (!isTimeZone(timeZone)) {
      throw invalidArgument([
        { field: 'time_zone', reason: 'must be a name of the IANA time zone database' },
      ]);
    }
    const { counts, total } = await index.countOverTime(tenantId, { filter, bucket, timeZone, byEventTime });
    const buckets = counts.map(({ start, count }) => ({
      start: timestampFromDate(start),
      count: BigInt(count),
    }));
    return { buckets, total: BigInt(total) };
  };
}
