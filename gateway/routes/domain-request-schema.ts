// What is sent to save a domain. It describes: the registry judges, so that every problem of a definition is told at once.
import type { JsonObject } from '../../foundation/json/json.ts';
import { AgentClass } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { named } from '../core/answer-schema.ts';
import type { JsonSchema } from '../core/operation.ts';
import { domainIdSchema } from '../http/schema-parts.ts';
import { writtenText } from './definition-schema.ts';
import { domainExample } from './domain-schema.ts';
import { enumWords } from './enum-words.ts';

/** Members of a playbook as it is sent. */
export const newPlaybookProperties = {
  agent_execution_graph: named('PlaybookGraph'),
  settings: named('PlaybookSettings'),
};

const newPlaybookSchema: JsonSchema = {
  $id: 'NewPlaybook',
  type: 'object',
  description:
    'A playbook; its agents must exist, be enabled and be of its class, and together with their dependencies form no cycle',
  required: ['agent_execution_graph'],
  properties: newPlaybookProperties,
};

const playbooks = enumWords(AgentClass).map((word) => `${word}_playbook`);

const properties = {
  domain_name: writtenText(200),
  description: { type: ['string', 'null'], maxLength: 500 },
  ...Object.fromEntries(playbooks.map((name) => [name, named('NewPlaybook')])),
};

const newDomainSchema: JsonSchema = {
  $id: 'NewDomain',
  type: 'object',
  description: 'A new domain; other members are ignored',
  required: ['domain_id', 'domain_name', ...playbooks],
  properties: { domain_id: domainIdSchema, ...properties },
};

const domainChangesSchema: JsonSchema = {
  $id: 'DomainChanges',
  type: 'object',
  description:
    'Any of the members of a new domain but its id, at least one; what is absent stays, null removes the description',
  minProperties: 1,
  properties,
};

/** Schemas of what is sent. */
export const domainRequestSchemas: readonly JsonSchema[] = [
  newPlaybookSchema,
  newDomainSchema,
  domainChangesSchema,
];

const { ingestion_playbook, query_playbook, management_playbook } = domainExample;

/** A new domain. */
export const newDomainExamples: readonly JsonObject[] = [
  {
    ...{ domain_id: 'street_works', domain_name: 'Street Works' },
    ...{ ingestion_playbook, query_playbook, management_playbook },
  },
];

/** Changes of a domain. */
export const domainChangesExamples: readonly JsonObject[] = [
  { query_playbook },
  { domain_name: 'Streets', description: null },
];
