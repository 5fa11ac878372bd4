// Which texts every store and every wire can hold, and where in a JSON value there are others. PostgreSQL holds no U+0000, and UTF-8 no half of a
// surrogate pair.
import type { Violation } from '../fault/fault.ts';
import { isJsonObject } from './json.ts';
import { itemPath, keyPath } from './json-path.ts';

/** What is wrong with any other text. */
export const notPlainText = 'must not contain NUL characters or unpaired surrogates';

const notPlainKey = 'must not have a key with NUL characters or unpaired surrogates';

/** The longest path that is told, in characters: its keys are those of whoever wrote the value. */
const pathLengthMax = 200;

/** True for text without NUL characters and without unpaired surrogates. */
export function isPlainText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/**
 * The first text in a value, or key of it, that not every store can hold; undefined when there is none. `path` is that of the value. A place whose
 * path would be too long is told as the one around it.
 */
export function plainTextProblem(value: unknown, path: string): Violation | undefined {
  const found = unplainPlace(value);
  if (!found) return undefined;
  let field = path;
  for (const step of found.steps.toReversed()) {
    const inner = typeof step === 'number' ? itemPath(field, step) : keyPath(field, step);
    if (inner.length > pathLengthMax) break;
    field = inner;
  }
  return { field, reason: found.isKey ? notPlainKey : notPlainText };
}

interface UnplainPlace {
  /** Keys and numbers of items on the way there, the innermost first. */
  readonly steps: (string | number)[];
  /** True when it is a key of the object there. */
  readonly isKey: boolean;
}

function unplainPlace(value: unknown): UnplainPlace | undefined {
  if (typeof value === 'string') return isPlainText(value) ? undefined : { steps: [], isKey: false };
  if (!Array.isArray(value) && !isJsonObject(value)) return undefined;
  const isList = Array.isArray(value);
  for (const [step, part] of Object.entries(value)) {
    if (!isPlainText(step)) return { steps: [], isKey: true };
    const found = unplainPlace(part);
    if (found) return { ...found, steps: [...found.steps, isList ? Number(step) : step] };
  }
  return undefined;
}
