// How an answer in JSON is meant, which somebody else wrote (SPEC E6.1, W2.7 and W5.5): an envelope with its output, any other object as the
// output itself, or why there is none. What stands in them is judged elsewhere.
import type { Violation } from '../fault/fault.ts';
import { isJsonObject } from './json.ts';

/** What an answer is. */
export type AnswerForm = 'envelope' | 'output' | 'failure';

/**
 * What an answer is, or why it is none of them. `output` and `error_code` are kept for envelopes and failures: an output with such a key stands in
 * an envelope. Where one of them is null it counts as absent beside the other.
 */
export function answerForm(
  answer: Readonly<Record<string, unknown>>,
): { readonly form: AnswerForm } | { readonly violations: readonly Violation[] } {
  const output = given(answer, 'output');
  const code = given(answer, 'error_code');
  if (output !== undefined && code !== undefined) {
    return refused('error_code', 'cannot be given beside output: an attempt has either a result or failed');
  }
  if (code !== undefined) {
    return typeof code === 'string' ? { form: 'failure' } : refused('error_code', 'must be text');
  }
  if (isJsonObject(output)) return { form: 'envelope' };
  if (Object.hasOwn(answer, 'output')) return refused('output', 'must be an object');
  if (Object.hasOwn(answer, 'error_code')) return refused('error_code', 'must not be null without an output');
  return { form: 'output' };
}

function given(answer: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(answer, name) ? (answer[name] ?? undefined) : undefined;
}

function refused(field: string, reason: string): { readonly violations: readonly Violation[] } {
  return { violations: [{ field, reason }] };
}
