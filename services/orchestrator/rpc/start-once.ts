// Starts an execution once for each name that a caller gives: the same request again answers the run that was started (SPEC P4.2, E1.1).
import { createHash } from 'node:crypto';
import { type DescMessage, type MessageShape, toJson } from '@bufbuild/protobuf';
import { Fault } from '../../../foundation/fault/fault.ts';
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import {
  documentClaim,
  type EarlierStart,
  type RequestName,
  requireUnclaimed,
  type StartToRepeat,
  startInFlight,
  startToRepeat,
} from '../core/request-name.ts';
import type { NameBinding } from '../store/store.ts';
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

/**
 * Starts, or answers what was started under the name. Faults of {@link startToRepeat}, {@link requireUnclaimed} and of the start. A start that
 * others were faster with leaves nothing behind.
 */
export async function startOnce(deps: OnceDeps, asked: StartAsked): Promise<AcceptedStart> {
  const earlier = asked.name && (await deps.findStart(asked.name));
  const repeated = await repeatedOf(deps, asked, earlier);
  if (repeated) return repeatedStart(repeated);
  const started = await begin(deps, asked, earlier).catch(async (error: unknown) => {
    // What keeps it from starting may be the same request, which was faster.
    const isConflict = error instanceof Fault && error.reason === 'failed_precondition';
    const faster = isConflict ? await foundAgain(deps, asked) : undefined;
    if (!faster) throw error;
    return faster;
  });
  if (started) return started;
  const faster = await foundAgain(deps, asked);
  if (!faster) throw startInFlight();
  return faster;
}

// Undefined when one of its names was taken in between.
async function begin(
  deps: OnceDeps,
  asked: StartAsked,
  earlier: EarlierStart | undefined,
): Promise<AcceptedStart | undefined> {
  const execution = await asked.prepare();
  const own = asked.name && bindingOf({ ...asked.name, ...(await contentOf(asked)) }, earlier);
  const claim = await claimOf(deps, execution);
  const binding = own && claim ? { ...own, also: claim } : (own ?? claim);
  if ((await deps.start(execution, binding)) === 'started') return acceptedStart(execution);
  await claimOf(deps, execution); // says who was faster
  return undefined;
}

async function claimOf(
  { findStart }: OnceDeps,
  execution: ExecutionRecord,
): Promise<NameBinding | undefined> {
  const name = documentClaim(execution);
  if (!name) return undefined;
  const earlier = await findStart(name);
  requireUnclaimed(earlier);
  return bindingOf(name, earlier);
}

function bindingOf(name: RequestName, earlier: EarlierStart | undefined): NameBinding {
  return { name, ...(earlier ? { replaces: earlier.executionId } : {}) };
}

async function foundAgain(deps: OnceDeps, asked: StartAsked): Promise<AcceptedStart | undefined> {
  const found = asked.name && (await repeatedOf(deps, asked, await deps.findStart(asked.name)));
  return found && repeatedStart(found);
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

function acceptedStart({ id, subjectId, createdAtMs }: ExecutionRecord): AcceptedStart {
  return { executionId: id, subjectId, acceptedAtMs: createdAtMs, replayed: false };
}

function repeatedStart({ executionId, execution }: StartToRepeat): AcceptedStart {
  const { subjectId, createdAtMs } = execution;
  return { executionId, subjectId, acceptedAtMs: createdAtMs, replayed: true };
}
