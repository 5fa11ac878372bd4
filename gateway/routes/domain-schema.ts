// Schemas and examples of domains and their playbooks as domain-json.ts writes them. What is sent to save one is in
// domain-request-schema.ts.
import { roles } from '../../foundation/identity/role.ts';
import {
  ApplyMode,
  FailurePolicy,
  TimeoutDecision,
} from '../../proto/gen/domainflow/registry/v1/domain_pb.js';
import {
  count,
  flag,
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
  planExample,
  uuidSchema,
  warningsProperty,
  writtenText,
} from './definition-schema.ts';
import { enumWords } from './enum-words.ts';
import { pageExample } from './page-schema.ts';

/** The part of a path that names a domain. */
export const domainPath = { domain_id: { ...text, examples: ['street_works'] } };

const approvalSchema = namedObject(
  ['ApprovalNode', 'A step at which a run waits for a person'],
  {
    id: { ...text, pattern: '^approval-[A-Za-z0-9_-]+$', maxLength: 100 },
    kind: oneOf(['approval']),
    prompt: { ...writtenText(2_000), description: 'What is asked' },
    roles: {
      ...listOf(oneOf(roles.filter((role) => role !== 'viewer'))),
      description: 'Who may decide; absent means editor and admin',
    },
    timeout_s: {
      ...{ type: 'integer', minimum: 1, maximum: 2_592_000 },
      description: 'Seconds to wait; absent means 86,400',
    },
    on_timeout: {
      ...oneOf(enumWords(TimeoutDecision)),
      description: 'What it becomes then; absent means reject',
    },
  },
  ['roles', 'timeout_s', 'on_timeout'],
);

const graphSchema = namedObject(['PlaybookGraph', 'The steps of a playbook and what they are given'], {
  nodes: {
    ...{ type: 'array', minItems: 1, items: { anyOf: [agentIdSchema, named('ApprovalNode')] } },
    description: 'Ids of agents, at least one, and approvals; at most 50 unless the deployment allows more',
  },
  edges: {
    ...listOf(named('Edge')),
    description:
      'Beside them the dependencies of agents count; at most 200 unless the deployment allows more',
  },
});

const seconds = (maximum: number, minimum: number, description: string): JsonSchema => ({
  ...{ type: 'integer', minimum, maximum, description },
});

const settingsProperties = {
  failure_policy: {
    ...oneOf(enumWords(FailurePolicy)),
    description: 'Whether a failed task ends the run or skips only what needs it; absent means fail_fast',
  },
  max_retries: { type: 'integer', minimum: 0, maximum: 10, description: 'Of its tasks; absent means 3' },
  attempt_timeout_s: seconds(86_400, 1, 'Seconds for one attempt of a task; absent means 300'),
  total_timeout_s: seconds(86_400, 1, 'Seconds for a task over all attempts; absent means 600'),
  execution_timeout_s: seconds(2_592_000, 10, 'Seconds for a whole run; absent means 900'),
  apply: {
    ...oneOf(enumWords(ApplyMode)),
    description: 'Only of a management playbook: whether changes wait for a person; absent means auto',
  },
  category_model: {
    ...text,
    description: 'Only of an ingestion playbook: the model by which agents name the category of a report',
    examples: ['boston311'],
  },
};

const settingsSchema = namedObject(
  ['PlaybookSettings', 'How a playbook is run; what is absent has the default of the platform'],
  settingsProperties,
  Object.keys(settingsProperties),
);

const playbookSchema = namedObject(['Playbook', 'A graph of agents and approvals'], {
  agent_execution_graph: named('PlaybookGraph'),
  settings: named('PlaybookSettings'),
});

const rowProperties = {
  ...domainPath,
  domain_name: text,
  description: textOrNull,
  id: uuidSchema,
  created_at: time,
  created_by_me: flag,
};

const rowSchema = namedObject(['DomainRow', 'A domain in a list'], rowProperties);

const createdSchema = namedObject(['CreatedDomain', 'A domain that was just created'], {
  domain_id: text,
  domain_name: text,
  version: count,
  id: uuidSchema,
  created_at: time,
  updated_at: time,
  created_by: { ...text, description: 'Id of a user' },
  ...warningsProperty,
});

const domainProperties = {
  ...rowProperties,
  tenant_id: uuidSchema,
  ingestion_playbook: named('Playbook'),
  query_playbook: named('Playbook'),
  management_playbook: named('Playbook'),
  version: { ...count, description: 'From 1, one higher with every save' },
  updated_at: { ...time, description: 'When this version was stored' },
  created_by: { ...text, description: 'Id of a user' },
};

const domainSchema = namedObject(['Domain', 'A version of a domain'], domainProperties);

const savedSchema = namedObject(['SavedDomain', 'A version of a domain that was just stored'], {
  ...domainProperties,
  ...warningsProperty,
});

/** Schemas of domains. */
export const domainSchemas: readonly JsonSchema[] = [
  approvalSchema,
  graphSchema,
  settingsSchema,
  playbookSchema,
  rowSchema,
  createdSchema,
  domainSchema,
  savedSchema,
];

const rowExample = {
  domain_id: 'street_works',
  domain_name: 'Street Works',
  description: null,
  id: '019caa7e-0a1b-7c2d-8e3f-405162738495',
  created_at: '2026-03-01T10:05:00.000Z',
  created_by_me: true,
};

/** A page of domains. */
export const domainsExample = pageExample('domains', [rowExample]);

/** A domain that was just stored. */
export const savedDomainExample = {
  ...rowExample,
  tenant_id: '0198a000-0000-7000-8000-000000000001',
  ingestion_playbook: {
    agent_execution_graph: {
      nodes: ['builtin-ingestion-geo', 'builtin-ingestion-temporal'],
      edges: [{ from: 'builtin-ingestion-geo', to: 'builtin-ingestion-temporal' }],
    },
    settings: { failure_policy: 'continue' },
  },
  query_playbook: { agent_execution_graph: { nodes: ['builtin-query-what'], edges: [] }, settings: {} },
  management_playbook: {
    agent_execution_graph: {
      nodes: [
        'builtin-management-status-updater',
        { id: 'approval-foreman', kind: 'approval', prompt: 'Shall this be closed?', timeout_s: 3_600 },
      ],
      edges: [{ from: 'builtin-management-status-updater', to: 'approval-foreman' }],
    },
    settings: { apply: 'review' },
  },
  version: 1,
  updated_at: '2026-03-01T10:05:00.000Z',
  created_by: '019c9f00-1111-7222-8333-444455556666',
  warnings: [],
};

const { warnings: _, ...stored } = savedDomainExample;

/** A domain. */
export const domainExample = stored;

/** A domain that was just created. */
export const createdDomainExample = {
  domain_id: stored.domain_id,
  domain_name: stored.domain_name,
  version: 1,
  id: stored.id,
  created_at: stored.created_at,
  updated_at: stored.updated_at,
  created_by: stored.created_by,
  warnings: [],
};

/** Differences of a domain. */
export const domainDifferencesExample = {
  changes: [
    { path: 'domain_name', before: 'Streets', after: 'Street Works' },
    { path: 'query_playbook.agent_execution_graph.nodes[1]', after: 'builtin-query-where' },
  ],
  from: 1,
  to: 2,
};

/** What a save of a domain would come to. */
export const domainJudgementExample = {
  valid: false,
  details: [{ field: 'query_playbook', reason: 'is required' }],
  warnings: [],
  plan: { ingestion: planExample, query: null, management: null },
};
