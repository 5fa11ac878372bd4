// What bodies of workers, tasks and workflows have in common: names, capabilities, tags and metadata, and two kinds of what can be wrong with
// them. Everything is told at once.
import { invalidArgument, malformed, type Violation } from '../../../../foundation/fault/fault.ts';
import { isUuid } from '../../../../foundation/ids/ids.ts';
import {
  type DocumentReader,
  type TextLength,
  textProblem,
  violationsMax,
} from '../../../../foundation/json/document.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../foundation/json/json.ts';
import { plainTextProblem } from '../../../../foundation/json/plain-text.ts';
import { suspicionOf } from './suspicious-text.ts';

/** Length of names. */
export const nameLength: TextLength = { min: 3, max: 255 };
/** How many capabilities there can be. */
export const capabilitiesMax = 50;
/** Length of one. */
export const capabilityLength: TextLength = { min: 2, max: 100 };
/** Characters of metadata as JSON. */
export const metadataCharactersMax = 5_000;

/** What is wrong with a body. */
export interface BodyProblems {
  /** Values that break rules. */
  readonly wrong: Violation[];
  /** Texts that look like an attack, and ids of a wrong form: a body with one of them is refused as malformed. */
  readonly suspicious: Violation[];
}

/** No problem yet. */
export function noProblems(): BodyProblems {
  return { wrong: [], suspicious: [] };
}

/** Throws with the first 100 problems: Fault `malformed` when a text is suspicious, else `invalid_argument`; nothing when there are none. */
export function refuseBody({ wrong, suspicious }: BodyProblems): void {
  const problems = [...suspicious, ...wrong].slice(0, violationsMax);
  if (suspicious.length > 0) throw malformed(problems);
  if (problems.length > 0) throw invalidArgument(problems);
}

/** The canonical text of an id; Fault `malformed` when it is no UUID. */
export function requireUuid(field: string, text: string): string {
  if (!isUuid(text)) throw malformed([{ field, reason: 'must be a UUID' }]);
  return text.toLowerCase();
}

/** A text that is judged; undefined when it is absent, wrong or suspicious. */
export function readLabel(
  doc: DocumentReader,
  {
    field,
    length,
    problems,
  }: { readonly field: string; readonly length: TextLength; readonly problems: BodyProblems },
): string | undefined {
  const text = doc.text(field, length);
  const suspicion = text === undefined ? undefined : suspicionOf(text);
  if (suspicion) problems.suspicious.push({ field: doc.pathOf(field), reason: suspicion });
  return suspicion ? undefined : text;
}

/** What is asked of a list of labels. */
export interface LabelList {
  readonly field: string;
  readonly itemsMax: number;
  readonly length: TextLength;
  readonly problems: BodyProblems;
}

/** Texts that are judged one by one, each once, in the order of the list; undefined when the list is absent or no list. */
export function readLabels(doc: DocumentReader, list: LabelList): readonly string[] | undefined {
  const { field, itemsMax, length, problems } = list;
  const items = doc.list(field, itemsMax);
  if (!items) return undefined;
  const sound = new Set<string>();
  for (const [at, item] of items.entries()) {
    const path = `${field}[${at}]`;
    const problem = typeof item === 'string' ? textProblem(item, length) : 'must be text';
    const suspicion = typeof item === 'string' ? suspicionOf(item) : undefined;
    if (problem) doc.refuse(path, problem);
    if (suspicion) problems.suspicious.push({ field: doc.pathOf(path), reason: suspicion });
    if (!problem && !suspicion) sound.add(item as string);
  }
  return [...sound];
}

/** Capabilities; those that are named twice count once. */
export function readCapabilities(
  doc: DocumentReader,
  field: string,
  problems: BodyProblems,
): readonly string[] | undefined {
  return readLabels(doc, { field, itemsMax: capabilitiesMax, length: capabilityLength, problems });
}

/** Metadata: an object of at most 5,000 characters as JSON, whose keys are judged at every depth and whose values are not. */
export function readMetadata(
  doc: DocumentReader,
  field: string,
  problems: BodyProblems,
): JsonObject | undefined {
  const metadata = doc.object(field);
  if (!metadata) return undefined;
  const text = JSON.stringify(metadata);
  if ([...text].length > metadataCharactersMax) {
    doc.refuse(field, `must have at most ${metadataCharactersMax} characters as JSON`);
    return undefined;
  }
  const unplain = plainTextProblem(metadata, field);
  if (unplain) doc.refuse(unplain.field, unplain.reason);
  for (const key of keysOf(metadata)) {
    const reason = suspicionOf(key);
    if (reason) problems.suspicious.push({ field: doc.pathOf(field), reason: `has a key that ${reason}` });
  }
  return metadata;
}

function keysOf(value: JsonValue): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  return isJsonObject(value) ? Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]) : [];
}
