// Reads the rows of a golden set: inputs of the form that a run of the playbook takes, and expected values by path.
import type { Violation } from '../../../foundation/fault/fault.ts';
import {
  type DocumentReader,
  readDocument,
  type TextLength,
  textProblem,
} from '../../../foundation/json/document.ts';
import { isInstant } from '../../../foundation/json/instant.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../foundation/json/json.ts';
import { keyPath } from '../../../foundation/json/json-path.ts';
import { stepsOfPath } from '../../../foundation/json/json-steps.ts';
import {
  expectedPathsMax,
  type GoldenPlaybook,
  type GoldenRow,
  goldenFieldsMax,
  goldenRowsMax,
} from './golden-set.ts';

const pathLength = { min: 1, max: 200 };
const referencesMax = 50;

/** The text that a run cannot do without, by playbook, and its length (SPEC S15). */
const texts: Readonly<Record<GoldenPlaybook, { readonly field: string; readonly length: TextLength }>> = {
  ingestion: { field: 'text', length: { min: 1, max: 10_000 } },
  query: { field: 'question', length: { min: 1, max: 1_000 } },
};

const optional: Readonly<Record<GoldenPlaybook, readonly string[]>> = {
  ingestion: ['source', 'reference_time'],
  query: ['reference_time', 'session_references'],
};

/** The rows of a set; what is wrong with them is noted. Without a playbook their inputs are not judged. */
export function readGoldenRows(
  document: DocumentReader,
  problems: Violation[],
  playbook: GoldenPlaybook | undefined,
): readonly GoldenRow[] {
  const items = document.list('rows', goldenRowsMax);
  if (items?.length === 0) document.refuse('rows', 'must have at least 1 item');
  const rows = (items ?? []).flatMap((item, at): GoldenRow[] => {
    const field = `rows[${at}]`;
    if (!isJsonObject(item)) {
      document.refuse(field, 'must be an object {input, expected}');
      return [];
    }
    return [readRow(readDocument(item, problems, field), problems, playbook)];
  });
  const fields = new Set(rows.flatMap(({ expected }) => Object.keys(expected)));
  if (fields.size > goldenFieldsMax) {
    document.refuse('rows', `must name at most ${goldenFieldsMax} different paths, not ${fields.size}`);
  }
  return rows;
}

function readRow(
  row: DocumentReader,
  problems: Violation[],
  playbook: GoldenPlaybook | undefined,
): GoldenRow {
  row.require('input', 'expected');
  const input = row.object('input') ?? {};
  const expected = row.object('expected') ?? {};
  if (playbook && row.has('input'))
    readInput(readDocument(input, problems, row.pathOf('input')), input, playbook);
  if (row.has('expected')) readExpected(row, expected);
  return { input, expected };
}

// A field that no run takes would be left out without a word, and the row would measure something else than was meant.
function readInput(input: DocumentReader, given: JsonObject, playbook: GoldenPlaybook): void {
  const { field, length } = texts[playbook];
  input.require(field);
  input.text(field, length);
  const known = [field, ...optional[playbook]];
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) {
      input.refuse(name, `is not given to runs of this playbook; they may have ${known.join(', ')}`);
    }
  }
  if (playbook === 'ingestion') input.text('source', { min: 1, max: 50 });
  else input.texts('session_references', { itemsMax: referencesMax, length: { min: 1, max: 100 } });
  const time = input.text('reference_time', { min: 1, max: 50 });
  if (time !== undefined && !isInstant(time)) {
    input.refuse('reference_time', 'must be an ISO 8601 time with its zone, such as 2025-03-14T08:00:00Z');
  }
}

function readExpected(row: DocumentReader, expected: JsonObject): void {
  const paths = Object.entries(expected);
  if (paths.length === 0) row.refuse('expected', 'must name at least one path');
  if (paths.length > expectedPathsMax) {
    row.refuse('expected', `must name at most ${expectedPathsMax} paths, not ${paths.length}`);
  }
  for (const [path, value] of paths.slice(0, expectedPathsMax)) {
    const reason = pathProblem(path) ?? valueProblem(value);
    if (reason) row.refuse(keyPath('expected', path), reason);
  }
}

function pathProblem(path: string): string | undefined {
  const problem = textProblem(path, pathLength);
  if (problem) return `as a path ${problem}`;
  if (stepsOfPath(path)) return undefined;
  return 'is no path; write one such as urgency, geo_location.coordinates[1] or entities[].name';
}

function valueProblem(value: JsonValue): string | undefined {
  return typeof value === 'number' && !Number.isFinite(value) ? 'must be a finite number' : undefined;
}
