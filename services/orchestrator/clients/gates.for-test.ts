// The registry for gates, in tests: what a gate compares, what its runs cost, and what evidence it keeps.

import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, notFound } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import { AgentClass } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { GoldenSetSchema } from '../../../proto/gen/domainflow/registry/v1/golden_set_pb.js';
import type {
  GoldenSetService,
  RecordGateResultRequest,
} from '../../../proto/gen/domainflow/registry/v1/golden_set_service_pb.js';
import type { Plan } from '../../../proto/gen/domainflow/registry/v1/plan_pb.js';

/** What lies behind the registry's golden sets, in a test's hands. */
export interface GateState {
  /** Sets of the domain `city`, by name. */
  readonly goldenSets: Map<string, MessageInitShape<typeof GoldenSetSchema>>;
  /** What gates have kept, in order. */
  readonly gateResults: RecordGateResultRequest[];
  /** Resolves when evidence could not be kept, because `failing` says so. */
  refusedToKeep: () => Promise<void>;
  /** Tells that. */
  onRefused: () => void;
  /** Tokens that each call of a model took, for each run. */
  tokensOf: (jobId: string) => number;
}

/** Without any set. */
export function newGateState(): GateState {
  const refused = Promise.withResolvers<void>();
  return {
    goldenSets: new Map(),
    gateResults: [],
    refusedToKeep: () => refused.promise,
    onRefused: refused.resolve,
    tokensOf: () => 0,
  };
}

const hash = (digit: string): string => digit.repeat(64);

/** The candidate is the plan of the domain `candidate`, the present that of `city`; without one there is none. */
export function goldenSetService(
  state: GateState & { readonly plans: ReadonlyMap<string, Plan>; readonly failing: ReadonlySet<string> },
): Partial<ServiceImpl<typeof GoldenSetService>> {
  return {
    prepareGate: ({ domainId, goldenSet: name }) => {
      const [candidate, present] = ['candidate', 'city'].map((id) => state.plans.get(id));
      const goldenSet = state.goldenSets.get(name);
      if (domainId !== 'city') throw notFound('domain');
      if (!goldenSet || !candidate) throw notFound('golden set');
      return {
        goldenSet: { name, version: 3, playbook: AgentClass.QUERY, distanceKm: 1, ...goldenSet },
        candidate: { plan: candidate, contentHash: hash('a') },
        present: present ? { plan: present, contentHash: hash('b') } : {},
      };
    },
    recordGateResult: (request, context) => {
      const { run } = principalOf(context);
      if (run?.capability !== 'gate' || run.runId !== request.gateId) {
        throw new Fault('permission_denied', 'Another gate');
      }
      if (state.failing.has('record gate')) {
        state.onRefused();
        throw new Fault('unavailable', 'The registry is away');
      }
      state.gateResults.push(request);
      return {};
    },
    sumRunCosts: ({ jobIds }) => ({
      costs: jobIds.flatMap((jobId) => {
        const tokens = BigInt(state.tokensOf(jobId));
        return tokens === 0n ? [] : [{ jobId, currency: '', calls: 1, tokens, money: '0' }];
      }),
    }),
  };
}
