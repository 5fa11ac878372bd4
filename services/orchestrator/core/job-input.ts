// The input of a job as it is recorded (SPEC S6.4), and what the platform itself needs to remember beside it.
import type { JsonObject } from '../../../foundation/json/json.ts';

/** What an ingestion run is given. */
export interface IngestionInput {
  readonly text: string;
  readonly domain_id: string;
  readonly source: string;
  /** ISO time that relative words refer to. */
  readonly reference_time: string;
}

/** What a query run is given. */
export interface QueryInput {
  readonly question: string;
  readonly domain_id: string;
  readonly user_id: string;
  readonly reference_time: string;
  /**
   * Of a question, reports shown to model agents, numbered; builtin agents ask through their tools. Of a command that answers a question of
   * the platform, the messages since the command that was asked about: {role, content}, the oldest first.
   */
  readonly context: readonly JsonObject[];
  /** Ids that the session's newest assistant message rests on. */
  readonly session_references: readonly string[];
  /** Questions of the session before this one, the newest last, to which a question that points back leads; absent for none. */
  readonly earlier_questions?: readonly string[];
}

/** A recorded job: its input, and the ids of the messages that it writes, chosen before it starts so that no retry adds another. */
export interface RecordedJob {
  readonly input: JsonObject;
  /** UUIDs of the user's and the assistant's message; absent for reports. */
  readonly messages?: { readonly question: string; readonly answer: string };
  /**
   * Images of a report as its service checked them, kept and handed back as they stand. They are evidence and lie beside the input, so that
   * no agent is given them as text; absent when there are none.
   */
  readonly images?: readonly JsonObject[];
  /** What a run takes over from an ended one; absent for first runs. */
  readonly repeats?: Repetition;
}

/** How a run continues what an ended one was about. */
export interface Repetition {
  /** `job_` id of the run that the document named when this one was asked for. */
  readonly earlierJobId: string;
  /** nodeIds whose outputs are taken over from the run that is repeated, in plan order. */
  readonly reused: readonly string[];
}

/** The job as the JSON that an execution keeps. */
export function recordJob(
  input: IngestionInput | QueryInput,
  { messages, images = [] }: Pick<RecordedJob, 'messages' | 'images'> = {},
): JsonObject {
  return {
    input: { ...input } as unknown as JsonObject,
    ...(messages ? { messages: { ...messages } } : {}),
    ...(images.length > 0 ? { images: [...images] } : {}),
  };
}

/** The job of a run that repeats another one: the same in everything, with a new id for the assistant's message where there is one. */
export function repeatJob(
  recorded: JsonObject,
  { repeats, answerId }: { readonly repeats: Repetition; readonly answerId: string },
): JsonObject {
  const { input, messages, images } = jobOf(recorded);
  return {
    input,
    ...(messages ? { messages: { question: messages.question, answer: answerId } } : {}),
    ...(images ? { images: [...images] } : {}),
    repeats: { earlierJobId: repeats.earlierJobId, reused: [...repeats.reused] },
  };
}

/** The job that an execution kept. */
export function jobOf(recorded: JsonObject): RecordedJob {
  return recorded as unknown as RecordedJob;
}
