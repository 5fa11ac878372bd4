// Calls of tools as a run records them: what a tool was given, what it answered and how long that took.

/** A JSON value on record. */
export interface RecordedJson {
  /** JSON text: the whole, or its beginning. */
  readonly text: string;
  /** Size of the whole text, in bytes of UTF-8. */
  readonly bytes: number;
  /** SHA-256 of the whole text, 64 hex digits; empty when all of it is on record. */
  readonly sha256: string;
}

/** How a call of a tool ended. */
export interface ToolCallEnd {
  readonly toolName: string;
  /** Within the attempt, from 1; 0 where nobody counts. */
  readonly number: number;
  readonly durationMs: number;
  /** Of the closed list of SPEC E3.5; empty when it did not fail. */
  readonly errorCode: string;
  /** What the tool was given; absent where that is not told, as by a worker. */
  readonly given?: RecordedJson;
  /** What it answered; absent when it failed. */
  readonly answered?: RecordedJson;
}
