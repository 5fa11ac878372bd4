// What performing effects needs, and how an effect tells what came of it.
import type { Clock } from '../../../../foundation/clock.ts';
import type { Fault } from '../../../../foundation/fault/fault.ts';
import type { Log } from '../../../../foundation/telemetry/log.ts';
import type { InvokeAgent } from '../../clients/invoke-agent.ts';
import type { RunDocument } from '../../clients/run-document.ts';
import type { Observation, RunSteps } from '../../core/decision/decision.ts';
import type { ExecutionKind } from '../../core/execution-kind.ts';
import type { Feed } from '../feed.ts';
import type { OutputCache } from '../output-cache.ts';
import type { Slots } from '../slots.ts';

/** What performing needs. */
export interface EffectDeps {
  /** By kind; kinds without a document are absent. */
  readonly documents: Readonly<Partial<Record<ExecutionKind, RunDocument>>>;
  readonly invoke: InvokeAgent;
  /** True while this process can be sure to own its executions. */
  readonly isHeld: () => boolean;
  /** Outputs that executions share. */
  readonly cache: OutputCache;
  /** Places for attempts; each one that was taken for an attempt is given back when it ends. */
  readonly slots: Pick<Slots, 'release'>;
  readonly feed: Feed;
  /** Calls of tools that one run may make. */
  readonly toolCallsMax: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** What a run of a kind does besides its tasks. */
export function stepsOf({ documents }: Pick<EffectDeps, 'documents'>, kind: ExecutionKind): RunSteps {
  const document = documents[kind];
  return { document: document !== undefined, prepare: document?.prepare !== undefined };
}

/** The document of a run's kind. */
export function documentOf({ documents }: Pick<EffectDeps, 'documents'>, kind: ExecutionKind): RunDocument {
  const document = documents[kind];
  if (!document) throw new Error(`runs of the kind ${kind} have no document`);
  return document;
}

/** Tells the executor what was seen. */
export type Tell = (seen: Observation) => void;

/** Wait before the first repetition of what failed in passing, in milliseconds; it doubles with each further one. */
export const repeatMsFirst = 500;
/** Longest wait, in milliseconds. */
export const repeatMsMax = 30_000;

/** True for faults that pass by themselves, such as a conflict that says when to try again. */
export function isPassing({ reason, retryAfterMs }: Fault): boolean {
  return (
    retryAfterMs !== undefined ||
    reason === 'unavailable' ||
    reason === 'deadline_exceeded' ||
    reason === 'resource_exhausted' ||
    reason === 'internal'
  );
}
