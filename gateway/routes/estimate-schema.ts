// Schemas and examples of estimates, and of what is sent to ask for one.
import { QuotedRuntime } from '../../proto/gen/domainflow/agents/v1/quote_pb.js';
import { EstimateBasisKind } from '../../proto/gen/domainflow/orchestrator/v1/estimate_pb.js';
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
  timeOrNull,
} from '../core/answer-schema.ts';
import type { JsonSchema } from '../core/operation.ts';
import { agentIdSchema, classSchema } from './definition-schema.ts';
import { newPlaybookProperties } from './domain-request-schema.ts';
import { domainExample } from './domain-schema.ts';
import { enumWords } from './enum-words.ts';

const percentiles = { p10: { type: 'number' }, p50: { type: 'number' }, p90: { type: 'number' } };

const rangeSchema = namedObject(
  ['EstimatedRange', 'Below `p10` and above `p90` in one case of ten each'],
  percentiles,
);

const range = orNull(named('EstimatedRange'));

const useSchema = namedObject(['EstimatedUse', 'What is used; null stands for what nobody can say'], {
  calls: range,
  tokens: answerObject({ input: range, output: range }),
  money: {
    ...orNull(listOf(answerObject({ currency: text, ...percentiles }))),
    description: 'By currency; empty where nothing costs',
  },
  money_complete: { ...flag, description: 'False when something is called whose price is not known' },
  duration_s: {
    anyOf: [named('EstimatedRange'), { type: 'null' }],
    description:
      'Seconds. Of a run: without waits for people or a place. Of all runs: as many at a time as the tenant may have',
  },
});

const basisSchema = namedObject(['EstimateBasis', 'What figures of an agent rest on'], {
  kind: oneOf(['none', ...enumWords(EstimateBasisKind)]),
  tasks: { ...count, description: 'Tasks that were recorded' },
  calls: { ...count, description: 'Calls in them' },
  version: { type: ['integer', 'null'], description: 'Version of the agent that they are of' },
  from: { ...timeOrNull, description: 'Time of the oldest of them' },
  to: { ...timeOrNull, description: 'Time of the newest of them' },
  models: listOf({ ...text, examples: ['openai-compatible/small'] }),
  text: { ...textOrNull, description: 'What is assumed, or why nothing can be said' },
});

const use = named('EstimatedUse');
const basis = named('EstimateBasis');

const agentSchema = namedObject(['AgentEstimate', 'The part of one agent'], {
  agent_id: agentIdSchema,
  agent_name: text,
  agent_version: { type: ['integer', 'null'], description: 'Null when the agent is gone' },
  tasks: { ...count, description: 'Tasks that it has in a run' },
  runtime: {
    ...{ type: ['string', 'null'], enum: [...enumWords(QuotedRuntime), null] },
    description: 'Null when it cannot run as the platform is configured',
  },
  ...{ per_run: use, whole: use },
  basis: answerObject({ use: basis, duration: basis }),
});

const estimateSchema = namedObject(['Estimate', 'What runs of a playbook are likely to use, cost and take'], {
  domain_id: text,
  domain_version: { ...count, description: 'Of a playbook to try, the version that the domain would have' },
  count: { ...count, description: 'Runs' },
  concurrency: { ...count, description: 'Runs that the tenant may have at a time' },
  ...{ per_run: use, whole: use },
  agents: { ...listOf(named('AgentEstimate')), description: 'In the order of the plan' },
  warnings: listOf(
    answerObject({
      code: {
        ...text,
        description:
          '`budget_hard`, `budget_soft`, `budget_not_held`, `agent_unavailable`, `approval` or `not_known`',
      },
      subject: {
        ...textOrNull,
        description: 'Budget as a path of the settings of the tenant, or node of the playbook',
      },
      text,
    }),
  ),
});

/** Schemas of estimates. */
export const estimateSchemas: readonly JsonSchema[] = [
  rangeSchema,
  useSchema,
  basisSchema,
  agentSchema,
  estimateSchema,
];

/** The playbook that is sent. It describes: the registry judges it, so that all its problems are told at once. */
export const estimatedPlaybookSchema: JsonSchema = {
  description: 'One of the playbooks of the domain, or one to try in its place',
  anyOf: [
    classSchema,
    {
      type: 'object',
      required: ['type', 'agent_execution_graph'],
      properties: { type: classSchema, ...newPlaybookProperties },
    },
  ],
};

/** What is sent. */
export const estimateBodyExamples = [
  { playbook: 'ingestion', count: 10_000 },
  { playbook: { type: 'query', ...domainExample.query_playbook }, sample: ['Where are the potholes?'] },
];

const always = (value: number) => ({ p10: value, p50: value, p90: value });
const useOf = (runs: number, seconds: object) => ({
  calls: always(runs),
  tokens: {
    input: { p10: 310 * runs, p50: 342 * runs, p90: 401 * runs },
    output: { p10: 88 * runs, p50: 120 * runs, p90: 190 * runs },
  },
  money: [{ currency: 'EUR', p10: 0.0005 * runs, p50: 0.0006 * runs, p90: 0.0008 * runs }],
  money_complete: true,
  duration_s: seconds,
});
const perRun = useOf(1, { p10: 0.8, p50: 1.1, p90: 2.4 });
const whole = useOf(10_000, { p10: 102.5, p50: 118, p90: 160.2 });
const history = {
  ...{ kind: 'history', tasks: 640, calls: 652, version: 2 },
  ...{ from: '2026-02-01T00:00:12.000Z', to: '2026-03-01T09:58:40.000Z' },
  ...{ models: ['openai-compatible/small'], text: null },
};

/** An estimate. */
export const estimateExample = {
  ...{ domain_id: 'street_works', domain_version: 1, count: 10_000, concurrency: 100 },
  ...{ per_run: perRun, whole },
  agents: [
    {
      agent_id: 'agent-019caa7d3e5f7b4f8f7e5a9d2c1b0a98',
      ...{ agent_name: 'Damage Rater', agent_version: 2, tasks: 1, runtime: 'model' },
      ...{ per_run: perRun, whole, basis: { use: history, duration: history } },
    },
  ],
  warnings: [
    {
      ...{ code: 'budget_soft', subject: 'budgets.tenant.soft' },
      text: 'The runs are likely to spend more than the soft budget of 5 EUR, of which 1.2 EUR were spent before',
    },
  ],
};
