// Schemas and examples of maps and counts: features as GeoJSON (RFC 7946), groups, and spans of time.
import {
  answerObject,
  count,
  listOf,
  named,
  namedObject,
  oneOf,
  publicId,
  text,
  textOrNull,
  time,
} from '../core/answer-schema.ts';
import type { JsonSchema } from '../core/operation.ts';
import { reportExample } from './report-example.ts';

/** A feature with these properties. */
export function featureOf(geometry: JsonSchema, properties: JsonSchema): Record<string, JsonSchema> {
  return { type: oneOf(['Feature']), geometry, properties };
}

/** The members of a collection of features. */
export function collectionOf(features: JsonSchema): Record<string, JsonSchema> {
  return { type: oneOf(['FeatureCollection']), features: listOf(features) };
}

const reportPoint = answerObject({ incident_id: publicId('inc'), status: text });

/** The named schemas of maps and counts. */
export const dataSchemas: readonly JsonSchema[] = [
  namedObject(
    ['ReportPoint', 'Where a report is, as a GeoJSON feature'],
    featureOf(named('Point'), reportPoint),
  ),
  namedObject(
    ['ReportPoints', 'Where reports are, as a GeoJSON feature collection'],
    {
      ...collectionOf(named('ReportPoint')),
      total: { ...count, description: 'Reports in the area; absent when asked for by cursor' },
      next_cursor: { ...textOrNull, description: 'Asks for more; null after the last ones' },
    },
    ['total'],
  ),
  namedObject(
    ['ReportCluster', 'The middle of the reports of a tile, as a GeoJSON feature'],
    featureOf(named('Point'), answerObject({ count })),
  ),
  namedObject(['ReportClusters', 'How many reports are where, the most first'], {
    ...collectionOf(named('ReportCluster')),
    total: { ...count, description: 'Reports in the area' },
    next_cursor: { type: 'null' },
  }),
  namedObject(['GroupCounts', 'How many reports have which value'], {
    aggregations: {
      ...listOf(answerObject({ key: text, count })),
      description:
        'By count, the most first, then by key; what is beyond the first 1,000 is summed under `other`',
    },
    total: { ...count, description: 'Sum of the counts: reports that have a value' },
  }),
  namedObject(['TimeCounts', 'How many reports came in which span of time'], {
    buckets: {
      ...listOf(answerObject({ start: time, count })),
      description: 'In order of time',
    },
    total: { ...count, description: 'Sum of the counts: reports that have a time' },
  }),
];

const { incident_id, status, ingestion_data } = reportExample;

/** A map of one report. */
export const pointsExample = {
  type: 'FeatureCollection',
  features: [{ type: 'Feature', geometry: ingestion_data.geo_location, properties: { incident_id, status } }],
  total: 1,
  next_cursor: null,
};

/** Counts of two groups. */
export const groupsExample = {
  aggregations: [
    { key: 'infrastructure', count: 41 },
    { key: 'safety', count: 7 },
  ],
  total: 48,
};
