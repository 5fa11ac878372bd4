// Estimates as messages of the mesh.
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { QuotedRuntime } from '../../../proto/gen/domainflow/agents/v1/quote_pb.js';
import {
  type AgentEstimate,
  AgentEstimateSchema,
  type EstimateBasis,
  EstimateBasisKind,
  EstimateBasisSchema,
  UseEstimateSchema,
  type UseEstimate as UseMessage,
} from '../../../proto/gen/domainflow/orchestrator/v1/estimate_pb.js';
import {
  type EstimatePlaybookResponse,
  EstimatePlaybookResponseSchema,
} from '../../../proto/gen/domainflow/orchestrator/v1/estimate_service_pb.js';
import type { AgentFacts, Basis, Quote } from '../core/estimate/agent-figures.ts';
import type { EstimateWarning } from '../core/estimate/budget-warnings.ts';
import type { Estimate, EstimateAsked, UseEstimate } from '../core/estimate/estimate.ts';
import { decimalOf } from '../core/estimate/money.ts';
import type { Range } from '../core/estimate/range.ts';
import type { RunPlan } from '../core/run-plan.ts';

/** An estimate with what it was made of. */
export interface MadeEstimate extends Omit<EstimateAsked, 'plan'> {
  readonly plan: RunPlan;
  readonly estimate: Estimate;
  /** In the order in which agents are answered. */
  readonly facts: readonly AgentFacts[];
  readonly warnings: readonly EstimateWarning[];
}

/** The answer. */
export function estimateWire(made: MadeEstimate): EstimatePlaybookResponse {
  const { plan, count, concurrency, estimate, facts, warnings } = made;
  return create(EstimatePlaybookResponseSchema, {
    ...{ count, concurrency, domainVersion: plan.domainVersion },
    perRun: useWire(estimate.perRun),
    whole: useWire(estimate.whole),
    agents: facts.map((each) => agentWire(each, made)),
    warnings: [...warnings],
  });
}

function useWire({
  calls,
  inputTokens,
  outputTokens,
  money,
  isMoneyKnown,
  seconds,
}: UseEstimate): UseMessage {
  const ranges = {
    ...(calls ? { calls: whole(calls) } : {}),
    ...(inputTokens ? { inputTokens: whole(inputTokens) } : {}),
    ...(outputTokens ? { outputTokens: whole(outputTokens) } : {}),
    ...(seconds ? { durationS: toMillis(seconds) } : {}),
  };
  const amounts = [...money].map(([currency, { p10, p50, p90 }]) => ({
    currency,
    ...{ p10: decimalOf(p10), p50: decimalOf(p50), p90: decimalOf(p90) },
  }));
  return create(UseEstimateSchema, { ...ranges, money: amounts, moneyKnown: isMoneyKnown });
}

/** There are no parts of calls and tokens. */
function whole({ p10, p50, p90 }: Range): Range {
  return { p10: Math.round(p10), p50: Math.round(p50), p90: Math.round(p90) };
}

function toMillis({ p10, p50, p90 }: Range): Range {
  const rounded = (seconds: number): number => Math.round(seconds * 1_000) / 1_000;
  return { p10: rounded(p10), p50: rounded(p50), p90: rounded(p90) };
}

const runtimes: Readonly<Record<Quote['runtime'], QuotedRuntime>> = {
  none: QuotedRuntime.UNSPECIFIED,
  builtin: QuotedRuntime.BUILTIN,
  offline: QuotedRuntime.OFFLINE,
  model: QuotedRuntime.MODEL,
  worker: QuotedRuntime.WORKER,
};

function agentWire({ agentId, version, quote }: AgentFacts, made: MadeEstimate): AgentEstimate {
  const tasks = made.plan.tasks.filter((task) => !task.approval && task.agentId === agentId);
  const estimated = made.estimate.agents.get(agentId);
  const figures = made.figures.get(agentId);
  return create(AgentEstimateSchema, {
    ...{ agentId, agentName: tasks[0]?.agentName ?? agentId, agentVersion: version, tasks: tasks.length },
    runtime: runtimes[quote.runtime],
    ...(estimated ? { perRun: useWire(estimated.perRun), whole: useWire(estimated.whole) } : {}),
    ...(figures
      ? { useBasis: basisWire(figures.uses.basis), durationBasis: basisWire(figures.seconds.basis) }
      : {}),
  });
}

const basisKinds: Readonly<Record<Basis['kind'], EstimateBasisKind>> = {
  none: EstimateBasisKind.UNSPECIFIED,
  history: EstimateBasisKind.HISTORY,
  configuration: EstimateBasisKind.CONFIGURATION,
  builtin: EstimateBasisKind.BUILTIN,
};

function basisWire({ kind, tasks, version, fromMs, toMs, calls, models, text }: Basis): EstimateBasis {
  return create(EstimateBasisSchema, {
    ...{ kind: basisKinds[kind], tasks, version, calls: BigInt(calls), models: [...models], text },
    ...(fromMs === undefined ? {} : { from: timestampFromMs(fromMs) }),
    ...(toMs === undefined ? {} : { to: timestampFromMs(toMs) }),
  });
}
