// Reads what a worker answered: the envelope of SPEC E6.1, any JSON object as output, or its own word on what went wrong. What is none of them is no
// output either.
import type { Violation } from '../../../../foundation/fault/fault.ts';
import { answerForm } from '../../../../foundation/json/answer-form.ts';

import { anyOutput, type OutputCheck } from '../../../../foundation/json/output-check.ts';
import { plainTextProblem } from '../../../../foundation/json/plain-text.ts';
import type { Invocation, InvocationFailure } from '../invocation.ts';
import { readEnvelope, reasoningDefault, referencesKeptFor, writtenObject } from '../remote/read-answer.ts';
import type { JsonObject, SkillAnswer } from '../skill.ts';
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
  const said = writtenObject(text);
  if (typeof said === 'string') return invalid([said]);
  const meant = answerForm(said);
  if ('violations' in meant) return invalid(meant.violations.map(sentenceOf));
  if (meant.form === 'failure') return { failure: failureIn(said) };
  const unplain = plainTextProblem(said, '');
  if (unplain) return invalid([sentenceOf(unplain)]);
  const referencesKept = referencesKeptFor(capability);
  const kept = referencesKept === undefined ? {} : { referencesKept };
  const { outputSchema } = invocation;
  const sourceText = sourceTextOf(invocation);
  const judge = invocation.work ? anyOutput : outputs;
  const read = readEnvelope(said, { outputSchema, sourceText, shownIds: [], ...kept }, judge);
  if ('problems' in read) return invalid(read.problems);
  const { answer } = read;
  const isSilent = answer.reasoning === reasoningDefault;
  return { answer: isSilent ? { ...answer, reasoning: workerReasoningDefault } : answer };
}

/** The worker's own word on what went wrong; undefined for every other text, and where there is an output beside it. */
export function ownFailure(text: string): InvocationFailure | undefined {
  const said = writtenObject(text);
  if (typeof said === 'string') return undefined;
  const meant = answerForm(said);
  return 'form' in meant && meant.form === 'failure' ? failureIn(said) : undefined;
}

function failureIn({ error_code: code, error_message: message }: JsonObject): InvocationFailure {
  return workerFailure(String(code), typeof message === 'string' ? message : '');
}

function invalid(problems: readonly string[]): ReadWorkerAnswer {
  const message = `The answer of the worker is not valid: ${problems.join('; ')}`;
  return { failure: { code: 'output_invalid', message } };
}

function sentenceOf({ field, reason }: Violation): string {
  return `${field || 'it'} ${reason}`;
}

function sourceTextOf({ input: { text, question } }: Invocation): string {
  if (typeof text === 'string') return text;
  return typeof question === 'string' ? question : '';
}
