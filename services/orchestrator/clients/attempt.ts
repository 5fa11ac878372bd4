// One attempt of one task, as its run sees it: what it is given, what it tells on its way and how it ends.
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { Agent } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { AgentAnswer, TaskFault } from '../core/agent-answer.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import type { ToolCallEnd } from '../core/tool-call.ts';

/** One attempt. */
export interface Invocation {
  readonly execution: StoredExecution;
  readonly taskId: string;
  readonly attempt: number;
  readonly agent: Agent;
  readonly input: JsonObject;
  /** Of the tenant's settings, as far as an output that is kept rests on them; else empty. The attempt reads these or newer ones. */
  readonly settingsRevision: string;
  /** Whether the answer is to say on what the agent ran, since it may be kept; absent means that it is not. */
  readonly tellFingerprint?: boolean;
  /** Calls of tools that it may still make; absent for agents that call none. */
  readonly toolCalls?: ToolCallAllowance;
  readonly timeoutMs: number;
  /** True when the attempt was begun before and what came of it is not known. */
  readonly repeated: boolean;
  /** What is recorded of what the attempt told before: it is not told again. Absent: nothing. */
  readonly told?: AttemptTold;
  /** Ends the wait for the attempt; with the reason {@link endedByRun} the attempt itself too. */
  readonly signal: AbortSignal;
  /**
   * Asked before each join. False while the run may be another replica's, which joins the attempt itself or has recorded its end: until that
   * is known the attempt is waited for, and not given up, because a further one would be paid again.
   */
  readonly mayJoin: () => boolean;
  /** Told what happens on the way. */
  readonly note: (told: AttemptNote) => void;
}

/** How often an attempt may call tools. */
export interface ToolCallAllowance {
  readonly left: number;
  /** Calls that the execution may make in all. */
  readonly executionMax: number;
}

/** What an attempt has told. Whoever joins it is told all of it again. */
export interface AttemptTold {
  /** Calls of tools. */
  readonly tools: number;
  /** Ends of such calls; absent means none. */
  readonly toolEnds?: number;
  /** That it may have been made before. */
  readonly uncertain: boolean;
}

/** What an attempt tells on its way. */
export type AttemptNote =
  /** A call has begun; `number` counts within the attempt, from 1, and is absent where nobody counts. */
  | { readonly type: 'tool_called'; readonly toolName: string; readonly number?: number }
  /** A call has ended, or was refused. */
  | ({ readonly type: 'tool_ended' } & ToolCallEnd)
  | { readonly type: 'uncertain' }
  /** Text of a model; `offset` counts UTF-16 code units. */
  | { readonly type: 'text'; readonly offset: number; readonly text: string };

/**
 * How an attempt ended. It is never thrown. With `notBeforeMs` it has not begun or was refused on its way, nobody keeps anything of it, and it
 * is worth trying again only after so many milliseconds.
 */
export type AttemptEnd =
  | {
      readonly answer: AgentAnswer;
      /** On what the agent ran; absent unless it was asked for and could be told. */
      readonly fingerprint?: string;
    }
  | { readonly fault: TaskFault; readonly notBeforeMs?: number };

/** Runs attempts. */
export type InvokeAgent = (invocation: Invocation) => Promise<AttemptEnd>;

/** Why an attempt is aborted that is not wanted any more; one whose caller goes away is left to go on. */
export const endedByRun = 'ended by the run';
