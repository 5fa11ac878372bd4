// What an agent answered, as it is recorded, and the check that nothing invalid is recorded.
import { isJsonObject, type JsonObject } from '../../../foundation/json/json.ts';
import { outputBytesMax, outputKeysMax } from '../../../foundation/json/output-check.ts';

/** A half-open range of the text in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A recorded answer of an agent. */
export interface AgentAnswer {
  readonly output: JsonObject;
  readonly reasoning: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** Ids as the agent gave them, unverified. */
  readonly references: readonly string[];
  /** For each output key, where in the text it was read. */
  readonly spans: Readonly<Record<string, readonly Span[]>>;
  /** Model or runtime that computed it. */
  readonly runtime: string;
}

/** Why an attempt gave no answer. */
export interface TaskFault {
  /** Of the closed list of `task-fault.ts`. */
  readonly code: string;
  /** Sentence for people. */
  readonly message: string;
  /** With `output_invalid` what a model wrote last, cut; shown with the run and nowhere else. */
  readonly rawText?: string;
}

/** What outputs of a task may be. */
export interface ExpectedOutput {
  readonly outputKeys: readonly string[];
  /** True when any JSON object will do, as far as its keys go. */
  readonly anyOutput?: true;
}

/** What is wrong with an answer, or undefined when it may be recorded. */
export function checkAnswer({ output }: AgentAnswer, expected: ExpectedOutput): TaskFault | undefined {
  if (!isJsonObject(output)) return invalid('The output is not a JSON object');
  return (expected.anyOutput ? undefined : checkKeys(output, expected.outputKeys)) ?? checkSize(output);
}

function checkKeys(output: JsonObject, outputKeys: readonly string[]): TaskFault | undefined {
  const keys = Object.keys(output);
  if (keys.length > outputKeysMax)
    return invalid(`The output has ${keys.length} keys, at most ${outputKeysMax} are allowed`);
  const foreign = keys.find((key) => !outputKeys.includes(key));
  if (foreign !== undefined)
    return invalid(`The output has the key "${foreign}", which its schema does not name`);
  return undefined;
}

function checkSize(output: JsonObject): TaskFault | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(output));
  if (bytes <= outputBytesMax) return undefined;
  return {
    code: 'output_too_large',
    message: `The output has ${bytes} bytes, at most ${outputBytesMax} are allowed`,
  };
}

function invalid(message: string): TaskFault {
  return { code: 'output_invalid', message };
}
