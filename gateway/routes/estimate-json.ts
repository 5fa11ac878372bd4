// Estimates as the API shows them.
import { QuotedRuntime } from '../../proto/gen/domainflow/agents/v1/quote_pb.js';
import {
  type AgentEstimate,
  type EstimateBasis,
  EstimateBasisKind,
  type MoneyRange,
  type Range,
  type UseEstimate,
} from '../../proto/gen/domainflow/orchestrator/v1/estimate_pb.js';
import type { EstimatePlaybookResponse } from '../../proto/gen/domainflow/orchestrator/v1/estimate_service_pb.js';
import { moneyJson } from '../core/money-text.ts';
import { enumWord } from './enum-words.ts';
import { timeJson } from './time-json.ts';

/** An estimate; null stands for what nobody can say. */
export function estimateJson(estimate: EstimatePlaybookResponse): object {
  const { count, concurrency, domainVersion, perRun, whole, agents, warnings } = estimate;
  return {
    ...{ domain_version: domainVersion, count, concurrency, per_run: useJson(perRun), whole: useJson(whole) },
    agents: agents.map(agentJson),
    warnings: warnings.map(({ code, subject, text }) => ({ code, subject: subject || null, text })),
  };
}

function agentJson(agent: AgentEstimate): object {
  const { agentId, agentName, agentVersion, tasks, runtime, perRun, whole, useBasis, durationBasis } = agent;
  return {
    ...{ agent_id: agentId, agent_name: agentName, agent_version: agentVersion || null, tasks },
    runtime: enumWord(QuotedRuntime, runtime),
    ...{ per_run: useJson(perRun), whole: useJson(whole) },
    basis: { use: basisJson(useBasis), duration: basisJson(durationBasis) },
  };
}

function useJson(use: UseEstimate | undefined): object | null {
  if (!use) return null;
  const { calls, inputTokens, outputTokens, money, moneyKnown, durationS } = use;
  return {
    calls: rangeJson(calls),
    tokens: { input: rangeJson(inputTokens), output: rangeJson(outputTokens) },
    money: moneyKnown || money.length > 0 ? money.map(moneyRangeJson) : null,
    money_complete: moneyKnown,
    duration_s: rangeJson(durationS),
  };
}

function rangeJson(range: Range | undefined): object | null {
  return range ? { p10: range.p10, p50: range.p50, p90: range.p90 } : null;
}

function moneyRangeJson({ currency, p10, p50, p90 }: MoneyRange): object {
  return { currency, p10: moneyJson(p10), p50: moneyJson(p50), p90: moneyJson(p90) };
}

function basisJson(basis: EstimateBasis | undefined): object | null {
  if (!basis) return null;
  const { kind, tasks, version, from, to, calls, models, text } = basis;
  return {
    kind: enumWord(EstimateBasisKind, kind) ?? 'none',
    ...{ tasks, calls: Number(calls), version: version || null, from: timeJson(from), to: timeJson(to) },
    ...{ models, text: text || null },
  };
}
