// Searches as messages and back.
import { create } from '@bufbuild/protobuf';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import {
  type GeoPoint as GeoPointMessage,
  GeoPointSchema,
} from '../../../proto/gen/domainflow/common/v1/geo_pb.js';
import {
  type IndexEntry as IndexEntryMessage,
  IndexEntrySchema,
  type IndexFilter as IndexFilterMessage,
  TimeBucket as TimeBucketMessage,
} from '../../../proto/gen/domainflow/reports/v1/index_entry_pb.js';
import { type Area, circleRadiusKmDefault, type GeoPoint } from '../core/geo.ts';
import { filterProblems, type IndexEntry, type IndexFilter, type TimeBucket } from '../core/index-query.ts';
import { optionalIso, timestampOf } from './time-wire.ts';

const buckets: Partial<Record<TimeBucketMessage, TimeBucket>> = {
  [TimeBucketMessage.HOUR]: 'hour',
  [TimeBucketMessage.DAY]: 'day',
  [TimeBucketMessage.WEEK]: 'week',
  [TimeBucketMessage.MONTH]: 'month',
};

/** The filter of a request; Fault `invalid_argument` for one that is absent or breaks a rule. */
export function filterOf(message: IndexFilterMessage | undefined): IndexFilter {
  if (!message) throw invalidArgument([{ field: 'filter', reason: 'is required' }]);
  const filter = {
    domainId: message.domainId,
    text: message.text,
    from: optionalIso(message.from, 'filter.from'),
    to: optionalIso(message.to, 'filter.to'),
    status: message.status,
    area: areaOf(message.area),
  };
  const problems = filterProblems(filter);
  if (problems.length > 0) throw invalidArgument(problems);
  return filter;
}

/** The span of a request; Fault `invalid_argument` when it is not given. */
export function bucketOf(message: TimeBucketMessage): TimeBucket {
  const bucket = buckets[message];
  if (!bucket) throw invalidArgument([{ field: 'bucket', reason: 'must be hour, day, week or month' }]);
  return bucket;
}

/** A number of items: 0 and less mean the default, more than the ceiling means the ceiling. */
export function limitOf(asked: number, standard: number, ceiling: number): number {
  return asked <= 0 ? standard : Math.min(asked, ceiling);
}

/** A found report as a message. */
export function entryMessage(entry: IndexEntry): IndexEntryMessage {
  const { incidentId, status, summary, ingestionData, rank, place } = entry;
  return create(IndexEntrySchema, {
    ...{ incidentId, status, summary, ingestionData, rank },
    createdAt: timestampOf(entry.createdAt),
    ...(place && { location: pointMessage(place) }),
  });
}

/** A place as a message. */
export function pointMessage(place: GeoPoint): GeoPointMessage {
  return create(GeoPointSchema, place);
}

function areaOf(area: IndexFilterMessage['area']): Area | undefined {
  switch (area.case) {
    case undefined:
      return undefined;
    case 'bounds':
      return { kind: 'bounds', box: area.value };
    case 'circle': {
      const { centre, radiusKm } = area.value;
      if (!centre) throw invalidArgument([{ field: 'filter.circle.centre', reason: 'is required' }]);
      return { kind: 'circle', centre, radiusKm: radiusKm === 0 ? circleRadiusKmDefault : radiusKm };
    }
    case 'polygon':
      return { kind: 'polygon', points: area.value.points };
  }
}
