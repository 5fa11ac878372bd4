// What each call takes and answers, worked out from the description of the API.
import type { paths } from './gen/api-types.ts';

/** A method of the API. */
export type Method = 'get' | 'post' | 'put' | 'delete';

/** A path that has this method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, unknown> ? P : never;
}[keyof paths];

type OperationOf<P extends keyof paths, M extends Method> = paths[P] extends Record<M, infer O> ? O : never;

type ParametersOf<O> = O extends { parameters: infer A } ? A : never;

type PathPart<A> = A extends { path: infer T } ? { readonly path: T } : unknown;

type QueryPart<A> = A extends { query: infer Q }
  ? { readonly query: Q }
  : A extends { query?: infer Q }
    ? { readonly query?: NonNullable<Q> | undefined }
    : unknown;

type BodyPart<O> = O extends { requestBody: { content: { 'application/json': infer B } } }
  ? { readonly body: B }
  : O extends { requestBody?: { content: { 'application/json': infer B } } }
    ? { readonly body?: B }
    : unknown;

/** What every call may be given. */
export interface CallOptions {
  /** Beyond those that the client sends by itself: `If-Match`, or an `Idempotency-Key` of your own. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the call, and a body that is being read. */
  readonly signal?: AbortSignal | undefined;
}

/** What a call may be given that answers its body alone. */
export interface HeadOption {
  /** Told of the answer, be it a success or not, before the call ends: its status and headers, such as `ETag`. */
  readonly onHead?: ((head: Pick<Response, 'status' | 'headers'>) => void) | undefined;
}

/** What a call takes: parts of its path, its query, its body. */
export type CallInit<P extends keyof paths, M extends Method> = PathPart<ParametersOf<OperationOf<P, M>>> &
  QueryPart<ParametersOf<OperationOf<P, M>>> &
  BodyPart<OperationOf<P, M>> &
  CallOptions &
  HeadOption;

/** The argument after the path; it can be left out where nothing in it is needed. */
export type CallArguments<P extends keyof paths, M extends Method> =
  object extends CallInit<P, M> ? [init?: CallInit<P, M>] : [init: CallInit<P, M>];

type Successes<O> = O extends { responses: infer R } ? R[keyof R & (200 | 201 | 202)] : never;

/** The body of a success. */
export type AnswerOf<P extends keyof paths, M extends Method> =
  Successes<OperationOf<P, M>> extends infer S
    ? S extends { content: { 'application/json': infer B } }
      ? B
      : S extends { content: { 'application/geo+json': infer B } }
        ? B
        : undefined
    : never;

/** A call by its path; rejects with ApiError for whatever is no success. */
export type Call<M extends Method> = <P extends PathOf<M>>(
  path: P,
  ...init: CallArguments<P, M>
) => Promise<AnswerOf<P, M>>;

/** A path whose answer is a page of a list. */
export type ListPath = {
  [P in PathOf<'get'>]: AnswerOf<P, 'get'> extends { pagination: unknown } ? P : never;
}[PathOf<'get'>];

/** A row of a list. */
export type RowOf<P extends ListPath> = {
  [K in keyof AnswerOf<P, 'get'>]: AnswerOf<P, 'get'>[K] extends readonly (infer R)[] ? R : never;
}[keyof AnswerOf<P, 'get'>];
