// What a query wants counted: groups of one field, or spans of calendar time, never both.
import type { Violation } from '../../foundation/fault/fault.ts';

/** Query parameters as they came, each of a form that its schema let through. */
export interface CountQuery {
  readonly group_by?: string;
  readonly bucket?: string;
  /** Only beside `bucket`. */
  readonly time_zone?: string;
  /** Only beside `bucket`. */
  readonly time?: string;
}

/** Every problem of what is given together; empty when it is clear what to count. */
export function countProblems({ group_by, bucket, time_zone, time }: CountQuery): readonly Violation[] {
  if (bucket !== undefined) {
    return group_by === undefined ? [] : [{ field: 'group_by', reason: 'cannot be given beside bucket' }];
  }
  const alone = Object.entries({ time_zone, time }).filter(([, value]) => value !== undefined);
  return [
    ...(group_by === undefined ? [{ field: 'group_by', reason: 'is required, unless bucket is given' }] : []),
    ...alone.map(([field]) => ({ field, reason: 'can only be given beside bucket' })),
  ];
}
