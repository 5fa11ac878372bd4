// A call of a model as the ledger keeps it, and the rules for writing one down. Every problem is reported at once.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { isUuid } from '../../../foundation/ids/ids.ts';
import { refuseProblems, textProblem } from '../../../foundation/json/document.ts';
import { isAgentId, isDomainId } from './definition-id.ts';
import { type CallTokens, type ModelPrice, type ModelPriceSent, readModelPrice } from './model-price.ts';

/** The most tokens of a call, each way. */
export const tokensMax = 100_000_000;
/** A reservation that nobody settled for this long is uncertain: the longest attempt, 300 s, and a margin. In milliseconds. */
export const uncertainAfterMs = 330_000;

const attemptMax = 1_000_000;

/** Names a call. A repeated attempt of the same call has the same key. */
export interface CallKey {
  readonly jobId: string;
  readonly taskId: string;
  /** From 1. */
  readonly attempt: number;
  /** Of the call in its attempt, from 1. */
  readonly number: number;
}

/** A call that is about to be made. */
export interface UsageCall extends CallKey {
  /** UUID that the caller chose; asking again under the same one is the same reservation. */
  readonly reservationId: string;
  readonly agentId: string;
  readonly agentVersion: number;
  /** Empty outside of domains. */
  readonly domainId: string;
  readonly provider: string;
  readonly model: string;
  readonly inputTokensEstimate: number;
  readonly outputTokensMax: number;
  /** Undefined when it is not known. */
  readonly price: ModelPrice | undefined;
}

/** A call as it is sent. */
export interface UsageCallSent extends Omit<UsageCall, 'price'> {
  readonly price: ModelPriceSent | undefined;
}

/** How a call can end. */
export const callOutcomes = ['succeeded', 'failed', 'not_sent'] as const;

/** How a call ended. */
export type CallOutcome = (typeof callOutcomes)[number];

/** The end of a call. */
export interface CallEnd {
  readonly outcome: CallOutcome;
  readonly tokens: CallTokens;
  /** True where tokens are a guess, since the provider did not tell its count. */
  readonly estimated: boolean;
}

/** The end of a call as it is sent; an undefined outcome is none of the list. */
export type CallEndSent = Omit<CallEnd, 'outcome'> & { readonly outcome: CallOutcome | undefined };

/** The call when it keeps all rules; else Fault `invalid_argument` with every problem. */
export function readUsageCall(sent: UsageCallSent): UsageCall {
  const problems: Violation[] = [];
  const refuse = (field: string, reason: string | undefined): void => {
    if (reason !== undefined) problems.push({ field, reason });
  };
  if (!isUuid(sent.reservationId)) refuse('reservation_id', 'must be a UUIDv7 that the caller has chosen');
  refuse('call.job_id', textProblem(sent.jobId, { min: 1, max: 100 }));
  refuse('call.task_id', textProblem(sent.taskId, { min: 1, max: 500 }));
  refuse('call.attempt', rangeProblem(sent.attempt, 1, attemptMax));
  refuse('call.number', rangeProblem(sent.number, 1, attemptMax));
  if (!isAgentId(sent.agentId)) refuse('agent_id', 'must be the id of an agent');
  refuse('agent_version', rangeProblem(sent.agentVersion, 1, Number.MAX_SAFE_INTEGER));
  if (sent.domainId !== '' && !isDomainId(sent.domainId)) refuse('domain_id', 'must be the id of a domain');
  refuse('provider', textProblem(sent.provider, { min: 1, max: 100 }));
  refuse('model', textProblem(sent.model, { min: 1, max: 200 }));
  refuse('input_tokens_estimate', rangeProblem(sent.inputTokensEstimate, 0, tokensMax));
  refuse('output_tokens_max', rangeProblem(sent.outputTokensMax, 0, tokensMax));
  const price = sent.price && readModelPrice(sent.price, problems);
  refuseProblems(problems);
  return { ...sent, price };
}

/** The end when it keeps all rules; else Fault `invalid_argument` with every problem. */
export function readCallEnd({ outcome, tokens, estimated }: CallEndSent): CallEnd {
  const problems: Violation[] = [];
  const check = (field: string, value: number, max: number): void => {
    const reason = rangeProblem(value, 0, max);
    if (reason !== undefined) problems.push({ field, reason });
  };
  if (!outcome) problems.push({ field: 'outcome', reason: `must be one of ${callOutcomes.join(', ')}` });
  check('input_tokens', tokens.input, tokensMax);
  check('output_tokens', tokens.output, tokensMax);
  check('cached_input_tokens', tokens.cachedInput, Math.max(0, Math.min(tokens.input, tokensMax)));
  refuseProblems(problems);
  return { outcome: outcome ?? 'failed', tokens, estimated };
}

function rangeProblem(value: number, min: number, max: number): string | undefined {
  if (value >= min && value <= max) return undefined;
  return max === Number.MAX_SAFE_INTEGER ? `must be at least ${min}` : `must lie between ${min} and ${max}`;
}
