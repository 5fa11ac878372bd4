// A task as its creator describes it (SPEC S11.2): what is fixed about it before anybody works on it. Tasks of workflows are read by the same
// rules; what else a workflow says of them is read where workflows are.

import { isUuid } from '../../../../foundation/ids/ids.ts';
import { type DocumentReader, readDocument } from '../../../../foundation/json/document.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../foundation/json/json.ts';
import { plainTextProblem } from '../../../../foundation/json/plain-text.ts';
import {
  type BodyProblems,
  nameLength,
  noProblems,
  readCapabilities,
  readLabel,
  readLabels,
  refuseBody,
} from './work-document.ts';

/** What kinds of tasks there are. */
export const taskTypes = [
  'analysis',
  'detection',
  'classification',
  'tracking',
  'alert',
  'report',
  'custom',
] as const;

/** What kind of work a task is. */
export type TaskType = (typeof taskTypes)[number];

/** A description as it was checked. */
export interface TaskDocument {
  readonly type: TaskType;
  readonly name: string;
  readonly description: string;
  /** What the worker is given. */
  readonly inputData: JsonObject;
  /** 1 to 5 [2]. */
  readonly priority: number;
  readonly requiredCapabilities: readonly string[];
  readonly tags: readonly string[];
  /** Seconds for one attempt and for all of them together; absent for the usual times. */
  readonly timeoutS?: number;
  /** Further attempts after the first, 0 to 10 [3]. */
  readonly maxRetries: number;
}

/** Length of descriptions. */
export const descriptionLength = { min: 1, max: 5_000 };
const tagsMax = 20;
const tagLength = { min: 2, max: 50 };
const inputDepthMax = 10;
const inputCharactersMax = 10_000;
const timeoutSMax = 86_400;
const retriesRange = { min: 0, max: 10 };
const retriesUsual = 3;
const idLengthMax = 255;
/** LOW, NORMAL, HIGH, CRITICAL, EMERGENCY. */
const priorityRange = { min: 1, max: 5 };
const priorityUsual = 2;

/** Time for one attempt and for all of them where a task names none, in milliseconds. */
const usualTimes = { attemptTimeoutMs: 300_000, totalTimeoutMs: 600_000 };

/** A lone task, and the workflow that it is put to. */
export interface LoneTask {
  readonly document: TaskDocument;
  /** UUID; absent for none. Whether there is such a workflow is not looked at. */
  readonly workflowId?: string;
}

/** A lone task. Throws Fault `malformed` where a text looks like an attack or an id has no form, else `invalid_argument`, with all that is wrong. */
export function readLoneTask(body: JsonObject): LoneTask {
  const problems = noProblems();
  const doc = readDocument(body, problems.wrong);
  const document = readTaskDocument(doc, problems);
  const workflowId = readWorkflowId(doc, problems);
  refuseBody(problems);
  if (!document) throw new Error('a task without problems has a document');
  return { document, ...(workflowId === undefined ? {} : { workflowId }) };
}

/**
 * The fields that every task has, lone or of a workflow; undefined when one of them is wrong, and what is wrong is noted. Fields that are no
 * part of a task are not looked at.
 */
export function readTaskDocument(doc: DocumentReader, problems: BodyProblems): TaskDocument | undefined {
  const before = problems.wrong.length + problems.suspicious.length;
  doc.require('type', 'name', 'description');
  const type = doc.oneOf('type', taskTypes);
  const name = readLabel(doc, { field: 'name', length: nameLength, problems });
  const description = doc.text('description', descriptionLength);
  const inputData = readInput(doc) ?? {};
  const priority = doc.integer('priority', priorityRange) ?? priorityUsual;
  const requiredCapabilities = readCapabilities(doc, 'required_capabilities', problems) ?? [];
  const tags = readLabels(doc, { field: 'tags', itemsMax: tagsMax, length: tagLength, problems }) ?? [];
  const timeoutS = readTimeout(doc);
  const maxRetries = doc.integer('max_retries', retriesRange) ?? retriesUsual;
  if (problems.wrong.length + problems.suspicious.length > before) return undefined;
  if (type === undefined || name === undefined || description === undefined) return undefined;
  return {
    ...{ type, name, description, inputData, priority, requiredCapabilities, tags, maxRetries },
    ...(timeoutS === undefined ? {} : { timeoutS }),
  };
}

/** Time for one attempt and for all of them, in milliseconds. */
export function timesOf({ timeoutS }: Pick<TaskDocument, 'timeoutS'>): typeof usualTimes {
  if (timeoutS === undefined) return usualTimes;
  const timeoutMs = Math.max(1, Math.round(timeoutS * 1_000));
  return { attemptTimeoutMs: timeoutMs, totalTimeoutMs: timeoutMs };
}

function readInput(doc: DocumentReader): JsonObject | undefined {
  const input = doc.object('input_data');
  if (!input) return undefined;
  if (isDeeperThan(input, inputDepthMax)) {
    doc.refuse('input_data', `must be nested at most ${inputDepthMax} deep`);
    return undefined;
  }
  const unplain = plainTextProblem(input, 'input_data');
  if (unplain) doc.refuse(unplain.field, unplain.reason);
  const text = JSON.stringify(input);
  if (text.length > inputCharactersMax && [...text].length > inputCharactersMax) {
    doc.refuse('input_data', `must have at most ${inputCharactersMax} characters as JSON`);
    return undefined;
  }
  return input;
}

// An object in an object is two deep.
function isDeeperThan(value: JsonValue, depth: number): boolean {
  if (!Array.isArray(value) && !isJsonObject(value)) return false;
  if (depth === 0) return true;
  return Object.values(value).some((inner) => isDeeperThan(inner, depth - 1));
}

// An id of a wrong form is refused as suspicious texts are.
function readWorkflowId(doc: DocumentReader, { suspicious }: BodyProblems): string | undefined {
  const id = doc.text('workflow_id', { min: 0, max: idLengthMax });
  if (id === undefined || isUuid(id)) return id?.toLowerCase();
  suspicious.push({ field: doc.pathOf('workflow_id'), reason: 'must be a UUID' });
  return undefined;
}

function readTimeout(doc: DocumentReader): number | undefined {
  const timeoutS = doc.number('timeout', { min: 0, max: timeoutSMax });
  if (timeoutS !== 0) return timeoutS;
  doc.refuse('timeout', `must be a number above 0, up to ${timeoutSMax}`);
  return undefined;
}
