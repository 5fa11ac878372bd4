// What the RPCs that delete have in common: the deletion is recorded before anything is taken away, the object is gone when the call
// answers, and what is left goes in the background. Whether the caller may delete it has been found out before.
import type { HandlerContext } from '@connectrpc/connect';
import { context as contextApi } from '@opentelemetry/api';
import { newId } from '../../../foundation/ids/ids.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import { storeTrace } from '../../../foundation/telemetry/propagation.ts';
import type { WriteRecord } from '../core/audit.ts';
import type { DeletionKind } from '../core/deletion.ts';
import { type Deletions, type DeletionsDeps, deletionCallMs, deletionLeaseMs } from '../engine/deletions.ts';
import type { DeletionStore } from '../store/store.ts';
import { type Writer, writerOf } from './writer.ts';

/** What carrying out needs. */
export interface CarryOutDeps extends Pick<DeletionsDeps, 'steps'>, Pick<Deletions, 'goOn'> {
  readonly store: DeletionStore;
}

/** Names what is deleted. */
export interface DeletionSubject {
  readonly kind: DeletionKind;
  readonly subjectId: string;
}

/** Deletes on behalf of a handler's caller. A caller who leaves does not end it. */
export type CarryOutDeletion = (subject: DeletionSubject, context: HandlerContext) => Promise<void>;

/** Over the store of deletions, their steps and the engine that finishes them. */
export function createCarryOutDeletion({ store, steps, goOn }: CarryOutDeps): CarryOutDeletion {
  return async ({ kind, subjectId }, context) => {
    const principal = principalOf(context);
    const { tenantId } = principal;
    const trace = storeTrace(contextApi.active());
    const deletion = { tenantId, subjectId, kind, principal, ...(trace ? { trace } : {}) };
    const claim = newId();
    const entry = entryOf(deletion, writerOf(context));
    const isFirst = await store.record(deletion, { claim, leaseMs: deletionLeaseMs }, entry);
    const [takeAway] = steps[kind];
    try {
      await takeAway(deletion, { timeoutMs: Math.min(deletionCallMs, context.timeoutMs() ?? 0) });
    } finally {
      if (isFirst) goOn({ ...deletion, claim, passes: 0, attempts: 0 });
    }
  };
}

function entryOf({ kind, subjectId }: DeletionSubject, writer: Writer): WriteRecord {
  const about = { operation: 'delete', entityType: kind, entityId: subjectId } as const;
  return { ...about, message: `Deleted a ${kind}`, details: {}, ...writer };
}
