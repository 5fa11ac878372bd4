// One attempt of one task, as the runtimes see it, whichever service asked for it.
import type { JsonObject, SkillAnswer } from './skill.ts';

/** What is to be run. */
export interface Invocation {
  readonly agentId: string;
  readonly agentName: string;
  /** Tools that it may call. */
  readonly tools: readonly string[];
  readonly outputSchema: JsonObject;
  /** Domain of the run; empty for none. */
  readonly domainId: string;
  readonly input: JsonObject;
}

/** What an attempt came to. */
export type InvocationEnd =
  | { readonly answer: SkillAnswer; readonly runtime: string }
  | { readonly failure: InvocationFailure };

/** Why an attempt gave no answer. */
export interface InvocationFailure {
  /** Of the closed list of SPEC E3.5. */
  readonly code: string;
  /** Sentence for people. */
  readonly message: string;
}

/** A call of a tool, told when it begins and again, with its duration, when it has ended. */
export interface ToolCallNotice {
  readonly toolName: string;
  readonly arguments: JsonObject;
  /** Absent while it runs. */
  readonly durationMs?: number;
  /** Empty unless it failed. */
  readonly errorCode: string;
}
