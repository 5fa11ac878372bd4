// What calls of an agent would be made with: its runtime, and on a model the length of its instructions and the price. It calls nobody.
import type { Invocation } from '../invocation.ts';
import { answerSchema } from './answer-schema.ts';
import { chooseModel, modelName } from './model-choice.ts';
import { modelPrompt } from './model-prompt.ts';
import type { ModelPrice, ModelSettings } from './model-settings.ts';
import { estimateTokens } from './token-estimate.ts';

/** The agent, as far as it bears on a quote. */
export type QuotedAgent = Pick<
  Invocation,
  'agentName' | 'runtime' | 'systemPrompt' | 'model' | 'maxOutputTokens' | 'outputSchema'
>;

/** What an agent would run on; `none` cannot run, for the reason in the sentence. */
export type AgentQuote =
  | { readonly runtime: 'builtin' | 'offline' | 'worker' }
  | { readonly runtime: 'none'; readonly problem: string }
  | {
      readonly runtime: 'model';
      readonly provider: string;
      readonly model: string;
      /** Tokens that each call reads beside its input, tools and reports, by a guess. */
      readonly instructionTokens: number;
      readonly outputTokensMax: number;
      /** Absent when it is not known. */
      readonly price?: ModelPrice;
    };

/** As long as the mark between instructions and data is. */
const delimiter = 'x'.repeat(24);

/** The quote of an agent. */
export function quoteAgent(agent: QuotedAgent, settings: ModelSettings): AgentQuote {
  const { runtime, maxOutputTokens: outputTokensMax } = agent;
  if (runtime !== 'model') return { runtime };
  const choice = chooseModel(agent.model, settings);
  if (choice.kind === 'offline') return { runtime: 'offline' };
  if (choice.kind === 'none') return { runtime: 'none', problem: choice.message };
  const { provider, model } = choice;
  const { instructions, content } = modelPrompt({
    invocation: { ...agent, input: {} },
    reports: [],
    delimiter,
  });
  const schema =
    provider.structuredOutput === 'schema' ? JSON.stringify(answerSchema(agent.outputSchema)) : '';
  const instructionTokens = estimateTokens(instructions + content + schema);
  const price = settings.prices[modelName(provider, model)];
  return {
    ...{ runtime, provider: provider.name, model, instructionTokens, outputTokensMax },
    ...(price ? { price } : {}),
  };
}
