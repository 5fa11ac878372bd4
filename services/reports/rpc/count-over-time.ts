// CountOverTime: counts in spans of calendar time.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import type { Violation } from '../../../foundation/fault/fault.ts';
import { isTimeZone } from '../../../foundation/json/time-zone.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { IndexService } from '../../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import type { ReportIndex } from '../store/store.ts';
import { bucketOf, filterOf } from './index-wire.ts';

/** In order of time. */
export function countOverTime(index: ReportIndex): ServiceImpl<typeof IndexService>['countOverTime'] {
  return async (request, context) => {
    const { tenantId } = principalOf(context);
    const { timeZone: asked, byEventTime } = request;
    const timeZone = asked === '' ? 'UTC' : asked;
    const bucket = bucketOf(request.bucket);
    const broken: Violation[] = [];
    if (!bucket) broken.push({ field: 'bucket', reason: 'must be hour, day, week or month' });
    if (!isTimeZone(timeZone)) {
      broken.push({
        field: 'time_zone',
        reason: 'must be UTC or the name of an IANA time zone by its place, such as Europe/Vienna',
      });
    }
    const filter = filterOf(request.filter, broken);
    const series = bucket && (await index.countOverTime(tenantId, { filter, bucket, timeZone, byEventTime }));
    const counts = series?.counts ?? [];
    return {
      buckets: counts.map(({ start, count }) => ({ start: timestampFromDate(start), count: BigInt(count) })),
      total: BigInt(series?.total ?? 0),
    };
  };
}
