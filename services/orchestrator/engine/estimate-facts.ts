// What neighbours know for an estimate: what agents would run on, what they have used, and what the tenant may still spend. Everything is asked
// on behalf of whoever wants the estimate.
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { CallOptions, Client } from '@connectrpc/connect';
import { type AgentQuote, QuotedRuntime } from '../../../proto/gen/domainflow/agents/v1/quote_pb.js';
import type { QuoteService } from '../../../proto/gen/domainflow/agents/v1/quote_service_pb.js';
import type { Agent } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { Budget } from '../../../proto/gen/domainflow/registry/v1/tenant_pb.js';
import type { TenantService } from '../../../proto/gen/domainflow/registry/v1/tenant_service_pb.js';
import {
  type AgentCallHistory,
  type TaskUse as TaskUseMessage,
  type UsageGroup,
  UsageGrouping,
} from '../../../proto/gen/domainflow/registry/v1/usage_pb.js';
import type { UsageService } from '../../../proto/gen/domainflow/registry/v1/usage_service_pb.js';
import { type CallHistory, type Quote, quotedPrice, type TaskUse } from '../core/estimate/agent-figures.ts';
import type { BudgetLeft } from '../core/estimate/budget-warnings.ts';
import { nanosOf } from '../core/estimate/money.ts';

/** The neighbours that are asked. */
export interface EstimateNeighbours {
  readonly quotes: Client<typeof QuoteService>;
  readonly tenants: Client<typeof TenantService>;
  readonly usage: Client<typeof UsageService>;
}

/** What agents would run on and have used. */
export interface AgentRecord {
  readonly quote: Quote;
  readonly history: CallHistory;
}

/** One record for each agent, in their order; none for none. */
export async function readAgentRecords(
  { quotes, usage }: EstimateNeighbours,
  agents: readonly Agent[],
  options: CallOptions,
): Promise<readonly AgentRecord[]> {
  if (agents.length === 0) return [];
  const keys = agents.map(({ agentId, version }) => ({ agentId, version }));
  const [quoted, recorded] = await Promise.all([
    quotes.quoteAgents({ agents: [...agents] }, options),
    usage.getCallHistory({ agents: keys }, options),
  ]);
  return agents.map((_, at) => ({
    quote: quoteOf(quoted.quotes[at]),
    history: historyOf(recorded.agents[at]),
  }));
}

const runtimes: Readonly<Record<QuotedRuntime, Quote['runtime']>> = {
  [QuotedRuntime.UNSPECIFIED]: 'none',
  [QuotedRuntime.BUILTIN]: 'builtin',
  [QuotedRuntime.OFFLINE]: 'offline',
  [QuotedRuntime.MODEL]: 'model',
  [QuotedRuntime.WORKER]: 'worker',
};

function quoteOf(quote: AgentQuote | undefined): Quote {
  if (!quote) throw new Error('The agents service has left an agent out');
  const { runtime, provider, model, instructionTokens, outputTokensMax, price, problem } = quote;
  return {
    ...{ runtime: runtimes[runtime], instructionTokens, outputTokensMax, problem },
    model: model === '' ? '' : `${provider}/${model}`,
    ...(price ? { price: quotedPrice(price) } : {}),
  };
}

function historyOf(history: AgentCallHistory | undefined): CallHistory {
  if (!history) throw new Error('The registry has left an agent out');
  const { version, tasks, from, to, models } = history;
  return {
    ...{ version, tasks: tasks.map(useOf), models },
    ...(from ? { fromMs: timestampMs(from) } : {}),
    ...(to ? { toMs: timestampMs(to) } : {}),
  };
}

function useOf({ calls, inputTokens, outputTokens, money, currency }: TaskUseMessage): TaskUse {
  const tokens = { inputTokens: Number(inputTokens), outputTokens: Number(outputTokens) };
  return { calls, ...tokens, ...(currency === '' ? {} : { money: { currency, nanos: nanosOf(money) } }) };
}

/** The tenant's budgets with what counts against them by now; none for none. */
export async function readBudgetsLeft(
  { tenants, usage }: EstimateNeighbours,
  domainId: string,
  options: CallOptions,
): Promise<readonly BudgetLeft[]> {
  const { settings } = await tenants.getTenantSettings({}, options);
  const budgets = settings?.budgets;
  if (!budgets) return [];
  const { groups, totals } = await usage.getUsage({ groupBy: UsageGrouping.DOMAIN }, options);
  const spentIn = (sums: readonly UsageGroup[], currency: string): number =>
    sums.filter((sum) => sum.currency === currency).reduce((spent, { money }) => spent + nanosOf(money), 0);
  const inDomain = groups.filter(({ key }) => key === domainId);
  return [
    ...left('tenant', budgets.tenant, (currency) => spentIn(totals, currency)),
    ...left('domain', budgets.domain, (currency) => spentIn(inDomain, currency)),
    ...left('run', budgets.run, () => 0),
  ];
}

function left(
  scope: BudgetLeft['scope'],
  budget: Budget | undefined,
  spentIn: (currency: string) => number,
): BudgetLeft[] {
  if (!budget) return [];
  const { soft, hard, currency } = budget;
  const bound = (text: string): number | undefined => (text === '' ? undefined : nanosOf(text));
  return [{ scope, currency, soft: bound(soft), hard: bound(hard), spent: spentIn(currency) }];
}
