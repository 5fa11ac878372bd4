// Starts an execution once for each name that a caller gives: the same request again answers the run that was started (SPEC P4.2, E1.1).
import { createHash } from 'node:crypto';
import { type DescMessage, type MessageShape, toJson } from '@bufbuild/protobuf';
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import {
  type EarlierStart,
  type RequestName,
  type StartToRepeat,
  startInFlight,
  startToRepeat,
} from '../core/request-name.ts';
import type { StartDeps } from './start-deps.ts';

/** What starting once needs. */
export type OnceDeps = Pick<StartDeps, 'clock' | 'findStart' | 'start'>;

/** What a start answers. */
export interface AcceptedStart {
  readonly executionId: string;
  /** Public id of the report or query job. */
  readonly subjectId: string;
  readonly acceptedAtMs: number;
  /** True when the request had been carried out before. */
  readonly replayed: boolean;
}

/** A request that starts an execution. */
export interface StartAsked {
  /** Undefined when the caller gave none. */
  readonly name: RequestName | undefined;
  /** Of a request that has images, see {@link RequestName}; absent for requests that never have any. */
  readonly contentHash?: () => Promise<string | undefined>;
  /** Checks the request and pins everything; throws Faults. It is not asked when the request was carried out before. */
  readonly prepare: () => Promise<ExecutionRecord>;
}

/** SHA-256 of everything that a request asks for; its name is no part of that. */
export function requestHash<Desc extends DescMessage>(
  schema: Desc,
  request: MessageShape<Desc> & { readonly requestId: string },
): string {
  const asked = toJson(schema, { ...request, requestId: '' });
  return createHash('sha256').update(canonicalJson(asked)).digest('hex');
}

/** Starts, or answers what was started under the name. Faults of {@link startToRepeat} and of the start. */
export async function startOnce(deps: OnceDeps, asked: StartAsked): Promise<AcceptedStart> {
  const { name, prepare } = asked;
  if (!name) return begin(deps, await prepare());
  const earlier = await deps.findStart(name);
  const repeated = await repeatedOf(deps, asked, earlier);
  if (repeated) return repeatedStart(repeated);
  const execution = await prepare();
  const binding = {
    name: { ...name, ...(await contentOf(asked)) },
    ...(earlier ? { replaces: earlier.executionId } : {}),
  };
  if ((await deps.start(execution, binding)) === 'started') return acceptedStart(execution);
  const between = await repeatedOf(deps, asked, await deps.findStart(name));
  if (!between) throw startInFlight();
  return repeatedStart(between);
}

// Images are looked at only where a request is not the same as it was sent.
async function repeatedOf(
  deps: OnceDeps,
  asked: StartAsked,
  earlier: EarlierStart | undefined,
): Promise<StartToRepeat | undefined> {
  const bodyHash = asked.name?.bodyHash ?? '';
  const differs = earlier !== undefined && earlier.bodyHash !== bodyHash;
  const content = differs && earlier.contentHash !== undefined ? await contentOf(asked) : {};
  return startToRepeat(earlier, { bodyHash, ...content }, deps.clock());
}

async function contentOf({ contentHash }: StartAsked): Promise<{ readonly contentHash?: string }> {
  const hash = await contentHash?.();
  return hash === undefined ? {} : { contentHash: hash };
}

async function begin(deps: OnceDeps, execution: ExecutionRecord): Promise<AcceptedStart> {
  await deps.start(execution);
  return acceptedStart(execution);
}

function acceptedStart({ id, subjectId, createdAtMs }: ExecutionRecord): AcceptedStart {
  return { executionId: id, subjectId, acceptedAtMs: createdAtMs, replayed: false };
}

function repeatedStart({ executionId, execution }: StartToRepeat): AcceptedStart {
  const { subjectId, createdAtMs } = execution;
  return { executionId, subjectId, acceptedAtMs: createdAtMs, replayed: true };
}
