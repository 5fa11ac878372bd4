// The model runtime: asks a language model, lets it call tools, and has it mend its answer until it is what the agent promised or the
// chances are used up. Calls themselves are made elsewhere; what a model wrote leaves this file only as a checked answer, as told text, and in the
// failure of an attempt whose answer cannot be used.
import { randomBytes } from 'node:crypto';
import { AISDKError, generateText, type ModelMessage, wrapLanguageModel } from 'ai';
import type { OutputCheck } from '../../../../foundation/json/output-check.ts';
import type { Invocation } from '../../core/invocation.ts';
import { AttemptFailed } from '../../core/invocation-failure.ts';
import { answerSchema } from '../../core/model/answer-schema.ts';
import { modelName } from '../../core/model/model-choice.ts';
import { modelPrompt, repairPrompt } from '../../core/model/model-prompt.ts';
import { keptRawText } from '../../core/model/raw-text.ts';
import { type ReadAnswer, readAnswer, referencesKeptFor } from '../../core/remote/read-answer.ts';
import type { SkillAnswer } from '../../core/skill.ts';
import { allowanceUsedUp } from '../../core/tool-call-allowance.ts';
import type { CallsOf, ModelCallsDeps } from './calls-of.ts';
import type { ProviderModel } from './language-model.ts';
import type { RunOnModel } from './model-agents.ts';
import { type AskModel, createModelCalls } from './model-calls.ts';
import { createModelTools, type ModelTools, type OpenTools } from './model-tools.ts';
import type { OpenModel } from './providers.ts';
import { tellRefusedCalls } from './refused-calls.ts';
import { readShownImages } from './shown-images.ts';
import { findShownReports, type ShownReportsDeps } from './shown-reports.ts';

/** Calls in which a model may mend an answer that cannot be used. */
export const repairsMax = 2;

/** What the runtime is made of. */
export interface ModelRuntimeDeps extends ModelCallsDeps, ShownReportsDeps {
  readonly openModel: OpenModel;
  readonly openTools: OpenTools;
  readonly outputs: OutputCheck;
}

/** Runs agents on models. */
export function createModelRuntime(deps: ModelRuntimeDeps): RunOnModel {
  const calls = createModelCalls(deps);
  return async (of) => {
    const { invocation, circumstances, provider, model } = of;
    const opened = await deps.openTools(invocation, circumstances);
    try {
      const tools = createModelTools(opened.tools, {
        ...{ signal: circumstances.signal, log: deps.log, callsMax: invocation.toolCalls.left },
      });
      const answer = await converse(deps, of, { tools, ask: calls(of) });
      return { answer, runtime: modelName(provider, model) };
    } finally {
      await opened.close();
    }
  };
}

interface Means {
  readonly tools: ModelTools;
  readonly ask: AskModel;
}

/** Asks until an answer can be used; AttemptFailed `output_invalid` when none can. */
async function converse(deps: ModelRuntimeDeps, of: CallsOf, means: Means): Promise<SkillAnswer> {
  const { circumstances, provider, model } = of;
  const [conversation, opened] = await Promise.all([begin(deps, of), deps.openModel(provider, model)]);
  const asked = withCalls(opened, of, refusing(of, means));
  let messages = conversation.messages;
  for (let repairs = 0; ; repairs += 1) {
    const said = await say(of, means.tools, { ...conversation, messages, model: asked });
    const read = readSaid(deps.outputs, of, { ...conversation, ...said });
    if ('answer' in read) return read.answer;
    if (repairs >= repairsMax) throw invalid(read.problems, said.text);
    circumstances.tell({
      kind: 'progress',
      message: 'The answer of the model cannot be used; it is asked to mend it',
    });
    const mend: ModelMessage = { role: 'user', content: repairPrompt(read.problems) };
    messages = [...messages, ...said.messages, mend];
  }
}

interface Conversation {
  readonly instructions: string;
  readonly messages: readonly ModelMessage[];
  /** Ids of the reports that are shown, by their number from 1. */
  readonly shownIds: readonly string[];
}

async function begin(deps: ModelRuntimeDeps, of: CallsOf): Promise<Conversation> {
  const { invocation, circumstances, provider } = of;
  const isSeeing = invocation.images && provider.images;
  const [reports, images] = await Promise.all([
    findShownReports(deps, invocation, circumstances),
    isSeeing ? readShownImages(deps.clients, circumstances) : [],
  ]);
  const delimiter = randomBytes(12).toString('hex');
  const { instructions, content } = modelPrompt({ invocation, reports, delimiter });
  const files = images.map(({ contentType, data }) => ({
    type: 'file' as const,
    mediaType: contentType,
    data,
  }));
  const message: ModelMessage = { role: 'user', content: [{ type: 'text', text: content }, ...files] };
  return { instructions, messages: [message], shownIds: reports.map((report) => report.incident_id) };
}

