// Reads which values the fields of a question's conditions have in the domain: a condition that leaves values out means the others.

import { fieldsToKnow, type KnownValues } from '../../core/query/attempts.ts';
import { conditionPaths } from '../../core/question/conditions.ts';
import type { Understanding } from '../../core/question/understand.ts';
import type { CountedData } from './query-calls.ts';

/** More values than any field of states or people has; what is beyond is rare. */
const valuesMax = 50;

/** The values of each field that must be known; empty for most questions. */
export async function readKnownValues(question: Understanding, data: CountedData): Promise<KnownValues> {
  const fields = [...new Set(fieldsToKnow(question))];
  const values = await Promise.all(
    fields.map(async (field) => {
      return [field, await data.values({ field: conditionPaths[field], limit: valuesMax })] as const;
    }),
  );
  return new Map(values);
}
