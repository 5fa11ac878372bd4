// The AI SDK's types of models in the words of the platform: one place that follows a new version of its interface.
import type { LanguageModelMiddleware } from 'ai';

type Wrap = NonNullable<LanguageModelMiddleware['wrapGenerate']>;

/** A model of a provider, ready to be called. */
export type ProviderModel = Parameters<Wrap>[0]['model'];

/** What a model is asked. */
export type ModelRequest = Parameters<Wrap>[0]['params'];

/** A whole answer of a model. */
export type ModelAnswer = Awaited<ReturnType<Wrap>>;

/** An answer as it arrives. */
export type ModelStream = Awaited<ReturnType<ProviderModel['doStream']>>['stream'];

/** One part of an answer. */
export type AnswerPart = ModelAnswer['content'][number];
