// The part of a list that is asked for by `skip` and `limit`, clamped; only the list of API keys is read this way.

/** Items when the caller does not say. */
export const partLimitDefault = 10;
/** Most items of one answer. */
export const partLimitMax = 100;

const skipMax = 2 ** 31 - 1;

/** Query parameters as they came, known to be whole numbers. */
export interface SkipQuery {
  readonly skip?: string;
  readonly limit?: string;
}

/** How many items to pass over, from 0, and how many to answer, 1 to 100. */
export function wantedPart({ skip = '0', limit = String(partLimitDefault) }: SkipQuery): {
  readonly skip: number;
  readonly limit: number;
} {
  return { skip: clamp(skip, 0, skipMax), limit: clamp(limit, 1, partLimitMax) };
}

function clamp(text: string, min: number, max: number): number {
  return Math.min(Math.max(Number(text), min), max);
}
