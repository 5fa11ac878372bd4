// What goes into a decision about an execution, and what comes out of it.
import type { JsonObject } from '../../../../foundation/json/json.ts';
import type { AgentAnswer, TaskFault } from '../agent-answer.ts';
import type { JournalEvent } from '../journal-event.ts';
import type { ToolCallEnd } from '../tool-call.ts';
import type { WorkerEnded } from '../work/planned-work.ts';

/** Something that happened outside. */
export type Observation =
  /** The execution was loaded, for the first time or after its owner was lost; `placed` when it has waited for a place and has one now. */
  | { readonly type: 'loaded'; readonly placed?: boolean }
  | { readonly type: 'document_placed' }
  | { readonly type: 'document_refused'; readonly fault: TaskFault }
  /** The cache was looked through; `found` is absent when it holds nothing for the task. */
  | { readonly type: 'looked_up'; readonly nodeId: string; readonly found?: CachedAnswer }
  | EndedAttempt
  /** Something that an attempt under way told. */
  | {
      readonly type: 'tool_called';
      readonly nodeId: string;
      readonly attempt: number;
      readonly toolName: string;
      /** Within the attempt, from 1; absent where nobody counts. */
      readonly number?: number;
    }
  | ({ readonly type: 'tool_ended'; readonly nodeId: string; readonly attempt: number } & ToolCallEnd)
  | { readonly type: 'attempt_uncertain'; readonly nodeId: string; readonly attempt: number }
  /** A place for attempts has become free, or a time is reached. */
  | { readonly type: 'time' }
  | Command
  | { readonly type: 'prepared'; readonly prepared: JsonObject }
  /** The outcome cannot be applied as it is: the document's service refuses it for good. */
  | { readonly type: 'outcome_refused'; readonly fault: TaskFault }
  | { readonly type: 'applied'; readonly summary: string }
  /** What was decided last can never be recorded: the journal's store refuses the data. */
  | { readonly type: 'unstorable'; readonly fault: TaskFault };

/** How an attempt ended. */
export type EndedAttempt = {
  readonly nodeId: string;
  readonly attempt: number;
  readonly durationMs: number;
} & (
  | { readonly type: 'answered'; readonly answer: AgentAnswer }
  | {
      readonly type: 'faulted';
      readonly fault: TaskFault;
      /** From 0 to below 1, for the wait before a retry. */
      readonly random: number;
      /** The attempt was refused before it began, and is worth trying again only after so many milliseconds. */
      readonly notBeforeMs?: number;
    }
);

/** What a person asks of a run, or what came of an attempt of a worker. `by` is the id of the user. */
export type Command =
  | WorkerEnded
  | { readonly type: 'cancel'; readonly by: string; readonly because: string }
  | { readonly type: 'pause'; readonly by: string }
  | { readonly type: 'resume'; readonly by: string }
  | {
      readonly type: 'decide_approval';
      readonly by: string;
      readonly nodeId: string;
      readonly approved: boolean;
      readonly comment: string;
    };

/** An output that another execution computed. */
export interface CachedAnswer {
  readonly answer: AgentAnswer;
  readonly fromExecutionId: string;
}

/** Something to do outside. */
export type Effect =
  | { readonly type: 'place_document' }
  | { readonly type: 'look_up'; readonly nodeId: string }
  /**
   * `repeated`: the attempt was begun before, and what came of it is not known. `unwanted`: it is only ended, where it still runs; absent
   * means that it is wanted.
   */
  | {
      readonly type: 'invoke';
      readonly nodeId: string;
      readonly attempt: number;
      readonly repeated: boolean;
      readonly unwanted?: boolean;
    }
  | { readonly type: 'abort'; readonly nodeId: string; readonly attempt: number }
  | { readonly type: 'prepare' }
  | { readonly type: 'apply' };

/** What follows from an observation. */
export interface Decision {
  readonly events: readonly JournalEvent[];
  readonly effects: readonly Effect[];
}

/** What is known beside the observation. */
export interface Circumstances {
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
  /** How many attempts may be begun at once. */
  readonly places: number;
  /** Calls of tools that the run may make [`executionToolCallsMax`]. */
  readonly toolCallsMax?: number;
  /** What the kind of the run asks for. */
  readonly steps: RunSteps;
}

/** What a run does besides running its tasks. */
export interface RunSteps {
  /** It has a document, which is put in place first and filled at the end. */
  readonly document: boolean;
  /** What applying changes is found out and recorded before. */
  readonly prepare: boolean;
}
