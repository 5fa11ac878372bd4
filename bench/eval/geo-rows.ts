// Reads what labelled sets of places hold, and measures answers against it. It finds no places.

import type { Position } from '../../services/agents/core/gazetteer.ts';
import { distanceKm } from '../../services/agents/core/geo/distance.ts';
import type { Row } from './scorer.ts';

/** A text field of a row; a row without it throws an error that names both. */
export function textField(row: Row, field: string): string {
  const value = row[field];
  if (typeof value !== 'string') throw new Error(`${String(row.id)}: ${field} is not a text`);
  return value;
}

/** A number field of a row; a row without it throws an error that names both. */
export function numberField(row: Row, field: string): number {
  const value = row[field];
  if (typeof value !== 'number') throw new Error(`${String(row.id)}: ${field} is not a number`);
  return value;
}

/** Where the row says that the place is. */
export function goldPoint(row: Row): Position {
  return [numberField(row, 'lon'), numberField(row, 'lat')];
}

/** Kilometres between answer and gold; infinite when there is no answer. */
export function errorKm(answer: Position | undefined, gold: Position): number {
  return answer === undefined ? Number.POSITIVE_INFINITY : distanceKm(answer, gold);
}

/** The share of errors within their bounds; 0 of none is 0. */
export function shareWithin(
  errorsKm: readonly number[],
  boundKm: number | ((index: number) => number),
): number {
  const bound = typeof boundKm === 'number' ? () => boundKm : boundKm;
  const hits = errorsKm.filter((error, index) => error <= bound(index)).length;
  return errorsKm.length === 0 ? 0 : hits / errorsKm.length;
}
