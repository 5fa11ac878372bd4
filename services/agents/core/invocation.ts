// One attempt of one task, as the runtimes see it, whichever service asked for it.
import type { RecordedJson } from './recorded-json.ts';
import type { JsonObject, SkillAnswer } from './skill.ts';
import type { ToolCallAllowance } from './tool-call-allowance.ts';
import type { Work, Worker } from './worker/worker.ts';

/** How an agent is run: by code of the platform, by a language model, by a remote worker. */
export type Runtime = 'builtin' | 'model' | 'worker';

/** What agents of the platform run on: their skills, or a language model. */
export type BuiltinRuntime = Extract<Runtime, 'builtin' | 'model'>;

/** Names one attempt within its tenant. */
export interface AttemptKey {
  /** Public id of the run. */
  readonly jobId: string;
  readonly taskId: string;
  /** From 1. */
  readonly attempt: number;
}

/** What is to be run. */
export interface Invocation {
  readonly agentId: string;
  readonly agentName: string;
  /** Names, with the id, everything else that is the agent's own. */
  readonly agentVersion: number;
  readonly runtime: Runtime;
  /** What follows when a paid call may have happened before. */
  readonly onUncertain: 'retry' | 'fail';
  /** What a model is told to be; empty for agents that need none. */
  readonly systemPrompt: string;
  /** `model` or `provider/model`; empty for the default. */
  readonly model: string;
  /** Sampling temperature of a model. */
  readonly temperature: number;
  /** The most tokens that a model may write in one call. */
  readonly maxOutputTokens: number;
  /** Whether a model that sees is given the report's images. */
  readonly images: boolean;
  /** Tools that it may call. */
  readonly tools: readonly string[];
  readonly outputSchema: JsonObject;
  /** Domain of the run; empty for none. */
  readonly domainId: string;
  readonly input: JsonObject;
  /** The attempt that this is, within the tenant. */
  readonly attemptKey: AttemptKey;
  /** What it is when it is no agent's: nothing of an agent counts then, and any JSON object is its output. */
  readonly work?: Work;
  /** Who runs it; absent unless a worker was found for it. */
  readonly worker?: Worker;
  /** Of the tenant's settings: it reads these or newer ones; empty for those that are kept. */
  readonly settingsRevision: string;
  /** How often it may call tools. */
  readonly toolCalls: ToolCallAllowance;
  /** Whether its answer is to say on what it ran. */
  readonly tellsFingerprint: boolean;
}

/** What an attempt came to. */
export type InvocationEnd =
  | { readonly answer: SkillAnswer; readonly runtime: string; readonly fingerprint?: string }
  | { readonly failure: InvocationFailure };

/** Why an attempt gave no answer. */
export interface InvocationFailure {
  /** Of the closed list of SPEC E3.5. */
  readonly code: string;
  /** Sentence for people. */
  readonly message: string;
  /** Wait before another attempt that the failing part asked for, in milliseconds; absent when it did not. */
  readonly retryAfterMs?: number;
  /** What a model wrote last, cut, where that could not be used; for the record of the attempt alone. */
  readonly rawText?: string;
}

/** A call of a tool, told when it begins and again, with its duration, when it has ended; a refused one is told once, as ended. */
export interface ToolCallNotice {
  readonly toolName: string;
  /** Within the attempt, from 1, in the order of beginnings and refusals; 0 where nobody counts: from some workers, and for calls of what was not offered. */
  readonly number: number;
  /** What it is given; empty once it has ended, which is on record then. */
  readonly arguments: JsonObject;
  /** Absent while it runs. */
  readonly durationMs?: number;
  /** Of the closed list of SPEC E3.5; empty unless it failed. */
  readonly errorCode: string;
  /** What it was given, once it has ended. */
  readonly given?: RecordedJson;
  /** What the tool answered, once it has; absent when it failed. */
  readonly answered?: RecordedJson;
}

/** What a runtime tells while it runs: a sentence on what it does, a piece of text as a model wrote it, a call of a tool. */
export type RuntimeNotice =
  | { readonly kind: 'progress'; readonly message: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tool_call'; readonly call: ToolCallNotice };
