// A workflow as its creator describes it (SPEC S11.2 and W5.9): its own fields, its tasks by the rules of tasks, and the graph that they make.
// Everything that is wrong is told at once.
import { circularDependency, disjointCycles } from '../../../../foundation/graph/topological-order.ts';
import { isUuid } from '../../../../foundation/ids/ids.ts';
import { type DocumentReader, readDocument, textProblem } from '../../../../foundation/json/document.ts';
import { isJsonObject, type JsonObject } from '../../../../foundation/json/json.ts';
import { readCron } from './cron.ts';
import { descriptionLength, readTaskDocument } from './task-document.ts';
import {
  type BodyProblems,
  nameLength,
  noProblems,
  readLabel,
  readMetadata,
  refuseBody,
} from './work-document.ts';
import type { WorkflowDocument, WorkflowTask } from './workflow.ts';

/** Tasks of one workflow. */
export const workflowTasksMax = 100;
/** Workflows that one can depend on. */
export const dependenciesMax = 10;
/** Pairs of an environment, and the length of each half. */
export const environmentPairsMax = 50;
const environmentKeyLength = { min: 1, max: 100 };
const environmentValueLength = { min: 0, max: 1_000 };
/** Length of the name of whom a workflow is for. */
export const userIdLength = { min: 3, max: 255 };
/** What names a task within its workflow. */
const keyForm = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const keyProblem = 'must begin with a letter and have at most 64 letters, digits, _ and -';

/** Reads it. Throws Fault `malformed` where a text looks like an attack or an id has no form, else `invalid_argument`, with all that is wrong. */
export function readWorkflow(body: JsonObject): WorkflowDocument {
  const problems = noProblems();
  const doc = readDocument(body, problems.wrong);
  doc.require('name', 'description', 'tasks');
  const name = readLabel(doc, { field: 'name', length: nameLength, problems });
  const description = doc.text('description', descriptionLength);
  const userId = doc.text('user_id', userIdLength);
  const tasks = readTasks(doc, problems);
  const schedule = readSchedule(doc);
  const dependencies = readDependencies(doc, problems);
  const environment = readEnvironment(doc);
  const metadata = readMetadata(doc, 'metadata', problems) ?? {};
  refuseBody(problems);
  if (name === undefined || description === undefined)
    throw new Error('a workflow without problems has a name');
  return {
    ...{ name, description, tasks, dependencies, environment, metadata },
    ...(userId === undefined ? {} : { userId }),
    ...(schedule === undefined ? {} : { schedule }),
  };
}

/** A task whose own fields may be wrong. */
interface DescribedTask {
  readonly doc: DocumentReader;
  readonly key: string | undefined;
  /** Places in `tasks`, each once, without its own. */
  readonly parents: readonly number[];
}

function readTasks(doc: DocumentReader, problems: BodyProblems): WorkflowTask[] {
  const items = doc.list('tasks', workflowTasksMax);
  if (items?.length === 0) doc.refuse('tasks', 'must have at least 1 item');
  const readers = (items ?? []).flatMap((item, at) => {
    if (isJsonObject(item)) return [readDocument(item, problems.wrong, doc.pathOf(`tasks[${at}]`))];
    doc.refuse(`tasks[${at}]`, 'must be an object');
    return [];
  });
  const documents = readers.map((reader) => readTaskDocument(reader, problems));
  const keys = readKeys(readers);
  const placeOf = new Map(keys.flatMap((key, at) => (key === undefined ? [] : [[key, at] as const])));
  const described = readers.map((reader, at) => ({
    doc: reader,
    key: keys[at],
    parents: readParents(reader, { at, placeOf }),
  }));
  refuseCycles(doc, described);
  return documents.flatMap((document, at) => {
    const { key, parents = [] } = described[at] ?? {};
    if (!document || key === undefined) return [];
    return [{ ...document, key, dependsOn: parents.flatMap((parent) => keys[parent] ?? []) }];
  });
}

/** The key of each task; undefined for one that is absent, wrong or another's. */
function readKeys(readers: readonly DocumentReader[]): readonly (string | undefined)[] {
  const first = new Map<string, DocumentReader>();
  return readers.map((reader) => {
    reader.require('key');
    const key = reader.text('key', { min: 0, max: Number.POSITIVE_INFINITY });
    if (key === undefined) return undefined;
    const earlier = first.get(key);
    const problem = !keyForm.test(key) ? keyProblem : earlier && `repeats ${earlier.pathOf('key')}`;
    if (problem) reader.refuse('key', problem);
    else first.set(key, reader);
    return problem ? undefined : key;
  });
}

function readParents(
  reader: DocumentReader,
  { at, placeOf }: { readonly at: number; readonly placeOf: ReadonlyMap<string, number> },
): number[] {
  const problemOf = (key: string): string | undefined => {
    const place = placeOf.get(key);
    if (place === at) return circularDependency([key]);
    return place === undefined ? 'must be the key of a task of the workflow' : undefined;
  };
  const keys = reader.items('depends_on', { itemsMax: workflowTasksMax - 1, problemOf }) ?? [];
  return keys.flatMap((key) => placeOf.get(key) ?? []).filter((place) => place !== at);
}

function refuseCycles(doc: DocumentReader, tasks: readonly DescribedTask[]): void {
  for (const cycle of disjointCycles(tasks.map(({ parents }) => parents))) {
    doc.refuse('tasks', circularDependency(cycle.map((place) => tasks[place]?.key ?? '')));
  }
}

function readSchedule(doc: DocumentReader): string | undefined {
  const text = doc.text('schedule', { min: 1, max: Number.POSITIVE_INFINITY });
  if (text === undefined) return undefined;
  const reading = readCron(text);
  if (!('problem' in reading)) return text.trim();
  doc.refuse('schedule', reading.problem);
  return undefined;
}

// An id of a wrong form is refused as suspicious texts are.
function readDependencies(doc: DocumentReader, { suspicious }: BodyProblems): readonly string[] {
  const sound = new Set<string>();
  for (const [at, item] of (doc.list('dependencies', dependenciesMax) ?? []).entries()) {
    const path = `dependencies[${at}]`;
    if (typeof item !== 'string' || !isUuid(item)) {
      suspicious.push({ field: doc.pathOf(path), reason: 'must be a UUID' });
    } else if (sound.has(item.toLowerCase())) doc.refuse(path, 'names a workflow that was named before');
    else sound.add(item.toLowerCase());
  }
  return [...sound];
}

function readEnvironment(doc: DocumentReader): JsonObject {
  const environment = doc.object('environment') ?? {};
  const pairs = Object.entries(environment);
  if (pairs.length > environmentPairsMax) {
    doc.refuse('environment', `must have at most ${environmentPairsMax} pairs`);
    return {};
  }
  for (const [key, value] of pairs) {
    const problem = textProblem(key, environmentKeyLength);
    // A key that is wrong is not repeated: it may be as long as the body.
    if (problem) doc.refuse('environment', `has a name that ${problem}`);
    else if (typeof value !== 'string') doc.refuse(`environment.${key}`, 'must be text');
    else {
      const wrong = textProblem(value, environmentValueLength);
      if (wrong) doc.refuse(`environment.${key}`, wrong);
    }
  }
  return environment;
}
