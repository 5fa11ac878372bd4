// Agents and documents as the process of a replica sees them: each is asked of the test, which performs them.
import type { JsonObject } from '../../foundation/json/json.ts';
import type {
  AttemptEnd,
  AttemptNote,
  InvokeAgent,
} from '../../services/orchestrator/clients/invoke-agent.ts';
import type { EndOfRun, RunDocument } from '../../services/orchestrator/clients/run-document.ts';
import { endedByRun } from '../../services/orchestrator/engine/effects/perform-effect.ts';
import type { CacheLook, OutputCache } from '../../services/orchestrator/engine/output-cache.ts';
import type { Answer, AppliedEnd, Ask, FromReplica } from './replica-messages.for-test.ts';

/** Work that is done elsewhere. */
export interface RemoteWork {
  readonly invoke: InvokeAgent;
  readonly cache: OutputCache;
  /** Put in place and filled. */
  readonly document: RunDocument;
  /** The same, but what will change is found out first. */
  readonly changedDocument: RunDocument;
  answered(call: number, answer: Answer): void;
  noted(call: number, note: AttemptNote): void;
}

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly note?: (note: AttemptNote) => void;
}

const left: AttemptEnd = { fault: { code: 'cancelled', message: 'The call was left' } };

/** Asks through `tell`. */
export function createRemoteWork(tell: (told: FromReplica) => void): RemoteWork {
  const pending = new Map<number, Pending>();
  let calls = 0;
  const ask = (asked: Ask, note?: Pending['note']): { call: number; answer: Promise<Answer> } => {
    calls += 1;
    const { promise: answer, resolve } = Promise.withResolvers<Answer>();
    pending.set(calls, { resolve, ...(note ? { note } : {}) });
    tell({ type: 'ask', call: calls, ask: asked });
    return { call: calls, answer };
  };
  const document: RunDocument = {
    place: async ({ id }) => void (await ask({ verb: 'place', executionId: id }).answer),
    apply: async (end) => {
      const { execution } = end;
      await ask({ verb: 'apply', executionId: execution.id, end: appliedEnd(end) }).answer;
      return { summary: `applied with ${end.outcome.succeeded ? 'success' : end.outcome.reason}` };
    },
  };
  return {
    // A run that does not want an attempt any more ends it; one that is given up here only leaves it.
    invoke: ({ execution, agent, attempt, repeated, input, signal, note }) => {
      const names = { executionId: execution.id, nodeId: agent.agentId, attempt };
      const invoked = { ...names, repeated, input, askedMs: Date.now() };
      const { call, answer } = ask({ verb: 'invoke', ...invoked }, note);
      const onAbort = (): void => {
        if (signal.reason === endedByRun) tell({ type: 'cancel', call });
        else pending.get(call)?.resolve(left);
      };
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort);
      return answer as Promise<AttemptEnd>;
    },
    cache: {
      lookUp: ({ execution, agent }) =>
        ask({ verb: 'look_up', executionId: execution.id, nodeId: agent.agentId })
          .answer as Promise<CacheLook>,
    },
    document,
    changedDocument: {
      ...document,
      prepare: ({ id }) => ask({ verb: 'prepare', executionId: id }).answer as Promise<JsonObject>,
    },
    answered(call, answer) {
      pending.get(call)?.resolve(answer);
      pending.delete(call);
    },
    noted: (call, note) => pending.get(call)?.note?.(note),
  };
}

function appliedEnd({ outcome, prepared, atMs, state }: EndOfRun): AppliedEnd {
  const outputs = state.tasks.flatMap(({ planned, answer }) =>
    answer ? [[planned.nodeId, answer.output]] : [],
  );
  return { outcome, outputs: Object.fromEntries(outputs), prepared: prepared ?? null, atMs };
}
