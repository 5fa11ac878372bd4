// What requests about agents, domains and tools have in common. The registry judges a document, so that all its problems are told at
// once; here it is only made sure that it is an object and arrives there as it was sent.
import type { FastifyRequest } from 'fastify';
import { invalidArgument } from '../../foundation/fault/fault.ts';
import type { JsonObject } from '../../foundation/json/json.ts';
import { carriageProblems } from '../core/json-carriage.ts';
import { violationsMax } from '../core/schema-violations.ts';
import { objectSchema, type Schema, versionSchema } from '../http/schema-parts.ts';

/** Body of a route whose document the registry judges: any object, of which nothing is dropped. */
export const documentSchema: Schema = { type: 'object' };

/** The document of a request whose body has this schema; Fault `invalid_argument` for values that the mesh cannot carry. */
export function sentDocument(request: FastifyRequest): JsonObject {
  const problems = carriageProblems(request.body);
  if (problems.length > 0) throw invalidArgument(problems.slice(0, violationsMax));
  return request.body as JsonObject;
}

/** Query of a save. */
export interface SaveQuery {
  /** `true` judges the definition and stores nothing. */
  readonly validate_only?: 'true' | 'false';
}

/** Schema of `SaveQuery`. */
export const saveQuerySchema: Schema = objectSchema({
  validate_only: { type: 'string', enum: ['true', 'false'] },
});

/** Query of a comparison. */
export interface DiffQuery {
  /** Absent for the one before `to`. */
  readonly from?: string;
  /** Absent for the newest. */
  readonly to?: string;
}

/** Schema of `DiffQuery`. */
export const diffQuerySchema: Schema = objectSchema({ from: versionSchema, to: versionSchema });

/** The versions that a comparison asks for, 0 where none is named. */
export function wantedVersions({ from, to }: DiffQuery): { fromVersion: number; toVersion: number } {
  return { fromVersion: Number(from ?? 0), toVersion: Number(to ?? 0) };
}

/** Body of a rollback. */
export interface RollbackBody {
  readonly version: number;
}

/** Schema of `RollbackBody`. */
export const rollbackSchema: Schema = objectSchema(
  { version: { type: 'integer', minimum: 1, maximum: 999_999_999 } },
  ['version'],
);
