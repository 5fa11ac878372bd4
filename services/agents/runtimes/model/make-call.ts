// One call of a model, from the reservation in the ledger to its settlement. It repeats nothing.
import {
  Attribute,
  GenAiOperation,
  type GenAiOutputType,
  spanName,
} from '../../../../foundation/telemetry/names.ts';
import { inSpan } from '../../../../foundation/telemetry/spans.ts';
import type { CallEnd, Reservation, TokenUse } from '../../clients/ledger.ts';
import { modelName } from '../../core/model/model-choice.ts';
import type { ProviderKind, ProviderSettings } from '../../core/model/model-settings.ts';
import { estimateImageTokens, estimateTokens } from '../../core/model/token-estimate.ts';
import type { CallsOf, ModelCallsDeps } from './calls-of.ts';
import { collectAnswer } from './collect-answer.ts';
import type { ModelAnswer, ModelRequest, ProviderModel } from './language-model.ts';
import { ProviderFailed } from './provider-failed.ts';
import { readProviderError, timedOut } from './read-provider-error.ts';

/** A call to make. */
export interface CallToMake {
  readonly request: ModelRequest;
  readonly model: ProviderModel;
  /** Of the call within the attempt, from 1. */
  readonly number: number;
}

/** Makes a call. Throws ProviderFailed, AttemptFailed for what a budget does not allow, and the signal's reason when the attempt ends. */
export async function makeCall(deps: ModelCallsDeps, of: CallsOf, call: CallToMake): Promise<ModelAnswer> {
  const { circumstances, invocation, provider, model } = of;
  const inputEstimate = estimateRequest(call.request);
  const reservation = await deps.ledger.reserve(
    {
      key: invocation.attemptKey,
      number: call.number,
      agentId: invocation.agentId,
      agentVersion: invocation.agentVersion,
      domainId: invocation.domainId,
      provider: provider.name,
      model,
      inputTokensEstimate: inputEstimate,
      outputTokensMax: call.request.maxOutputTokens ?? invocation.maxOutputTokens,
      price: deps.settings.prices[modelName(provider, model)],
    },
    circumstances.callOptions(),
  );
  for (const message of reservation.warnings) circumstances.tell({ kind: 'progress', message });
  const settle = settling(deps, of, reservation);
  let written = '';
  let isSent = false;
  const onSent = (): void => {
    isSent = true;
  };
  const onText = (text: string): void => {
    written += text;
    circumstances.tell({ kind: 'text', text });
  };
  try {
    const { answer, use } = await inChatSpan(deps, { ...of, request: call.request }, () =>
      deps.wire.watch(onSent, () => send(deps, of, { ...call, onText, inputEstimate })),
    );
    await settle('succeeded', use);
    return answer;
  } catch (error) {
    await settle(...costOf(error, { isSent, inputEstimate, written }));
    throw error;
  }
}

interface BrokenCall {
  /** Something of it has reached the wire. */
  readonly isSent: boolean;
  readonly inputEstimate: number;
  /** What the model wrote until then. */
  readonly written: string;
}

/** A call that never left, or that a provider refused, costs nothing; one that broke off costs what can be guessed. */
function costOf(error: unknown, { isSent, inputEstimate, written }: BrokenCall): [CallEnd, TokenUse] {
  const nothing = { input: 0, output: 0, cachedInput: 0, estimated: false };
  if (!isSent) return ['not_sent', nothing];
  if (error instanceof ProviderFailed && error.status !== undefined) return ['failed', nothing];
  const guess = { input: inputEstimate, output: estimateTokens(written), cachedInput: 0 };
  return ['failed', { ...guess, estimated: true }];
}

/** An unsettled call counts as uncertain, so that failing to settle does not end an attempt that has its answer. */
function settling(
  { log, metrics }: ModelCallsDeps,
  { invocation, provider }: CallsOf,
  reservation: Reservation,
) {
  const startedMs = performance.now();
  return async (end: CallEnd, use: TokenUse): Promise<void> => {
    metrics.ended(provider.name, end, { use, durationMs: performance.now() - startedMs });
    try {
      await reservation.settle(end, use);
    } catch (error) {
      const fields = { err: error, agent_id: invocation.agentId, provider: provider.name };
      log.warn(fields, 'A call of a model was not settled in the ledger; it counts as uncertain');
    }
  };
}

