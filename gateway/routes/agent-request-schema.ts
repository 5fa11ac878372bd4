// What is sent to save an agent. It describes: the registry judges, so that every problem of a definition is told at once.
import type { JsonObject } from '../../foundation/json/json.ts';
import { AgentRuntime } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { flag, freeObject, named, oneOf, orNull } from '../core/answer-schema.ts';
import type { JsonSchema } from '../core/operation.ts';
import { settingsProperties } from './agent-schema.ts';
import { agentIdSchema, classSchema, writtenText } from './definition-schema.ts';
import { enumWord, enumWords } from './enum-words.ts';

const ofPlatform = enumWord(AgentRuntime, AgentRuntime.BUILTIN);

/** Run settings as they are sent. */
const newSettingsSchema: JsonSchema = {
  $id: 'NewAgentSettings',
  type: 'object',
  description: 'How an agent is run; they replace earlier ones as a whole',
  properties: {
    ...settingsProperties,
    runtime: oneOf(enumWords(AgentRuntime).filter((word) => word !== ofPlatform)),
  },
};

const nameList = (items: JsonSchema, description: string): JsonSchema => ({
  ...{ type: ['array', 'null'], maxItems: 20, uniqueItems: true },
  ...{ items, description },
});

const properties = {
  agent_name: writtenText(100),
  system_prompt: {
    ...writtenText(20_000),
    description: 'At most 2,000 characters, unless the deployment allows more',
  },
  output_schema: {
    ...freeObject,
    ...{ minProperties: 1 },
    description: 'JSON Schema with 1 to 5 properties, or a map of keys to their schemas; at most 16 KB',
  },
  tools: nameList(writtenText(200), 'Tools that it may call; each has to be granted to it too'),
  agent_dependencies: nameList(
    agentIdSchema,
    'Agents whose outputs it needs; they must exist and form no cycle',
  ),
  description: { type: ['string', 'null'], maxLength: 500 },
  enabled: { ...flag, description: 'Of a new agent true where absent' },
  settings: orNull(named('NewAgentSettings')),
};

/** A new agent. */
const newAgentSchema: JsonSchema = {
  $id: 'NewAgent',
  type: 'object',
  description: 'A new agent; other members are ignored',
  required: ['agent_name', 'agent_class', 'system_prompt', 'output_schema'],
  properties: { ...properties, agent_class: classSchema },
};

/** What changes of an agent. */
const agentChangesSchema: JsonSchema = {
  $id: 'AgentChanges',
  type: 'object',
  description:
    'Any of the members of a new agent but its class, at least one; what is absent stays, null removes what is optional',
  minProperties: 1,
  properties,
};

/** Schemas of what is sent. */
export const agentRequestSchemas: readonly JsonSchema[] = [
  newSettingsSchema,
  newAgentSchema,
  agentChangesSchema,
];

/** A new agent, and one in the short form of its schema. */
export const newAgentExamples: readonly JsonObject[] = [
  {
    agent_name: 'Damage Rater',
    agent_class: 'ingestion',
    system_prompt: 'Rate from 1 to 5 how bad the damage is that the report tells of.',
    output_schema: {
      type: 'object',
      properties: { damage: { type: 'integer', minimum: 1, maximum: 5 } },
      required: ['damage'],
    },
    agent_dependencies: ['builtin-ingestion-geo'],
    settings: { runtime: 'model', temperature: 0 },
  },
  {
    agent_name: 'Summariser',
    agent_class: 'query',
    system_prompt: 'Say in two sentences what the reports have in common.',
    output_schema: { summary: { type: 'string' } },
    tools: ['retrieval_api'],
  },
];

/** Changes of an agent. */
export const agentChangesExamples: readonly JsonObject[] = [
  { system_prompt: 'Rate from 1 to 5 how bad the damage is. Say 1 where nobody is hindered.' },
  { description: null, enabled: false },
];
