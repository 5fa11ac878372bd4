// Schemas and examples of what agents and domains have in common as definitions, as definition-json.ts writes it.
import { AgentClass } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { PlanNode } from '../../proto/gen/domainflow/registry/v1/plan_pb.js';
import {
  answerObject,
  count,
  flag,
  listOf,
  named,
  namedObject,
  oneOf,
  orNull,
  text,
  textOrNull,
} from '../core/answer-schema.ts';
import type { JsonSchema } from '../core/operation.ts';
import { enumWords } from './enum-words.ts';

/** Class of an agent or a playbook. */
export const classSchema: JsonSchema = {
  ...oneOf(enumWords(AgentClass)),
  description: 'Ingestion makes records of texts, query answers questions, management changes records',
};

/** Id of an agent. */
export const agentIdSchema: JsonSchema = {
  type: 'string',
  description: 'Fixed names for agents of the platform',
  examples: ['agent-019caa7d3e5f7b4f8f7e5a9d2c1b0a98', 'builtin-ingestion-geo'],
};

/** Text of so many characters that is not blank. */
export function writtenText(lengthMax: number): JsonSchema {
  return { type: 'string', minLength: 1, maxLength: lengthMax, pattern: '\\S' };
}

/** UUID of an object. */
export const uuidSchema: JsonSchema = { type: 'string', format: 'uuid' };

/** What is allowed in a definition and probably not meant. */
const warningSchema = namedObject(
  ['DefinitionWarning', 'What is allowed in a definition and probably not meant'],
  {
    domain_id: { ...textOrNull, description: 'Null where it is about no saved domain' },
    playbook: classSchema,
    path: {
      ...text,
      description: 'JSON path in the domain',
      examples: ['query_playbook.agent_execution_graph.nodes[2]'],
    },
    code: {
      ...text,
      description:
        '`duplicate_key`: two agents of the plan answer the same key. `missing_key`: a key is asked for that neither the input of a run nor an agent before answers. `unknown_path`: a golden set expects what no agent of the plan answers',
    },
    text: { ...text, description: 'The same as a sentence' },
  },
);

/** Members that every answer to a save has. */
export const warningsProperty = { warnings: listOf(named('DefinitionWarning')) };

/** An edge of a graph. */
const edgeSchema = namedObject(['Edge', '`to` is given the output of `from`'], {
  from: { ...text, description: 'Id of an agent or of an approval' },
  to: { ...text, description: 'Id of an agent or of an approval' },
});

const nodeKinds: readonly NonNullable<PlanNode['kind']['case']>[] = ['agent', 'approval', 'unavailable'];

/** What would run. */
const planSchema = namedObject(['PlanPreview', 'What would run, in the order of a run'], {
  nodes: listOf(
    answerObject(
      {
        node_id: text,
        kind: { ...oneOf(nodeKinds), description: 'Unavailable: the agent is gone or disabled' },
        agent_name: { ...textOrNull, description: 'Null unless the node is an agent' },
        agent_version: { type: ['integer', 'null'], description: 'Null unless the node is an agent' },
        implicit: { ...flag, description: 'True where only a dependency of an agent pulls it in' },
        error_code: { ...text, description: 'Only of what is unavailable: why' },
      },
      ['error_code'],
    ),
  ),
  edges: listOf(named('Edge')),
  hash: { ...text, description: 'SHA-256 of the plan, 64 hex digits: the same for plans that are the same' },
});

const judgementProperties = {
  valid: { ...flag, description: 'True when it would be stored' },
  details: {
    ...listOf(answerObject({ field: text, reason: text })),
    description: 'Every rule that it breaks, at most 100',
  },
  ...warningsProperty,
};

const planOrNull = orNull(named('PlanPreview'));

/** What `validate_only` answers of an agent. */
const agentJudgementSchema = namedObject(
  ['AgentJudgement', 'What a save of an agent would come to; nothing is stored'],
  { ...judgementProperties, plan: planOrNull },
);

/** What `validate_only` answers of a domain. */
const domainJudgementSchema = namedObject(
  ['DomainJudgement', 'What a save of a domain would come to; nothing is stored'],
  {
    ...judgementProperties,
    plan: {
      ...answerObject(Object.fromEntries(enumWords(AgentClass).map((word) => [word, planOrNull]))),
      description: 'By playbook; null for one that breaks a rule',
    },
  },
);

/** What differs between two versions. */
const differencesSchema = namedObject(['Differences', 'What differs between two versions'], {
  changes: {
    ...listOf(
      answerObject(
        {
          path: { ...text, examples: ['output_schema.properties.answer.type'] },
          before: { description: 'Absent where the version before has no such value' },
          after: { description: 'Absent where the version after has no such value' },
        },
        ['before', 'after'],
      ),
    ),
    description: 'In order of their paths; whole fields where more than 500 values differ',
  },
  from: { ...count, description: '0 for what was before the first version' },
  to: count,
});

/** Schemas that operations on agents and domains refer to. */
export const definitionSchemas: readonly JsonSchema[] = [
  warningSchema,
  edgeSchema,
  planSchema,
  agentJudgementSchema,
  domainJudgementSchema,
  differencesSchema,
];

/** A warning. */
export const warningExample = {
  domain_id: 'street_works',
  playbook: 'ingestion',
  path: 'ingestion_playbook.agent_execution_graph.nodes[1]',
  code: 'missing_key',
  text: 'Damage Rater asks for district, which neither the input of a run nor an agent before it answers',
};

/** What would run of an agent alone. */
export const planExample = {
  nodes: [
    {
      ...{ node_id: 'builtin-ingestion-geo', kind: 'agent', agent_name: 'Geo Locator', agent_version: 1 },
      implicit: true,
    },
    {
      ...{ node_id: 'agent-019caa7d3e5f7b4f8f7e5a9d2c1b0a98', kind: 'agent', agent_name: 'Damage Rater' },
      ...{ agent_version: 1, implicit: false },
    },
  ],
  edges: [{ from: 'builtin-ingestion-geo', to: 'agent-019caa7d3e5f7b4f8f7e5a9d2c1b0a98' }],
  hash: '5f2b1c6e0d9a47388c1e5d7b90a2f4e6133b8d05c79fe1a2648bd0317c5ea94f',
};

/** Differences of an agent. */
export const differencesExample = {
  changes: [
    { path: 'description', before: '', after: 'Rates how bad the damage is' },
    { path: 'settings.model', after: 'small' },
  ],
  from: 1,
  to: 2,
};

/** What a save of an agent would come to. */
export const agentJudgementExample = {
  valid: true,
  details: [],
  warnings: [warningExample],
  plan: planExample,
};

/** The refusal of a version that a required golden set has not let through. */
export const unprovenRefusal =
  'The golden set basics is required for the ingestion playbook of street_works, and no gate was held for this definition; run POST /domains/street_works/gate with this definition';
