// The documents of runs, as reports, sessions and their like keep them: every verb may be repeated and then changes nothing more. They fail
// in passing, for good, and after they were changed.
import { Fault } from '../../foundation/fault/fault.ts';
import type { EndOfRun, RunDocument } from '../../services/orchestrator/clients/run-document.ts';
import type { StoredExecution } from '../../services/orchestrator/core/execution-record.ts';
import type { Faults } from './faults.ts';
import type { Judge } from './judge.ts';
import type { Random } from './random.ts';
import type { Process, VirtualTime } from './virtual-time.ts';

/** What a document refuses for good. */
export type Refusal = 'nothing' | 'placing' | 'success' | 'every outcome';

/** Documents of all executions. */
export interface ModelDocuments {
  /** How a process reaches them. With `prepares`, what changes has to be found out before. */
  from(process: Process, prepares: boolean): RunDocument;
  /** What the document of an execution refuses; undefined before it was asked for anything. */
  refusalOf(executionId: string): Refusal | undefined;
}

/** What documents are made from. */
export interface ModelDocumentsOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly faults: Faults;
  readonly judge: Judge;
}

interface Documents extends ModelDocumentsOptions {
  readonly refusals: Map<string, Refusal>;
}

/** No documents. */
export function createModelDocuments(options: ModelDocumentsOptions): ModelDocuments {
  const documents: Documents = { ...options, refusals: new Map() };
  const { random, judge } = options;
  return {
    refusalOf: (executionId) => documents.refusals.get(executionId),
    from(process, prepares) {
      const ask = <T>({ id }: StoredExecution, execute: () => T): Promise<T> => {
        judge.acting(process, id);
        return askDocument(documents, process, execute);
      };
      const document: RunDocument = {
        place: (execution) => ask(execution, () => place(documents, execution)),
        apply: (end) => {
          judge.applying(end);
          return ask(end.execution, () => apply(documents, end));
        },
      };
      if (!prepares) return document;
      const prepare = (execution: StoredExecution) =>
        ask(execution, () => ({ of: execution.id, drawn: random.below(1_000_000) }));
      return { ...document, prepare };
    },
  };
}

function isOn({ time, random, faults }: Documents, rate: number): boolean {
  return time.nowMs() < faults.endMs && random.chance(rate);
}

// What is asked arrives, is done, and is answered: each may fail.
function askDocument<T>(documents: Documents, process: Process, execute: () => T): Promise<T> {
  const { time, random, faults } = documents;
  return new Promise((resolve, reject) => {
    const isAway = isOn(documents, faults.documentAway);
    const isReplyLost = isOn(documents, faults.documentReplyLost);
    const lateMs = isOn(documents, faults.slow) ? random.between(100, 12_000) : 0;
    const answer = (act: () => void): void => void time.after(random.between(1, 4), process, act);
    const arrive = (): void => {
      try {
        if (isAway) throw new Fault('unavailable', 'Away', { retryAfterMs: 1_000 });
        const done = execute();
        if (isReplyLost) throw new Fault('deadline_exceeded', 'No reply');
        answer(() => resolve(done));
      } catch (error) {
        answer(() => reject(error));
      }
    };
    time.after(random.between(1, 4) + lateMs, undefined, arrive);
  });
}

function refusalOf({ refusals, random, faults }: Documents, executionId: string): Refusal {
  const drawn = refusals.get(executionId);
  if (drawn) return drawn;
  const refuses = random.chance(faults.documentRefuses);
  const refusal = refuses ? random.pick(['placing', 'success', 'every outcome'] as const) : 'nothing';
  refusals.set(executionId, refusal);
  return refusal;
}

function place(documents: Documents, { id }: StoredExecution): void {
  if (refusalOf(documents, id) === 'placing') throw new Fault('permission_denied', 'Not in this domain');
  documents.judge.placed(id);
}

function apply(documents: Documents, end: EndOfRun): { summary: string } {
  const refusal = refusalOf(documents, end.execution.id);
  const isWritten = end.outcome.succeeded || end.outcome.partial;
  if (refusal === 'every outcome' || (refusal === 'success' && isWritten)) {
    throw new Fault('invalid_argument', 'Too much');
  }
  documents.judge.applied(end);
  return { summary: '' };
}
