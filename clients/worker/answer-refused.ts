// What a worker is told of an answer that the platform took as the failure of its attempt.

/** The output was not what the agent promised, or too large: the attempt is over. The message says everything that is wrong with it. */
export class AnswerRefused extends Error {
  override readonly name = 'AnswerRefused';
  /** `output_invalid` or `output_too_large`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
