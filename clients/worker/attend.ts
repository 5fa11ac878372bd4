// One attempt from its beginning to its answer: runs the handler, and tells once what came of it, unless the attempt was lost meanwhile.
import { ApiError } from '../api/api-error.ts';
import { AnswerRefused } from './answer-refused.ts';
import { type HeldAttempt, LeaseLost } from './held-attempts.ts';
import { persist } from './persist.ts';
import { TaskFailure } from './task-failure.ts';
import type { AttemptResult } from './worker-calls.ts';
import type { WorkerParts } from './worker-parts.ts';

/** Never rejects: what goes wrong is told to the platform where it concerns the task, and to the log. */
export async function attend(parts: WorkerParts, held: HeldAttempt): Promise<void> {
  const { task, signal } = held;
  const of = { taskId: task.task_id, attempt: task.attempt };
  parts.tell({ event: 'task_begun', ...of });
  const result = await Promise.race([outcomeOf(parts, held), whenAborted(signal)]);
  try {
    if (signal.reason instanceof LeaseLost) parts.tell({ event: 'task_lost', ...of, error: signal.reason });
    else await deliver(parts, held, result);
  } finally {
    parts.held.end(held);
  }
}

async function outcomeOf(
  { handle, tell }: WorkerParts,
  { task, signal }: HeldAttempt,
): Promise<AttemptResult> {
  try {
    const answer = await handle(task, { signal });
    return isJson(answer) ? answer : { error_code: 'output_invalid', error_message: 'The answer is no JSON' };
  } catch (error) {
    tell({ event: 'task_failed', taskId: task.task_id, attempt: task.attempt, error });
    if (error instanceof TaskFailure) return { error_code: error.code, error_message: error.message };
    return { error_code: 'tool_error', error_message: 'The worker could not do the task' };
  }
}

function isJson(answer: unknown): boolean {
  try {
    return JSON.stringify(answer) !== undefined;
  } catch {
    return false; // it contains itself, or a BigInt
  }
}

// A handler may go on after its signal: nobody waits for it.
function whenAborted(signal: AbortSignal): Promise<AttemptResult> {
  const handedBack = {
    error_code: 'worker_lost',
    error_message: 'The worker stopped before the task had ended',
  };
  return new Promise((resolve) => {
    if (signal.aborted) resolve(handedBack);
    else signal.addEventListener('abort', () => resolve(handedBack), { once: true });
  });
}

/** How long a result is offered to a platform that does not answer, once the attempt was given up, in milliseconds. */
const lastTriesMs = 10_000;

async function deliver(parts: WorkerParts, held: HeldAttempt, result: AttemptResult): Promise<void> {
  const { calls, pauses, tell } = parts;
  const { task, signal } = held;
  const of = { taskId: task.task_id, attempt: task.attempt };
  const limit = signal.aborted ? AbortSignal.timeout(lastTriesMs) : signal;
  const send = (sent: AttemptResult) => persist(() => calls.answer(task, sent, limit), limit, pauses);
  const refused = (error: Error) => tell({ event: 'answer_refused', ...of, error });
  try {
    const taken = await send(result).catch((error: unknown) => {
      if (!isBadAnswer(error)) throw error;
      refused(error);
      return send(insteadOf(result, error));
    });
    const { error_code: code, error_message: message } = taken;
    if (code && !('error_code' in result)) refused(new AnswerRefused(code, message ?? ''));
    tell({ event: 'task_answered', ...of });
  } catch (error) {
    const isLost = error instanceof LeaseLost || (error instanceof ApiError && error.status === 409);
    tell({ event: isLost ? 'task_lost' : 'call_failed', ...of, error });
  }
}

// The same would be refused again. A failure stays what it is: whether the task is tried again depends on it.
function insteadOf(result: AttemptResult, { message: error_message }: ApiError): AttemptResult {
  const isFailure = 'error_code' in result && !('output' in result);
  return { error_code: isFailure ? result.error_code : 'output_invalid', error_message };
}

function isBadAnswer(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.status === 400 || error.status === 413 || error.status === 422);
}
