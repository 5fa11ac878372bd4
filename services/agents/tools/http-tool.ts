// Calls a tenant's own HTTP tool: the arguments as JSON by POST, proved with the tenant's credentials, through the guard of outbound calls.
// Calls that only read are repeated when they fail in passing. Whether a call may be made is decided by others.
import { setTimeout as wait } from 'node:timers/promises';
import { jsonDepth } from '../../../foundation/json/json-depth.ts';
import { OutboundFailed } from '../../../foundation/net/outbound-failed.ts';
import type { Outbound } from '../../../foundation/net/outbound-fetch.ts';
import { retriesMax, retryWaitMs } from '../core/remote/retry-wait.ts';
import type { JsonObject, JsonValue } from '../core/skill.ts';
import { ToolFailed } from './agent-tool.ts';
import type { OauthTokens } from './oauth-tokens.ts';
import { withoutSecrets } from './secrets-in.ts';
import type { ToolAccess } from './tool-access.ts';
import type { ToolBreakerOf } from './tool-breakers.ts';
import { type Proof, proofOf } from './tool-credentials.ts';

/** Time for a call of a tool, repetitions included, in milliseconds. */
export const toolCallMs = 30_000;

/** The largest answer of a tool, in bytes. */
export const toolAnswerBytesMax = 1_048_576;

const answerDepthMax = 32;
const sentenceMax = 300;

/** What calls are made with. */
export interface HttpToolDeps {
  readonly outbound: Outbound;
  readonly tokens: OauthTokens;
  readonly breakerOf: ToolBreakerOf;
  /** A number from 0 to 1, by chance. */
  readonly chance: () => number;
  /** Now, in milliseconds since the Unix epoch. */
  readonly clock: () => number;
  /** Waits before a call is repeated; absent for real time. */
  readonly pause?: (waitMs: number, signal: AbortSignal) => Promise<void>;
  /** Time for a call [`toolCallMs`], in milliseconds. */
  readonly callMs?: number;
}

/** A call to make. */
export interface HttpToolCall extends ToolAccess {
  readonly tenantId: string;
  readonly arguments: JsonObject;
  readonly signal: AbortSignal;
}

/**
 * What the tool answers: its JSON, or `{text}` for another answer. ToolFailed for an answer that cannot be used, with the tool's own words
 * where it blames the arguments; Fault `unavailable` while its breaker is open; the signal's reason.
 */
export async function callHttpTool(deps: HttpToolDeps, call: HttpToolCall): Promise<JsonValue> {
  const { clock, chance, breakerOf, callMs = toolCallMs, pause = waitRealTime } = deps;
  const { definition, tenantId, signal } = call;
  const endsAtMs = performance.now() + callMs;
  const timeLeftMs = () => endsAtMs - performance.now();
  const breaker = breakerOf(tenantId, definition.toolName);
  for (let retries = 0; ; retries += 1) {
    try {
      return await breaker.run(() => callProved(deps, call, timeLeftMs));
    } catch (error) {
      if (!(error instanceof ToolFailed && error.isTransient)) throw error;
      if (definition.effect !== 'read' || retries >= retriesMax) throw error;
      const headers = { 'retry-after': error.headers?.get('retry-after') ?? undefined };
      const waitMs = retryWaitMs({ retries, headers, nowMs: clock(), chance: chance() });
      if (waitMs >= timeLeftMs()) throw error;
      await pause(waitMs, signal);
    }
  }
}

/** One call; a token that the tool refuses is got anew once. */
async function callProved(
  deps: HttpToolDeps,
  call: HttpToolCall,
  timeLeftMs: () => number,
): Promise<JsonValue> {
  const timeLeft = () => Math.max(1, Math.floor(timeLeftMs()));
  return explained(call, async () => {
    const proof = await proofOf({ ...call, timeoutMs: timeLeft() }, deps.tokens);
    const answer = await post(deps.outbound, call, { proof, timeoutMs: timeLeft() });
    if (answer.status !== 401 || proof.token === undefined) return answeredValue(call, answer, proof);
    await answer.body?.cancel();
    const anew = await proofOf({ ...call, timeoutMs: timeLeft(), spent: proof.token }, deps.tokens);
    return answeredValue(call, await post(deps.outbound, call, { proof: anew, timeoutMs: timeLeft() }), anew);
  });
}

interface Posting {
  readonly proof: Proof;
  readonly timeoutMs: number;
}

function post(outbound: Outbound, call: HttpToolCall, { proof, timeoutMs }: Posting): Promise<Response> {
  const headers = {
    accept: 'application/json',
    'user-agent': 'DomainFlow',
    ...proof.headers,
    'content-type': 'application/json',
  };
  const { definition, signal } = call;
  const body = JSON.stringify(call.arguments);
  const sent = { method: 'POST', headers, body, signal, timeoutMs };
  return outbound.fetch(definition.endpoint, { ...sent, bodyBytesMax: toolAnswerBytesMax });
}

async function answeredValue(call: HttpToolCall, answer: Response, { secrets }: Proof): Promise<JsonValue> {
  const { status, headers } = answer;
  const text = withoutSecrets(await answer.text(), secrets);
  if (answer.ok) return readAnswer(call, text);
  const blamesArguments = status === 400 || status === 422;
  const said = blamesArguments && text !== '' ? `: ${text.slice(0, sentenceMax)}` : '';
  const isTransient = status === 408 || status === 429 || status >= 500;
  throw new ToolFailed(`The tool ${call.definition.toolName} answered ${status}${said}`, {
    isTransient,
    headers,
  });
}

function readAnswer({ definition }: HttpToolCall, text: string): JsonValue {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return { text };
  }
  if (jsonDepth(value as Parameters<typeof jsonDepth>[0]) <= answerDepthMax) return value;
  const message = `The answer of the tool ${definition.toolName} is nested more than ${answerDepthMax} deep`;
  throw new ToolFailed(message, { isTransient: false });
}

/** Says of which tool a failed call was. */
async function explained<T>({ definition }: HttpToolCall, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof OutboundFailed ? outboundToolFailure(definition.toolName, error) : error;
  }
}

/** A call of a tool that came to nothing, as the agent is told it. */
export function outboundToolFailure(toolName: string, error: OutboundFailed): ToolFailed {
  const isTransient = error.failure === 'unreachable' || error.failure === 'timed_out';
  return new ToolFailed(`The tool ${toolName} cannot be called: ${error.message}`, {
    isTransient,
    cause: error,
  });
}

async function waitRealTime(waitMs: number, signal: AbortSignal): Promise<void> {
  await wait(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
}