/** Asks, and tells what the answer wants of tools that the agent was not given. */
function refusing({ invocation, circumstances }: CallsOf, { tools, ask }: Means): AskModel {
  const offered = new Set(Object.keys(tools.tools));
  return async (request, model) => {
    const answer = await ask(request, model);
    tellRefusedCalls(answer, { offered, listed: invocation.tools, tell: circumstances.tell });
    return answer;
  };
}

/** The model with the platform's calls around it: what asks it cannot pass them by. */
function withCalls(model: ProviderModel, { provider, invocation }: CallsOf, ask: AskModel): ProviderModel {
  const { structuredOutput } = provider;
  const schema = structuredOutput === 'schema' ? { schema: answerSchema(invocation.outputSchema) } : {};
  const responseFormat = { type: 'json' as const, name: 'answer', ...schema };
  const format = structuredOutput === 'text' ? {} : { responseFormat };
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: 'v4',
      wrapGenerate: ({ params, model: provided }) => ask({ ...params, ...format }, provided),
      wrapStream: () => Promise.reject(new Error('Models are asked for whole answers alone')),
    },
  });
}

interface Said {
  readonly text: string;
  /** The model stopped since it may write no more. */
  readonly isCut: boolean;
  /** The provider held the answer back. */
  readonly isWithheld: boolean;
  /** What the model said and what tools answered, for going on. */
  readonly messages: readonly ModelMessage[];
}

/** One turn of the model, with every tool that it calls in it. */
async function say(
  { invocation, circumstances }: CallsOf,
  { tools, exhausted }: ModelTools,
  asked: Conversation & { readonly model: ProviderModel },
): Promise<Said> {
  const { model, instructions, messages } = asked;
  const { temperature, maxOutputTokens } = invocation;
  const { text, finishReason, responseMessages } = await withoutSdkTexts(circumstances.signal, () =>
    generateText({
      ...{ model, instructions, messages: [...messages], tools, temperature, maxOutputTokens },
      ...{ maxRetries: 0, toolCallConcurrency: 1, stopWhen: exhausted, abortSignal: circumstances.signal },
      // Schemas of agents leave keys open, which strict modes refuse.
      providerOptions: { openaiCompatible: { strictJsonSchema: false } },
      experimental_download: refuseLinks,
    }),
  );
  if (exhausted()) {
    throw new AttemptFailed({ code: 'limit_reached', message: allowanceUsedUp(invocation.toolCalls) });
  }
  return {
    text,
    isCut: finishReason === 'length',
    isWithheld: finishReason === 'content-filter',
    // Providers refuse messages that say nothing.
    messages: responseMessages.filter(({ content }) => content.length > 0),
  };
}

/** Nothing that a model is given is fetched by the SDK, which would follow any link. */
async function refuseLinks(links: readonly unknown[]): Promise<never[]> {
  if (links.length > 0) throw new Error('Models are given no links');
  return [];
}

/** Errors of the SDK may quote what was asked or answered, so that only their names are passed on. */
async function withoutSdkTexts<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    throw AISDKError.isInstance(error) ? new Error(`Asking a model ended in ${error.name}`) : error;
  }
}

function readSaid(
  outputs: OutputCheck,
  { invocation, circumstances }: CallsOf,
  { text, isCut, isWithheld, shownIds }: Said & Pick<Conversation, 'shownIds'>,
): ReadAnswer {
  if (isWithheld) throw invalid(['the provider or the model declined to answer'], text);
  const { outputSchema, maxOutputTokens } = invocation;
  const referencesKept = referencesKeptFor(circumstances.capability);
  const kept = referencesKept === undefined ? {} : { referencesKept };
  const source = { outputSchema, shownIds, sourceText: sourceTextOf(invocation), ...kept };
  const read = readAnswer({ text, ...source }, outputs);
  if ('answer' in read || !isCut) return read;
  const cut = `it was cut off after ${maxOutputTokens} tokens (the agent's setting max_output_tokens): answer more briefly`;
  return { problems: [...read.problems, cut] };
}

function sourceTextOf({ input: { text, question } }: Invocation): string {
  if (typeof text === 'string') return text;
  return typeof question === 'string' ? question : '';
}

function invalid(problems: readonly string[], text: string): AttemptFailed {
  const message = `The answer of the model is not valid: ${problems.join('; ')}`;
  return new AttemptFailed({ code: 'output_invalid', message, rawText: keptRawText(text) });
}
