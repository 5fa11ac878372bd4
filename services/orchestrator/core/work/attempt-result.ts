// What a worker sends as the result of an attempt (SPEC E6.1): an envelope with its output, any other JSON object as the output itself, or why
// there is none. And what it comes to: an output that is not what its agent promised, or is too large, is a fault of the attempt.

import type { Violation } from '../../../../foundation/fault/fault.ts';
import { answerForm } from '../../../../foundation/json/answer-form.ts';
import { readDocument } from '../../../../foundation/json/document.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../foundation/json/json.ts';
import type { OutputCheck } from '../../../../foundation/json/output-check.ts';
import { plainTextProblem } from '../../../../foundation/json/plain-text.ts';
import { type AgentAnswer, checkAnswer, type Span, type TaskFault } from '../agent-answer.ts';
import { cutText } from '../cut-text.ts';
import { type WorkerResult, workerAnswer } from './planned-work.ts';

/** Codes of faults that a worker may tell (SPEC E3.5); those of the first row are tried again. */
export const attemptFaultCodes = [
  ...[
    'model_error',
    'model_timeout',
    'tool_error',
    'worker_lost',
    'dependency_unavailable',
    'attempt_timeout',
  ],
  ...['output_invalid', 'output_too_large', 'permission_denied', 'model_unavailable', 'budget_exceeded'],
  ...['agent_disabled', 'agent_missing', 'deadline', 'approval_rejected', 'approval_timeout'],
  ...['too_many_targets', 'limit_reached', 'cancelled'],
] as const;

const messageCharactersMax = 1_000;
const reasoningCharactersMax = 10_000;
const referencesMax = 1_000;
const referenceLength = { min: 1, max: 500 };
const spansMax = 1_000;

/** What was sent, or everything that is wrong with it. */
export function readAttemptResult(
  sent: JsonObject,
): { readonly result: WorkerResult } | { readonly violations: readonly Violation[] } {
  const meant = answerForm(sent);
  if ('violations' in meant) return meant;
  const violations: Violation[] = [];
  const result =
    meant.form === 'failure'
      ? { fault: readFault(sent, violations) }
      : { answer: readAnswer(sent, violations) };
  const unplain = plainTextProblem(sent, '');
  const field = unplain?.field || 'body';
  if (unplain && !violations.some((each) => each.field === field)) violations.push({ ...unplain, field });
  return violations.length > 0 ? { violations } : { result };
}

/** What a result comes to; `outputSchema` is that of the agent whose task it is of, absent for tasks whose outputs nobody described. */
export function judgedResult(
  result: WorkerResult,
  outputs: OutputCheck,
  outputSchema: JsonObject | undefined,
): WorkerResult {
  const { answer } = result;
  if (!answer) return result;
  const problems = outputSchema ? outputs.problemsOf(answer.output, outputSchema) : [];
  if (problems.length > 0) {
    const told = problems.map((problem) => `output: ${problem}`).join('; ');
    return { fault: { code: 'output_invalid', message: `The answer of the worker is not valid: ${told}` } };
  }
  const fault = checkAnswer(answer, { outputKeys: [], anyOutput: true });
  return fault ? { fault } : { answer };
}

function readFault(sent: JsonObject, problems: Violation[]): TaskFault {
  const doc = readDocument(sent, problems);
  const code = doc.oneOf('error_code', attemptFaultCodes) ?? '';
  const message = doc.text('error_message', { min: 0, max: Number.POSITIVE_INFINITY }) ?? '';
  return { code, message: cutText(message, messageCharactersMax) || `The worker failed with ${code}` };
}

function readAnswer(sent: JsonObject, problems: Violation[]): AgentAnswer {
  const { output } = sent;
  if (!isJsonObject(output)) return workerAnswer(sent);
  const doc = readDocument(sent, problems);
  const reasoning = doc.text('reasoning', { min: 0, max: Number.POSITIVE_INFINITY });
  const confidence = doc.number('confidence', { min: 0, max: 1 });
  const references = doc.texts('references', { itemsMax: referencesMax, length: referenceLength });
  const spans = readSpans(sent.spans ?? null, problems);
  const told = {
    ...(reasoning === undefined
      ? {}
      : { reasoning: reasoning.slice(0, reasoningCharactersMax).toWellFormed() }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(references === undefined ? {} : { references }),
  };
  return { ...workerAnswer(output, told), spans };
}

function readSpans(value: JsonValue, problems: Violation[]): Readonly<Record<string, readonly Span[]>> {
  if (value === null) return {};
  const reason = 'must be an object of lists of {start, end}, both whole numbers of UTF-16 units';
  const entries = isJsonObject(value) ? Object.entries(value) : [];
  const isSound =
    isJsonObject(value) && entries.every(([, spans]) => Array.isArray(spans) && spans.every(isSpan));
  const count = entries.reduce((sum, [, spans]) => sum + (Array.isArray(spans) ? spans.length : 0), 0);
  if (!isSound) problems.push({ field: 'spans', reason });
  else if (count > spansMax)
    problems.push({ field: 'spans', reason: `must have at most ${spansMax} in all` });
  return isSound ? (Object.fromEntries(entries) as unknown as Record<string, readonly Span[]>) : {};
}

function isSpan(value: JsonValue): boolean {
  if (!isJsonObject(value)) return false;
  const { start, end } = value;
  return isPlace(start) && isPlace(end) && Number(start) <= Number(end);
}

function isPlace(value: JsonValue | undefined): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
