// The tools of the platform as they are written down: SPEC S9.2, and schemas that hold what the agents service asks.
import { describe, expect, it } from '@jest/globals';
import { createSchemaCompiler } from '../../../../foundation/json/schema-compiler.ts';
import { isToolName } from '../../core/tool-name.ts';
import { builtinAgents } from './builtin-agents.ts';
import { builtinTools } from './builtin-tools.ts';

const specified = [
  'bedrock',
  'comprehend',
  'location_service',
  'web_search',
  'retrieval_api',
  'aggregation_api',
  'spatial_api',
  'analytics_api',
  'vector_search',
];
const filter = { text: 'pothole or trash', from: '2026-01-01T00:00:00.000Z', status: 'pending' };
const bounds = { west: -71.2, south: 42.2, east: -71, north: 42.4 };

function accepts(toolName: string, given: object): boolean {
  const tool = builtinTools.find((one) => one.toolName === toolName);
  return tool !== undefined && createSchemaCompiler().compile(tool.parametersSchema)(given);
}

describe('builtin tools', () => {
  it('are the nine that are specified, each named and described within the limits', () => {
    expect(builtinTools.map(({ toolName }) => toolName).sort()).toEqual([...specified].sort());
    for (const { toolName, description } of builtinTools) {
      expect(isToolName(toolName)).toBe(true);
      expect(description.length).toBeGreaterThan(20);
      expect(description.length).toBeLessThanOrEqual(500);
    }
  });

  it('have schemas that a tenant could store as well', () => {
    const compiler = createSchemaCompiler();
    for (const { parametersSchema } of builtinTools) {
      expect(compiler.problemsOf(parametersSchema, 'parameters_schema')).toEqual([]);
    }
  });

  it('are all that builtin agents list', () => {
    for (const { tools } of builtinAgents) expect(specified).toEqual(expect.arrayContaining([...tools]));
  });

  it.each([
    ['retrieval_api', { ...filter, bounds, limit: 100 }],
    ['aggregation_api', { ...filter, group_by: 'ingestion_data.complaint_type', limit: 50 }],
    ['aggregation_api', { group_by: 'created_by', limit: 5 }],
    [
      'retrieval_api',
      { where: { 'ingestion_data.category': 'roads', source: 'app' }, limit: 5, snippets: true },
    ],
    ['retrieval_api', { near: [-71.06, 42.36], limit: 5 }],
    [
      'aggregation_api',
      {
        group_by: 'management_data.task_details.priority',
        limit: 5,
        measure: { function: 'avg', path: 'ingestion_data.confidence' },
      },
    ],
    ['analytics_api', { ...filter, bucket: 'week', time_zone: 'America/New_York', event: true }],
    ['analytics_api', { ...filter, group_by: 'ingestion_data.key_phrases', limit: 20 }],
    ['analytics_api', { group_by: 'status', limit: 20, correlate_with: 'ingestion_data.complaint_type' }],
    ['spatial_api', { ...filter, limit: 1_000 }],
    ['spatial_api', { near: [-71.06, 42.36], radius_km: 2, limit: 10 }],
    ['web_search', { query: 'potholes' }],
    ['vector_search', { query: 'potholes', top_k: 10, min_score: 0.7 }],
  ])('%s takes %j', (toolName, given) => {
    expect(accepts(toolName, given)).toBe(true);
  });

  it.each([
    ['retrieval_api', { limit: 101 }],
    ['retrieval_api', { limit: 1, domain_id: 'another' }],
    ['aggregation_api', { group_by: 'tenant_id', limit: 5 }],
    ['retrieval_api', { where: { tenant_id: 'another' }, limit: 5 }],
    ['retrieval_api', { where: { status: ['pending'] }, limit: 5 }],
    [
      'aggregation_api',
      { group_by: 'status', limit: 5, measure: { function: 'median', path: 'ingestion_data.a' } },
    ],
    ['analytics_api', { bucket: 'year', time_zone: 'UTC' }],
    ['analytics_api', filter],
    ['spatial_api', { polygon: [[-71, 42]], limit: 1 }],
    ['spatial_api', { near: [-71, 42, 1], limit: 1 }],
    ['location_service', { operation: 'locate' }],
    ['web_search', {}],
  ])('%s does not take %j', (toolName, given) => {
    expect(accepts(toolName, given)).toBe(false);
  });
});
