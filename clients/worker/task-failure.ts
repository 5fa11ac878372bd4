// How a handler says that a task has failed.

/** Codes that a worker may give; with the first five the task is tried again, as often as it may be. */
export type FailureCode =
  | 'model_error'
  | 'model_timeout'
  | 'tool_error'
  | 'dependency_unavailable'
  | 'worker_lost'
  | 'output_invalid'
  | 'permission_denied'
  | 'limit_reached';

/** A task that cannot be done. Code and message are told to the platform as they are; the message is shown to people. */
export class TaskFailure extends Error {
  override readonly name = 'TaskFailure';
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string) {
    super(message);
    this.code = code;
  }
}
