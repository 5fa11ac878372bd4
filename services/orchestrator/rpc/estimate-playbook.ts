// EstimatePlaybook: what runs of a playbook are likely to use, cost and take, from what was recorded here and in the registry's ledger. It
// starts nothing, calls no model and keeps nothing; texts of a sample are measured and leave no trace.
import type { CallOptions, ServiceImpl } from '@connectrpc/connect';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import { takeTurns } from '../../../foundation/process/take-turns.ts';
import { onBehalfOf, principalOf } from '../../../foundation/rpc/caller.ts';
import type {
  EstimatePlaybookRequest,
  EstimateService,
} from '../../../proto/gen/domainflow/orchestrator/v1/estimate_service_pb.js';
import { type Agent, AgentClass } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { type AgentFacts, taskSeconds, taskUses } from '../core/estimate/agent-figures.ts';
import { budgetWarnings } from '../core/estimate/budget-warnings.ts';
import { estimateRuns, type TaskFigures } from '../core/estimate/estimate.ts';
import { type InputSize, inputSize } from '../core/estimate/input-size.ts';
import { planWarnings } from '../core/estimate/plan-warnings.ts';
import { type TaskTime, taskTimes } from '../core/estimate/task-times.ts';
import type { ExecutionKind } from '../core/execution-kind.ts';
import { requireEditor, requirePerson } from '../core/person.ts';
import { checkSample } from '../core/submission.ts';
import {
  type AgentRecord,
  type EstimateNeighbours,
  readAgentRecords,
  readBudgetsLeft,
} from '../engine/estimate-facts.ts';
import type { OpenPlan } from '../engine/pinned-plan.ts';
import type { EstimateStore, RecordedRun } from '../store/store.ts';
import {
  type EstimatedPlan,
  type EstimatedPlanDeps,
  findEstimatedPlan,
  playbookWords,
} from './estimated-plan.ts';
import { estimateWire } from './wire-estimate.ts';

/** What estimating needs. */
export interface EstimateDeps extends EstimatedPlanDeps, EstimateNeighbours {
  readonly records: EstimateStore;
  readonly openPlan: OpenPlan;
  /** Runs that a tenant may have at a time. */
  readonly perTenantMax: number;
}

const kinds: Readonly<Record<keyof typeof playbookWords, ExecutionKind>> = {
  [AgentClass.INGESTION]: 'ingest',
  [AgentClass.QUERY]: 'query',
  [AgentClass.MANAGEMENT]: 'management',
};

/** EstimatePlaybook. */
export function estimatePlaybook(
  deps: EstimateDeps,
): ServiceImpl<typeof EstimateService>['estimatePlaybook'] {
  return async (request, context) => {
    const caller = principalOf(context);
    requirePerson(caller);
    requireEditor(caller, 'Estimating runs');
    const playbook = checked(request);
    const options = onBehalfOf(context);
    const { tenantId } = caller;
    const { domainId, definition, sample } = request;
    const plan = await findEstimatedPlan(deps, { tenantId, domainId, playbook, definition }, options);
    const [found, budgets] = await Promise.all([
      findFacts(deps, { tenantId, domainId, kind: kinds[playbook], plan, sample }, options),
      readBudgetsLeft(deps, domainId, options),
    ]);
    const figures = new Map(
      found.map((each): [string, TaskFigures] => [
        each.agentId,
        { uses: taskUses(each), seconds: taskSeconds(each) },
      ]),
    );
    const count = sample.length || request.count;
    const all = {
      plan: plan.run,
      figures,
      count,
      concurrency: deps.perTenantMax,
      seed: `${plan.hash} ${count}`,
    };
    const estimate = await takeTurns(estimateRuns(all));
    const warnings = [...planWarnings(plan.run, figures), ...budgetWarnings(budgets, estimate)];
    return estimateWire({ ...all, estimate, facts: found, warnings });
  };
}

function checked({ domainId, playbook, sample, count }: EstimatePlaybookRequest): keyof typeof playbookWords {
  const isKnown = playbook !== AgentClass.UNSPECIFIED && playbook in playbookWords;
  const reason = `must be one of ${Object.values(playbookWords).join(', ')}`;
  const problems = [
    ...checkSample({ domainId, isIngestion: playbook === AgentClass.INGESTION, sample, count }),
    ...(isKnown ? [] : [{ field: 'playbook', reason }]),
  ];
  if (!isKnown || problems.length > 0) throw invalidArgument(problems);
  return playbook;
}

interface FactsAsked {
  readonly tenantId: string;
  readonly domainId: string;
  readonly kind: ExecutionKind;
  readonly plan: EstimatedPlan;
  readonly sample: readonly string[];
}

/** What is known of each agent of the plan, in its order; of one that is gone nothing is asked. */
async function findFacts(
  deps: EstimateDeps,
  { tenantId, domainId, kind, plan, sample }: FactsAsked,
  options: CallOptions,
): Promise<readonly AgentFacts[]> {
  const agents = [...new Map([...plan.agents.values()].map((agent) => [agent.agentId, agent])).values()];
  const [known, runs] = await Promise.all([
    readAgentRecords(deps, agents, options),
    deps.records.findRecordedRuns(tenantId, { kind, domainId }),
  ]);
  const wanted = new Set(agents.map(({ agentId }) => agentId));
  const times = await readTimes(deps, { tenantId, runs, wanted });
  const input = inputSize(
    sample,
    runs.map(({ inputBytes }) => inputBytes),
  );
  const present = agents.map((agent, at): [string, AgentFacts] => {
    const record = known[at] ?? unknownRecord('It is not known');
    return [agent.agentId, factsOf(agent, { ...record, times, input })];
  });
  return inPlanOrder(plan, new Map(present), input);
}

/** An agent that was deleted or disabled fails its task before anything is called. */
function inPlanOrder(
  { run }: EstimatedPlan,
  present: ReadonlyMap<string, AgentFacts>,
  input: InputSize,
): readonly AgentFacts[] {
  const agentIds = new Set(run.tasks.flatMap(({ agentId, approval }) => (approval ? [] : [agentId])));
  const gone = unknownRecord('The agent was deleted or disabled');
  return [...agentIds].map(
    (agentId) => present.get(agentId) ?? { agentId, version: 0, times: [], input, ...gone },
  );
}

interface TimesAsked {
  readonly tenantId: string;
  readonly runs: readonly RecordedRun[];
  /** agentIds. */
  readonly wanted: ReadonlySet<string>;
}

/** One journal after the other, so that no more than one is held. */
async function readTimes(
  { records, openPlan }: EstimateDeps,
  { tenantId, runs, wanted }: TimesAsked,
): Promise<readonly TaskTime[]> {
  const found: TaskTime[] = [];
  for (const { id, plan } of runs) {
    const { run } = openPlan(plan);
    if (!run.tasks.some(({ agentId }) => wanted.has(agentId))) continue;
    found.push(...taskTimes(run, await records.readRecordedJournal(tenantId, id)));
  }
  return found;
}

interface Known extends AgentRecord {
  readonly times: readonly TaskTime[];
  readonly input: InputSize;
}

function factsOf({ agentId, version }: Agent, { times, ...known }: Known): AgentFacts {
  return { agentId, version, ...known, times: times.filter((time) => time.agentId === agentId) };
}

function unknownRecord(problem: string): AgentRecord {
  const quote = { runtime: 'none', model: '', instructionTokens: 0, outputTokensMax: 0, problem } as const;
  return { quote, history: { version: 0, tasks: [], models: [] } };
}
