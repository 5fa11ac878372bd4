// What a worker says went wrong, in the closed list of SPEC E3.5. A worker speaks of its own work: what only the platform can know, such as
// that a run was cancelled or its time is up, is not believed.
import type { InvocationFailure } from '../invocation.ts';

const believed: ReadonlySet<string> = new Set([
  'model_error',
  'model_timeout',
  'tool_error',
  'dependency_unavailable',
  'attempt_timeout',
  'output_invalid',
  'output_too_large',
  'permission_denied',
  'model_unavailable',
  'budget_exceeded',
  'limit_reached',
]);

/** Longest sentence of a worker that is passed on, in characters. */
export const workerSentenceLengthMax = 1_000;

/** The code as the platform tells it; `tool_error`, which is tried again, for one that is not believed. */
export function believedCode(code: string): string {
  return believed.has(code) ? code : 'tool_error';
}

/** The failure that a worker tells. A wait that it asks for is not: it would be a delay that uses up no attempt. */
export function workerFailure(errorCode: string, errorMessage: string): InvocationFailure {
  const said = errorMessage
    .trim()
    .slice(0, workerSentenceLengthMax)
    .replaceAll('\0', '\ufffd')
    .toWellFormed();
  return { code: believedCode(errorCode), message: said || 'The worker failed and does not say why' };
}
