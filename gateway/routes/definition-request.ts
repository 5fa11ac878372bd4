// What requests about agents, domains and tools have in common. The registry judges a document, so that all its problems are told at
// once; here it is only made sure that it is an object and arrives there as it was sent.
import type { FastifyRequest } from 'fastify';
import { invalidArgument } from '../../foundation/fault/fault.ts';
import type { JsonObject } from '../../foundation/json/json.ts';
import { jsonValues } from '../../foundation/json/json-depth.ts';
import { carriageProblems } from '../core/json-carriage.ts';
import { violationsMax } from '../core/schema-violations.ts';
import { objectSchema, type Schema, versionSchema } from '../http/schema-parts.ts';

/** Body of a route whose document the registry judges: any object, of which nothing is dropped. */
export const documentSchema: Schema = { type: 'object' };

/** The most values of a document: three of the largest playbooks that can be allowed. More would keep the mesh busy reading them. */
export const documentValuesMax = 100_000;

/** The document of a request whose body has this schema; Fault `invalid_argument` for more, or other, values than the mesh can carry. */
export function sentDocument(request: FastifyRequest): JsonObject {
  const document = request.body as JsonObject;
  if (jsonValues(document) > documentValuesMax) {
    throw invalidArgument([{ field: 'body', reason: `must hold at most ${documentValuesMax} values` }]);
  }
  const problems = carriageProblems(document);
  if (problems.length > 0) throw invalidArgument(problems.slice(0, violationsMax));
  return document;
}

/** Query of a save. */
export interface SaveQuery {
  /** `true` judges the definition and stores nothing. */
  readonly validate_only?: 'true' | 'false';
}

/** Schema of `SaveQuery`. */
export const saveQuerySchema: Schema = objectSchema({
  validate_only: {
    ...{ type: 'string', enum: ['true', 'false'] },
    title: 'True judges the definition and stores nothing',
  },
});

/** Schema of a query that names a version. */
export const versionQuerySchema: Schema = objectSchema({
  version: { ...versionSchema, title: 'Version to read; absent for the newest' },
});

/** Query of a comparison. */
export interface DiffQuery {
  /** Absent for the one before `to`. */
  readonly from?: string;
  /** Absent for the newest. */
  readonly to?: string;
}

/** Schema of `DiffQuery`. */
export const diffQuerySchema: Schema = objectSchema({
  from: { ...versionSchema, title: 'Version before; absent for the one before `to`' },
  to: { ...versionSchema, title: 'Version after; absent for the newest' },
});

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
  {
    version: {
      type: 'integer',
      minimum: 1,
      maximum: 999_999_999,
      title: 'The new version is equal to this one',
    },
  },
  ['version'],
);
