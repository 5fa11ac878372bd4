// The agents of the platform as they are written down: SPEC S9.1 and the limits of S15.
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { outputSchema } from './builtin-agent.ts';
import { builtinAgents } from './builtin-agents.ts';
import { sampleDomain } from './sample-domain.ts';

const specified: readonly (readonly [id: string, name: string, tools: string, keys: string])[] = [
  [
    'builtin-ingestion-geo',
    'Geo Locator',
    'location_service web_search',
    'location_text geo_location address confidence',
  ],
  ['builtin-ingestion-temporal', 'Temporal Analyzer', '', 'timestamp time_reference urgency'],
  [
    'builtin-ingestion-entity',
    'Entity Extractor',
    'comprehend',
    'entities sentiment key_phrases complaint_type category',
  ],
  ['builtin-query-who', 'Who Agent', 'retrieval_api aggregation_api', 'entities reporters affected answer'],
  [
    'builtin-query-what',
    'What Agent',
    'retrieval_api aggregation_api',
    'incident_types common_issues summary answer',
  ],
  ['builtin-query-where', 'Where Agent', 'spatial_api retrieval_api', 'locations hotspots map_data answer'],
  ['builtin-query-when', 'When Agent', 'analytics_api retrieval_api', 'time_pattern frequency trend answer'],
  ['builtin-query-why', 'Why Agent', 'analytics_api retrieval_api', 'causes factors analysis answer'],
  ['builtin-query-how', 'How Agent', 'retrieval_api analytics_api', 'methods process insights answer'],
  [
    'builtin-management-task-assigner',
    'Task Assigner',
    'retrieval_api',
    'assignee_id assignee_type assigned_at reason',
  ],
  [
    'builtin-management-status-updater',
    'Status Updater',
    'retrieval_api',
    'status updated_at updated_by notes',
  ],
  [
    'builtin-management-task-details-editor',
    'Task Details Editor',
    'retrieval_api',
    'field value updated_at reason',
  ],
];

describe('builtin agents', () => {
  it('are the twelve that are specified, with their names, tools and output keys', () => {
    const written = builtinAgents.map(({ agentId, agentName, tools, outputs }) => [
      agentId,
      agentName,
      tools.join(' '),
      Object.keys(outputs).join(' '),
    ]);
    expect(written).toEqual(specified);
    for (const { agentId, agentClass } of builtinAgents) expect(agentId).toContain(`builtin-${agentClass}-`);
  });

  it('fill the playbooks of the sample domain without edges', () => {
    const { ingestion, query, management } = sampleDomain.playbooks;
    const graphs = [ingestion, query, management].map((playbook) => playbook.agent_execution_graph);
    expect(graphs.flatMap(({ nodes }) => nodes)).toEqual(specified.map(([id]) => id));
    expect(graphs.flatMap(({ edges }) => edges)).toEqual([]);
  });

  it('keep the limits of prompts, descriptions and schemas', () => {
    for (const { systemPrompt, description, outputs } of builtinAgents) {
      expect(systemPrompt.length).toBeLessThan(2_000);
      expect(description.length).toBeLessThanOrEqual(500);
      expect(JSON.stringify(outputSchema(outputs)).length).toBeLessThan(16_384);
      for (const key of Object.keys(outputs)) expect(systemPrompt).toContain(key);
    }
  });

  it.each(builtinAgents.map(({ agentId, outputs }) => [agentId, outputs] as const))(
    '%s has a valid strict schema that requires no key and allows no other',
    (_agentId, outputs) => {
      const validate = new Ajv2020({ strict: true }).compile(outputSchema(outputs));
      expect(validate({})).toBe(true);
      expect(validate({ surprise: 1 })).toBe(false);
    },
  );

  it('name the inputs that ingestion agents read', () => {
    const inputs = builtinAgents.map(({ inputKeys }) => inputKeys?.join(' ') ?? '');
    const plain = 'text domain_id';
    expect(inputs.slice(0, 3)).toEqual([plain, `${plain} reference_time`, plain]);
    expect(new Set(inputs.slice(3))).toEqual(new Set(['']));
  });
});
