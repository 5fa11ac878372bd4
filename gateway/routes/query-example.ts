// A question in the examples of the API description, with its answer.
import { reportExample } from './report-example.ts';
import { sessionExample } from './session-schema.ts';

const { incident_id, status, domain_id, tenant_id, created_by, ingestion_data } = reportExample;
const { session_id } = sessionExample;
const queryId = 'qry_019caa7d3e647b4f8f7e5a9d2c1b0a98';
const jobId = 'job_019caa7d3e657b4f8f7e5a9d2c1b0a98';
const asked = '2026-03-01T10:30:00.000Z';
const ended = '2026-03-01T10:30:01.000Z';
const point = ingestion_data.geo_location;

/** A question to ask. */
export const newQueryExample = { session_id, domain_id, question: 'Where are potholes reported?' };

/** A command to give. */
export const commandExample = {
  ...newQueryExample,
  ...{ question: `Set ${incident_id} to in progress`, mode: 'management' },
};

/** What asking it is answered. */
export const acceptedQueryExample = {
  job_id: jobId,
  query_id: queryId,
  session_id,
  status: 'accepted',
  message: 'The question was accepted and is being answered',
  timestamp: asked,
};

/** The question in a list. */
export const queryRowExample = {
  query_id: queryId,
  session_id,
  domain_id,
  question: newQueryExample.question,
  mode: 'query',
  status: 'completed',
  created_at: asked,
  created_by_me: true,
};

const answer = {
  agent_id: 'builtin-query-where',
  label: 'Where',
  text: '1 report at 350 Main Street',
  references: [incident_id],
};

const logEntry = {
  agent_id: answer.agent_id,
  agent_name: 'Where Agent',
  agent_version: 1,
  task_id: '019caa7d-3e68-7b4f-8f7e-5a9d2c1b0a98',
  status: 'success',
  timestamp: ended,
  reasoning: 'Looked for reports with a place',
  output: { answer: answer.text },
  execution_time_ms: 40,
  attempt: 1,
  confidence: 0.9,
  runtime: 'builtin',
};

const mapData = {
  map_action: 'ADD_MARKERS',
  display: 'marker',
  bounds: { west: -71.07, south: 42.35, east: -71.05, north: 42.37 },
  data: {
    type: 'FeatureCollection',
    features: [{ type: 'Feature', geometry: point, properties: { incident_id, status } }],
  },
};

/** The question with its answer. */
export const queryExample = {
  ...queryRowExample,
  job_id: jobId,
  tenant_id,
  summary: `Where: ${answer.text} [${incident_id}]\n\nSummary: One pothole is reported, at 350 Main Street.`,
  answers: [answer],
  map_data: mapData,
  references_used: [
    { type: 'report', reference_id: incident_id, summary: reportExample.raw_text, status, location: point },
  ],
  references_rejected: [],
  references_total: 1,
  patches: [],
  execution_log: [logEntry],
  cache_stats: { cached_agents: 0, executed_agents: 1, total_agents: 1 },
  error: null,
  id: '019caa7d-3e64-7b4f-8f7e-5a9d2c1b0a98',
  updated_at: ended,
  completed_at: ended,
  created_by,
};
