// Violations as API v2 tells them: beside field and reason a sentence, the rule and the value that breaks it, cut short and without secrets.
import type { FastifyRequest } from 'fastify';
import type { Violation } from '../../foundation/fault/fault.ts';
import { isSecretKey, maskText } from '../../foundation/telemetry/masking.ts';

/** Longest value that is told again, in characters. */
export const toldValueMax = 100;

/** A violation of a request of API v2. */
export interface ToldViolation extends Violation {
  /** A sentence that names the field. */
  readonly message: string;
  /** What was sent there, as text; null where nothing was, and where the field is no part of the request. */
  readonly invalid_value: string | null;
  /** The rule that is broken. */
  readonly constraint: string;
}

/** What was sent, where a field may stand. */
type Sent = Pick<FastifyRequest, 'body' | 'query' | 'params'>;

/** The violations in their order. */
export function toldViolations(violations: readonly Violation[], sent: Sent): readonly ToldViolation[] {
  return violations.map(({ field, reason }) => ({
    ...{ field, reason, message: `${field} ${reason}` },
    ...{ invalid_value: toldValue(field, sent), constraint: reason },
  }));
}

function toldValue(field: string, { body, query, params }: Sent): string | null {
  const steps = [...field.matchAll(/[^.[\]]+/g)].map(([step]) => step);
  const found = [body, query, params]
    .map((part) => valueAt(part, steps))
    .find((value) => value !== undefined);
  if (found === undefined || found === null) return null;
  if (steps.some(isSecretKey)) return '[masked]';
  const text = typeof found === 'string' ? found : JSON.stringify(found, maskedMember);
  return maskText(text.slice(0, scannedMax)).slice(0, toldValueMax);
}

/** More than what is told, so that no secret is cut in a way that it is not known by. */
const scannedMax = 10 * toldValueMax;

function maskedMember(name: string, value: unknown): unknown {
  return isSecretKey(name) && typeof value === 'string' ? '[masked]' : value;
}

function valueAt(part: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Readonly<Record<string, unknown>>)[step]
        : undefined,
    part,
  );
}