interface Sending extends CallToMake {
  readonly onText: (text: string) => void;
  readonly inputEstimate: number;
}

interface Sent {
  readonly answer: ModelAnswer;
  readonly use: TokenUse;
}

async function send({ settings, clock }: ModelCallsDeps, of: CallsOf, sending: Sending): Promise<Sent> {
  const { signal } = of.circumstances;
  const { request, model, onText, inputEstimate } = sending;
  const timeout = AbortSignal.timeout(settings.callTimeoutMs);
  const abortSignal = AbortSignal.any([signal, timeout]);
  try {
    const { stream } = await model.doStream({ ...request, abortSignal });
    const answer = await collectAnswer(stream, onText);
    return { answer, use: countedUse(answer, inputEstimate) };
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) throw timedOut(of.provider.name, settings.callTimeoutMs);
    throw readProviderError(error, of.provider.name, clock());
  }
}

function countedUse({ usage, content }: ModelAnswer, inputEstimate: number): TokenUse {
  const { total: input, cacheRead = 0 } = usage.inputTokens;
  const output = usage.outputTokens.total;
  return {
    input: input ?? inputEstimate,
    output: output ?? estimateTokens(JSON.stringify(content)),
    cachedInput: input === undefined ? 0 : Math.min(cacheRead, input),
    estimated: input === undefined || output === undefined,
  };
}

function estimateRequest({ prompt, tools = [], responseFormat }: ModelRequest): number {
  let images = 0;
  const text = JSON.stringify([prompt, tools, responseFormat], (_, value: unknown) => {
    if (!(value instanceof Uint8Array)) return value;
    images += 1;
    return undefined;
  });
  return estimateTokens(text) + estimateImageTokens(images);
}

async function inChatSpan(
  { tracer }: ModelCallsDeps,
  { invocation, provider, model, request }: CallsOf & Pick<CallToMake, 'request'>,
  run: () => Promise<Sent>,
): Promise<Sent> {
  const attributes = {
    [Attribute.genAiOperation]: GenAiOperation.chat,
    [Attribute.genAiProvider]: conventionalProviders[provider.kind],
    [Attribute.modelProvider]: provider.name,
    [Attribute.genAiOutputType]: outputTypeOf(request),
    ...serverOf(provider),
    [Attribute.genAiRequestModel]: model,
    [Attribute.genAiRequestTemperature]: invocation.temperature,
    [Attribute.genAiRequestTokensMax]: invocation.maxOutputTokens,
  };
  return inSpan(tracer, spanName.chat(model), { kind: 'client', attributes }, async (span) => {
    const sent = await run();
    const { answer, use } = sent;
    span.setAttributes({
      [Attribute.genAiInputTokens]: use.input,
      [Attribute.genAiOutputTokens]: use.output,
      [Attribute.genAiCachedInputTokens]: use.cachedInput,
      [Attribute.genAiUsageEstimated]: use.estimated,
      [Attribute.genAiFinishReasons]: [answer.finishReason.unified],
      ...(answer.response?.id ? { [Attribute.genAiResponseId]: answer.response.id } : {}),
      ...(answer.response?.modelId ? { [Attribute.genAiResponseModel]: answer.response.modelId } : {}),
    });
    return sent;
  });
}

/** Values of `gen_ai.provider.name`: whose format is spoken, which is OpenAI's for whatever is compatible with it. */
const conventionalProviders: Readonly<Record<ProviderKind, string>> = {
  'openai-compatible': 'openai',
  anthropic: 'anthropic',
  'amazon-bedrock': 'aws.bedrock',
  google: 'gcp.gemini',
};

function outputTypeOf({ responseFormat }: ModelRequest): GenAiOutputType {
  return responseFormat?.type === 'json' ? 'json' : 'text';
}

function serverOf({ baseUrl }: ProviderSettings): Record<string, string | number> {
  const url = baseUrl === undefined ? null : URL.parse(baseUrl);
  if (!url) return {};
  const port = Number(url.port) || (url.protocol === 'http:' ? 80 : 443);
  return { [Attribute.serverAddress]: url.hostname, [Attribute.serverPort]: port };
}
