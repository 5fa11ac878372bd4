// Schemas and examples of agents as agent-json.ts writes them. What is sent to save one is in agent-request-schema.ts.
import { AgentRuntime, UncertainPolicy } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import {
  answerObject,
  count,
  flag,
  freeObject,
  listOf,
  named,
  namedObject,
  oneOf,
  text,
  textOrNull,
  time,
} from '../core/answer-schema.ts';
import type { JsonSchema } from '../core/operation.ts';
import {
  agentIdSchema,
  classSchema,
  uuidSchema,
  warningExample,
  warningsProperty,
  writtenText,
} from './definition-schema.ts';
import { enumWords } from './enum-words.ts';
import { pageExample } from './page-schema.ts';

const names: JsonSchema = { ...listOf(writtenText(100)), maxItems: 20 };

/** Run settings of an agent by name, as they are read and written. */
export const settingsProperties = {
  runtime: oneOf(enumWords(AgentRuntime)),
  model: {
    ...writtenText(200),
    description: 'Model that it runs on; absent means the one of the deployment',
  },
  on_uncertain: {
    ...oneOf(enumWords(UncertainPolicy)),
    description:
      'After a paid call, or an attempt of a worker, that may or may not have happened; absent means retry',
  },
  temperature: { type: 'number', minimum: 0, maximum: 2, description: 'Absent means 0.1' },
  max_output_tokens: { type: 'integer', minimum: 1, maximum: 65_536, description: 'Absent means 1,024' },
  images: { ...flag, description: 'Whether a model that sees is given the images of the report' },
  input_keys: { ...names, description: 'Keys of the input of a run that it is given; absent means all' },
  cache_ttl_s: {
    ...{ type: 'integer', minimum: 0, maximum: 2_592_000 },
    description: 'Seconds for which an output may serve other runs; 0 for never',
  },
  max_retries: { type: 'integer', minimum: 0, maximum: 10, description: 'Absent means 3' },
  attempt_timeout_s: {
    ...{ type: 'integer', minimum: 1, maximum: 86_400 },
    description: 'Seconds for one attempt, at most total_timeout_s; absent means 300',
  },
  total_timeout_s: {
    ...{ type: 'integer', minimum: 1, maximum: 86_400 },
    description: 'Seconds for the task over all attempts and waits; absent means 600',
  },
  required_capabilities: {
    ...names,
    description: 'What a worker must be able to do; only for runtime worker',
  },
};

/** Run settings of an agent. */
const agentSettingsSchema = namedObject(
  ['AgentSettings', 'How an agent is run; what is absent has the default of its playbook or of the platform'],
  settingsProperties,
  Object.keys(settingsProperties),
);

const rowProperties = {
  agent_id: agentIdSchema,
  agent_name: text,
  agent_class: classSchema,
  enabled: { ...flag, description: 'Runs record a disabled agent as an error' },
  is_inbuilt: { ...flag, description: 'True for agents of the platform, which nobody can change' },
  version: { ...count, description: 'From 1, one higher with every save' },
  created_at: time,
  created_by_me: flag,
};

/** An agent in a list. */
const agentRowSchema = namedObject(['AgentRow', 'An agent in a list'], rowProperties);

/** A new agent. */
const createdAgentSchema = namedObject(['CreatedAgent', 'An agent that was just created'], {
  agent_id: agentIdSchema,
  agent_name: text,
  agent_class: classSchema,
  version: count,
  is_inbuilt: flag,
  id: uuidSchema,
  created_at: time,
  updated_at: time,
  created_by: { ...text, description: 'Id of a user' },
  ...warningsProperty,
});

const agentProperties = {
  ...rowProperties,
  tenant_id: uuidSchema,
  system_prompt: text,
  tools: { ...listOf(text), description: 'Names of tools that it may call once they are granted to it' },
  agent_dependencies: { ...listOf(text), description: 'Ids of agents whose outputs it is given, in order' },
  max_output_keys: count,
  output_schema: { ...freeObject, description: 'JSON Schema of its output, or a map of its keys to schemas' },
  description: textOrNull,
  settings: named('AgentSettings'),
  id: uuidSchema,
  updated_at: { ...time, description: 'When this version was stored' },
  created_by: { ...text, description: 'Id of a user' },
  dependency_graph: {
    ...answerObject({
      nodes: listOf(answerObject({ id: agentIdSchema, label: text, class: classSchema })),
      edges: listOf(named('Edge')),
    }),
    description: 'The agent with everything that it depends on, directly or not',
  },
};

/** An agent. */
const agentSchema = namedObject(['Agent', 'A version of an agent'], agentProperties);

/** An agent as a save answers it. */
const savedAgentSchema = namedObject(['SavedAgent', 'A version of an agent that was just stored'], {
  ...agentProperties,
  ...warningsProperty,
});

/** Schemas of agents. */
export const agentSchemas: readonly JsonSchema[] = [
  agentSettingsSchema,
  agentRowSchema,
  agentSchema,
  createdAgentSchema,
  savedAgentSchema,
];

const rowExample = {
  agent_id: 'agent-019caa7d3e5f7b4f8f7e5a9d2c1b0a98',
  agent_name: 'Damage Rater',
  agent_class: 'ingestion',
  enabled: true,
  is_inbuilt: false,
  version: 2,
  created_at: '2026-03-01T10:00:00.000Z',
  created_by_me: true,
};

/** A page of agents. */
export const agentsExample = pageExample('agents', [rowExample]);

/** An agent. */
export const agentExample = {
  ...rowExample,
  tenant_id: '0198a000-0000-7000-8000-000000000001',
  system_prompt: 'Rate from 1 to 5 how bad the damage is that the report tells of.',
  tools: ['web_search'],
  agent_dependencies: ['builtin-ingestion-geo'],
  max_output_keys: 5,
  output_schema: {
    type: 'object',
    properties: { damage: { type: 'integer', minimum: 1, maximum: 5 } },
    required: ['damage'],
  },
  description: 'Rates how bad the damage is',
  settings: { runtime: 'model', model: 'small', temperature: 0 },
  id: '019caa7d-3e5f-7b4f-8f7e-5a9d2c1b0a98',
  updated_at: '2026-03-02T09:30:00.000Z',
  created_by: '019c9f00-1111-7222-8333-444455556666',
  dependency_graph: {
    nodes: [
      { id: 'builtin-ingestion-geo', label: 'Geo Locator', class: 'ingestion' },
      { id: 'agent-019caa7d3e5f7b4f8f7e5a9d2c1b0a98', label: 'Damage Rater', class: 'ingestion' },
    ],
    edges: [{ from: 'builtin-ingestion-geo', to: 'agent-019caa7d3e5f7b4f8f7e5a9d2c1b0a98' }],
  },
};

/** An agent that was just stored. */
export const savedAgentExample = { ...agentExample, warnings: [warningExample] };

/** A new agent. */
export const createdAgentExample = {
  agent_id: agentExample.agent_id,
  agent_name: agentExample.agent_name,
  agent_class: agentExample.agent_class,
  version: 1,
  is_inbuilt: false,
  id: agentExample.id,
  created_at: agentExample.created_at,
  updated_at: agentExample.created_at,
  created_by: agentExample.created_by,
  warnings: [],
};
