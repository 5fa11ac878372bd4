// Reads what a worker answered: the envelope of SPEC E6.1, any JSON object as output, or its own word on what went wrong.
import { isJsonObject } from '../../../../foundation/json/json.ts';
import type { Invocation, InvocationFailure } from '../invocation.ts';
import { anyOutput, type OutputCheck } from '../output-check.ts';
import { readAnswer, reasoningDefault, referencesKeptFor } from '../remote/read-answer.ts';
import type { SkillAnswer } from '../skill.ts';
import { workerFailure } from './worker-failure.ts';

/** Reasoning of an answer that gives none. */
export const workerReasoningDefault = 'The worker gave no reasons for its answer.';

/** For whom a worker answered. */
export interface AnswerFor {
  readonly invocation: Invocation;
  /** Class of the run. */
  readonly capability: string;
}

/** An answer, or why there is none. */
export type ReadWorkerAnswer = { readonly answer: SkillAnswer } | { readonly failure: InvocationFailure };

/** Reads the text of an answer. */
export function readWorkerAnswer(
  text: string,
  { invocation, capability }: AnswerFor,
  outputs: OutputCheck,
): ReadWorkerAnswer {
  const failure = ownFailure(text);
  if (failure) return { failure };
  const referencesKept = referencesKeptFor(capability);
  const kept = referencesKept === undefined ? {} : { referencesKept };
  const { outputSchema } = invocation;
  const sourceText = sourceTextOf(invocation);
  const judge = invocation.work ? anyOutput : outputs;
  const read = readAnswer({ text, outputSchema, sourceText, shownIds: [], ...kept }, judge);
  if ('problems' in read) {
    const message = `The answer of the worker is not valid: ${read.problems.join('; ')}`;
    return { failure: { code: 'output_invalid', message } };
  }
  const { answer } = read;
  const isSilent = answer.reasoning === reasoningDefault;
  return { answer: isSilent ? { ...answer, reasoning: workerReasoningDefault } : answer };
}

/** The worker's own word on what went wrong; undefined for every other text, and where there is an output beside it. */
export function ownFailure(text: string): InvocationFailure | undefined {
  const said = parsed(text);
  if (!isJsonObject(said) || typeof said.error_code !== 'string' || 'output' in said) return undefined;
  const { error_code: code, error_message: message } = said;
  return workerFailure(code, typeof message === 'string' ? message : '');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sourceTextOf({ input: { text, question } }: Invocation): string {
  if (typeof text === 'string') return text;
  return typeof question === 'string' ? question : '';
}
