// Schemas of queries and their results as query-json.ts writes them.
import { QueryMode } from '../../proto/gen/domainflow/sessions/v1/query_job_pb.js';
import {
  answerObject,
  count,
  flag,
  listOf,
  named,
  namedObject,
  oneOf,
  orNull,
  publicId,
  text,
  textOrNull,
  time,
  timeOrNull,
} from '../core/answer-schema.ts';
import type { JsonSchema } from '../core/operation.ts';
import { collectionOf } from './data-schema.ts';
import { enumWords } from './enum-words.ts';

/** What a query can be. */
export const queryModes = enumWords(QueryMode);

/** Where a query can stand. */
export const queryStatuses = ['processing', 'completed', 'failed'];

const status = oneOf(queryStatuses);
const mode = { ...oneOf(queryModes), description: 'A question, or a command that changes reports' };
const degrees: JsonSchema = { type: 'number' };

/** The part of a path that names a query. */
export const queryPath = { query_id: { ...text, description: 'As POST /queries answered it' } };

const rowProperties = {
  query_id: publicId('qry'),
  session_id: publicId('sess'),
  domain_id: text,
  question: { ...text, description: 'The first 200 characters' },
  mode,
  status,
  created_at: time,
  created_by_me: flag,
};

const resultProperties = {
  summary: {
    ...textOrNull,
    description:
      'A line for each answer with the ids that it rests on, then a line that begins with `Summary:`',
  },
  answers: { ...listOf(named('Answer')), description: 'One of each agent, in the order of the plan' },
  map_data: { ...orNull(named('MapData')), description: 'Null where no report has a place' },
  references_used: {
    ...listOf(named('Reference')),
    description: 'In the order of their first use, at most 50; of a command the reports that it changed',
  },
  references_rejected: {
    ...listOf(answerObject({ reference_id: text, agent_id: text, reason: text })),
    description: 'What agents referred to and what names no report of the domain',
  },
  references_total: { ...count, description: 'All that the answer rests on, also beyond the 50' },
  patches: { ...listOf(publicId('patch')), description: 'The changes that a command made or proposed' },
  execution_log: listOf(named('LogEntry')),
  cache_stats: orNull(named('CacheStats')),
  error: { ...textOrNull, description: 'Why there is no answer; null unless the run failed' },
};

const mapProperties = {
  map_action: oneOf(['ADD_MARKERS', 'FIT_BOUNDS']),
  display: oneOf(['marker', 'markers', 'heatmap']),
  cluster_degrees: { ...degrees, description: 'Width of a cell of the heatmap; absent for markers' },
  bounds: {
    ...answerObject({ west: degrees, south: degrees, east: degrees, north: degrees }),
    description: 'What to show, in degrees (WGS 84), with room around the reports',
  },
  data: { ...answerObject(collectionOf(named('ReportPoint'))), description: 'At most 1,000 reports' },
};

/** The named schemas of queries. */
export const querySchemas: readonly JsonSchema[] = [
  namedObject(['QueryRow', 'A question or command in a list'], rowProperties),
  namedObject(['Query', 'A question or command, and what came of it'], {
    ...rowProperties,
    question: text,
    job_id: { ...publicId('job'), description: 'The newest execution' },
    tenant_id: { ...text, format: 'uuid' },
    ...resultProperties,
    id: { ...text, format: 'uuid' },
    updated_at: time,
    completed_at: { ...timeOrNull, description: 'Null until the run has ended' },
    created_by: text,
  }),
  namedObject(['Answer', 'What one agent says'], {
    agent_id: text,
    label: { ...text, description: 'Its name without `Agent`' },
    text: { ...text, description: 'At most 150 characters' },
    references: { ...listOf(publicId('inc')), description: 'The reports that it rests on' },
  }),
  namedObject(['MapData', 'What a map should show of an answer'], mapProperties, ['cluster_degrees']),
  namedObject(['AcceptedQuery', 'A question or command whose run has been recorded'], {
    job_id: publicId('job'),
    query_id: publicId('qry'),
    session_id: publicId('sess'),
    status: oneOf(['accepted']),
    message: text,
    timestamp: time,
  }),
];
