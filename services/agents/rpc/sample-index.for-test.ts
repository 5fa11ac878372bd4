// An index of a few reports for tests of the service: it searches, counts and places them by simple rules.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import type { IndexEntrySchema } from '../../../proto/gen/domainflow/reports/v1/index_entry_pb.js';
import type { IndexService } from '../../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import { holds } from '../core/query/reports-in-memory.for-test.ts';

type Entry = MessageInitShape<typeof IndexEntrySchema>;

const texts = [
  'Pothole on Centre St, a cyclist fell',
  'Pothole near the school due to the storm, kids play there',
  'Trash at 12 Elm St, needs to be removed',
];

/** The reports: two on potholes, one on trash, a day apart. */
export const sampleEntries: readonly Entry[] = texts.map((summary, nth) => ({
  incidentId: `inc_${nth + 1}`,
  status: nth === 0 ? 'resolved' : 'pending',
  createdAt: timestampFromDate(new Date(Date.UTC(2026, 0, 10 + nth, 9))),
  summary,
  ingestionData: {
    complaint_type: nth < 2 ? 'infrastructure' : 'environment',
    location_text: nth === 2 ? '12 Elm St' : 'Centre St',
    key_phrases: [nth < 2 ? 'pothole' : 'trash'],
    entities: [{ text: 'DPW', type: 'organization' }],
  },
  location: { longitude: -71.11 + nth / 1000, latitude: 42.31 },
}));

/** Searches as the index does, and claims that there are far more matches than it gives, so that counts are asked for. */
export const sampleIndex: Partial<ServiceImpl<typeof IndexService>> = {
  retrieve: ({ filter }) => {
    const entries = sampleEntries.filter(({ summary }) => holds(summary ?? '', filter?.text || undefined));
    return { entries, total: BigInt(entries.length * 100) };
  },
  aggregate: ({ groupBy }) => ({ groups: [{ key: `a ${groupBy}`, count: 200n }], total: 200n }),
  countOverTime: () => ({
    buckets: sampleEntries.map(({ createdAt }) => ({ start: createdAt, count: 100n })),
    total: 300n,
  }),
  listPoints: () => ({
    features: sampleEntries.map(({ incidentId, location, status }) => ({
      ...{ incidentId, status, locationText: 'Centre St' },
      point: location,
    })),
    total: 300n,
  }),
};
