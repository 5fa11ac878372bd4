// Searches as messages and back.
import { create, toJson } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import { Fault, invalidArgument, type Violation } from '../../../foundation/fault/fault.ts';
import type { JsonValue } from '../../../foundation/json/json.ts';
import {
  type GeoPoint as GeoPointMessage,
  GeoPointSchema,
} from '../../../proto/gen/domainflow/common/v1/geo_pb.js';
import {
  type FieldMatch as FieldMatchMessage,
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

type Moment = Parameters<typeof optionalIso>[0];

/**
 * The filter of a request; Fault `invalid_argument` for one that is absent or breaks a rule, together with what else is wrong
 * with the request.
 */
export function filterOf(
  message: IndexFilterMessage | undefined,
  others: readonly Violation[] = [],
): IndexFilter {
  if (!message) throw invalidArgument([{ field: 'filter', reason: 'is required' }, ...others]);
  const broken: Violation[] = [];
  const filter = {
    domainId: message.domainId,
    text: message.text,
    from: timeOf(message.from, 'filter.from', broken),
    to: timeOf(message.to, 'filter.to', broken),
    status: message.status,
    area: areaOf(message.area, broken),
    matches: message.matches.map(matchOf),
  };
  const problems = [...broken, ...filterProblems(filter), ...others];
  if (problems.length > 0) throw invalidArgument(problems);
  return filter;
}

/** The time in ISO 8601; what is wrong with it is added to the list. */
export function timeOf(time: Moment, field: string, broken: Violation[]): string | undefined {
  try {
    return optionalIso(time, field);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    broken.push(...error.violations);
    return undefined;
  }
}

/** The span of a request, or undefined when it is not given. */
export function bucketOf(message: TimeBucketMessage): TimeBucket | undefined {
  return buckets[message];
}

/** A number of items: 0 and less mean the default, more than the ceiling means the ceiling. */
export function limitOf(asked: number, standard: number, ceiling: number): number {
  return asked <= 0 ? standard : Math.min(asked, ceiling);
}

/** A found report as a message. */
export function entryMessage(entry: IndexEntry): IndexEntryMessage {
  const { incidentId, status, summary, source, ingestionData, managementData, rank, snippet, place } = entry;
  return create(IndexEntrySchema, {
    ...{ incidentId, status, summary, source, ingestionData, managementData, rank, snippet },
    createdAt: timestampOf(entry.createdAt),
    ...(place && { location: pointMessage(place) }),
  });
}

/** A place as a message. */
export function pointMessage(place: GeoPoint): GeoPointMessage {
  return create(GeoPointSchema, place);
}

function areaOf(area: IndexFilterMessage['area'], broken: Violation[]): Area | undefined {
  switch (area.case) {
    case undefined:
      return undefined;
    case 'bounds':
      return { kind: 'bounds', box: area.value };
    case 'circle': {
      const { centre, radiusKm } = area.value;
      if (centre)
        return { kind: 'circle', centre, radiusKm: radiusKm === 0 ? circleRadiusKmDefault : radiusKm };
      broken.push({ field: 'filter.circle.centre', reason: 'is required' });
      return undefined;
    }
    case 'polygon':
      return { kind: 'polygon', points: area.value.points };
  }
}

// An absent value is none that can be matched, and neither is a number that JSON has no form for.
function matchOf({ path, value }: FieldMatchMessage): { path: string; value: JsonValue } {
  const isPlain = value !== undefined && value.kind.case !== undefined;
  const isNumber = value?.kind.case === 'numberValue';
  if (!isPlain || (isNumber && !Number.isFinite(value.kind.value))) return { path, value: null };
  return { path, value: toJson(ValueSchema, value) as JsonValue };
}
