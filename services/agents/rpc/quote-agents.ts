// QuoteAgents: what agents would run on, and at which price. It is answered from the service's settings alone.
import { create } from '@bufbuild/protobuf';
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import {
  AgentQuoteSchema,
  QuotedRuntime,
  type AgentQuote as QuoteMessage,
} from '../../../proto/gen/domainflow/agents/v1/quote_pb.js';
import type { QuoteService } from '../../../proto/gen/domainflow/agents/v1/quote_service_pb.js';
import type { BuiltinRuntime } from '../core/invocation.ts';
import { type AgentQuote, quoteAgent } from '../core/model/agent-quote.ts';
import type { ModelSettings } from '../core/model/model-settings.ts';
import { quotedAgentOf } from './wire.ts';

/** The most agents of a request. */
const agentsMax = 1_000;

/** What quotes are made from. */
export interface QuoteDeps {
  readonly builtinRuntime: BuiltinRuntime;
  readonly models: ModelSettings;
}

/** QuoteAgents. Fault `permission_denied` for a run. */
export function quoteAgents({
  builtinRuntime,
  models,
}: QuoteDeps): ServiceImpl<typeof QuoteService>['quoteAgents'] {
  return ({ agents }, context) => {
    if (principalOf(context).run) throw new Fault('permission_denied', 'A run may not ask for quotes');
    if (agents.length < 1 || agents.length > agentsMax) {
      throw invalidArgument([{ field: 'agents', reason: `must have between 1 and ${agentsMax} agents` }]);
    }
    const quotes = agents.map((agent) => quoteAgent(quotedAgentOf(agent, builtinRuntime), models));
    return { quotes: quotes.map(quoteMessage) };
  };
}

const runtimes: Readonly<Record<AgentQuote['runtime'], QuotedRuntime>> = {
  none: QuotedRuntime.UNSPECIFIED,
  builtin: QuotedRuntime.BUILTIN,
  offline: QuotedRuntime.OFFLINE,
  model: QuotedRuntime.MODEL,
  worker: QuotedRuntime.WORKER,
};

function quoteMessage({ runtime, ...quote }: AgentQuote): QuoteMessage {
  return create(AgentQuoteSchema, { ...quote, runtime: runtimes[runtime] });
}
