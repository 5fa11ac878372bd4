// What of a JSON document the mesh cannot carry unchanged: messages hold UTF-8 and finite numbers. It judges nothing else of a document.
import type { Violation } from '../../foundation/fault/fault.ts';
import { isJsonObject } from '../../foundation/json/json.ts';
import { itemPath, keyPath } from '../../foundation/json/json-path.ts';

/** Every place of a parsed document whose value would arrive as another one, in order; `path` is that of the document, empty for a body. */
export function carriageProblems(value: unknown, path = ''): readonly Violation[] {
  if (typeof value === 'string') return textProblems(value, path);
  if (typeof value === 'number') return numberProblems(value, path);
  if (Array.isArray(value)) return value.flatMap((item, at) => carriageProblems(item, itemPath(path, at)));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    const place = keyPath(path, key);
    const keyProblems = textProblems(key, place);
    return keyProblems.length > 0 ? keyProblems : carriageProblems(part, place);
  });
}

function textProblems(text: string, field: string): readonly Violation[] {
  return text.isWellFormed() ? [] : [{ field, reason: 'must not contain unpaired surrogates' }];
}

function numberProblems(value: number, field: string): readonly Violation[] {
  return Number.isFinite(value) ? [] : [{ field, reason: 'must be a number that fits into 64 bits' }];
}
