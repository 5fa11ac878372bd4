// A refusal in the words of S3: a status and a code that its clients know. How it is written down is in `s3-xml.ts`.

/** Thrown for a request that is refused. The message is shown to the client. */
export class S3Problem extends Error {
  readonly status: number;
  /** Such as `NoSuchKey`. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'S3Problem';
    this.status = status;
    this.code = code;
  }
}

/** The answer for an object that is not there. */
export function noSuchKey(): S3Problem {
  return new S3Problem(404, 'NoSuchKey', 'The specified key does not exist.');
}
