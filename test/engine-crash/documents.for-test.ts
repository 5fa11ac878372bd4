// Documents that outlive every replica: one for each execution, put in place once and filled once, however often either is asked for.
import { newId } from '../../foundation/ids/ids.ts';
import type { JsonObject } from '../../foundation/json/json.ts';
import type { AppliedEnd } from './replica-messages.for-test.ts';

/** What became of a document. */
export interface KeptDocument {
  /** What it was filled with; absent while it is in work. */
  filled?: AppliedEnd;
  /** What was asked to be written, in order. All of it has to be the same. */
  readonly asked: AppliedEnd[];
  /** How often it was found out what will change. */
  prepared: number;
}

/** Documents by execution. */
export interface Documents {
  of(executionId: string): KeptDocument | undefined;
  place(executionId: string): void;
  /** Another id each time: only a recorded one may be written. */
  prepare(executionId: string): JsonObject;
  apply(executionId: string, end: AppliedEnd): void;
}

/** No documents yet. */
export function createDocuments(): Documents {
  const kept = new Map<string, KeptDocument>();
  const placed = (executionId: string): KeptDocument => {
    const document = kept.get(executionId);
    if (!document) throw new Error('a document is filled that was never put in place');
    return document;
  };
  return {
    of: (executionId) => kept.get(executionId),
    place(executionId) {
      if (!kept.has(executionId)) kept.set(executionId, { asked: [], prepared: 0 });
    },
    prepare(executionId) {
      placed(executionId).prepared += 1;
      return { patch_id: newId() };
    },
    apply(executionId, end) {
      const document = placed(executionId);
      document.asked.push(end);
      document.filled ??= end;
    },
  };
}
