// Reports and wishes for tests of this room. Production does not import it.
import fc from 'fast-check';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { type Report, submittedReport } from './report.ts';
import type { Wish } from './report-change.ts';

/** When the report of these tests was submitted. */
export const submittedAt = '2025-01-01T00:00:00.000Z';

/** A time so many seconds after the submission. */
export function secondsAfter(seconds: number): string {
  return new Date(Date.parse(submittedAt) + seconds * 1_000).toISOString();
}

/** A report that waits for its run, changed as given. */
export function someReport(changes: Partial<Report> = {}): Report {
  const report = submittedReport({
    ...{ tenantId: '7b0c1a52-1111-4111-8111-111111111111', id: '01890000-0000-7000-8000-000000000000' },
    ...{ domainId: 'civic', rawText: 'A flood', source: 'web', createdBy: 'u', createdAt: submittedAt },
    jobId: 'job_1',
  });
  return { ...report, ...changes };
}

/** A wish for management_data alone. */
export function recording(managementData: JsonObject): Wish {
  return { status: '', managementData };
}

const keys = fc.constantFrom('a', 'b', 'c', '__proto__', 'x.y', '');
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(null, true, 0, 1, 'one', 'two'),
    fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 2 }),
    tie('object'),
  ),
  object: fc
    .array(fc.tuple(keys, tie('value')), { maxLength: 3 })
    .map((entries) => Object.fromEntries(entries)),
}));

/** Small objects that often meet each other's keys, awkward ones among them. */
export const someJsonObject: fc.Arbitrary<JsonObject> = fc
  .array(fc.tuple(keys, value), { maxLength: 3 })
  .map((entries) => Object.fromEntries(entries) as JsonObject);
