// What the calls that change reports are made of.
import type { Clock } from '../../../foundation/clock.ts';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import type { Decided } from '../core/patch-decisions.ts';
import { decidedProblems } from '../core/patch-problems.ts';
import type { ChangeParts } from '../engine/change-report.ts';
import type { ShowReport } from './show-report.ts';

/** Stores, the time, and how documents are shown. */
export interface ChangingParts extends ChangeParts {
  readonly clock: Clock;
  readonly show: ShowReport;
}

/** The time in ISO 8601. */
export function nowOf({ clock }: Pick<ChangingParts, 'clock'>): string {
  return new Date(clock()).toISOString();
}

/** The decision, if the report and the patch stay within their limits; Fault `invalid_argument` otherwise. */
export function withinLimits<T extends Decided | undefined>(decided: T): T {
  const problems = decided ? decidedProblems(decided) : [];
  if (problems.length > 0) throw invalidArgument(problems);
  return decided;
}
