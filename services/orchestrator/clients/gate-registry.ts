// What a gate asks of the registry for itself: what its runs have cost, and that its result is kept as evidence.
import type { Client } from '@connectrpc/connect';
import { asFault } from '../../../foundation/fault/fault.ts';
import type { TokenMint } from '../../../foundation/identity/token-mint.ts';
import { callWith } from '../../../foundation/rpc/caller.ts';
import type { GoldenSetService } from '../../../proto/gen/domainflow/registry/v1/golden_set_service_pb.js';
import type { GateRecord } from '../core/gate.ts';
import type { ShadowCost } from '../core/gate-figures.ts';
import type { GateOutcome } from '../core/gate-result.ts';
import { executionIdOf, gateIdOf, jobIdOf } from '../core/public-id.ts';

const callTimeoutMs = 5_000;
/** Runs that one call asks for. */
const runsAsked = 100;
const pathsMax = 100;

/** The registry as a gate sees it. */
export interface GateRegistry {
  /** What the calls of models of the runs have cost. */
  costsOf(gate: GateRecord, executionIds: readonly string[]): Promise<readonly ShadowCost[]>;
  /** Keeps the outcome. Of a set that is gone nothing is kept: nobody asks for it any more. */
  keepResult(gate: GateRecord, outcome: GateOutcome): Promise<void>;
}

/** Calls under tokens of the gate itself: no person and no run may write evidence. */
export function createGateRegistry(
  goldenSets: Client<typeof GoldenSetService>,
  mint: TokenMint,
): GateRegistry {
  const callFor = ({ id, principal }: GateRecord) => {
    const run = { runId: gateIdOf(id), capability: 'gate', writeTarget: '' };
    return callWith({ token: mint.mint({ ...principal, run }), timeoutMs: callTimeoutMs });
  };
  return {
    costsOf: async (gate, executionIds) => {
      const starts = Array.from(
        { length: Math.ceil(executionIds.length / runsAsked) },
        (_, at) => at * runsAsked,
      );
      const answers = await Promise.all(
        starts.map((start) => {
          const jobIds = executionIds.slice(start, start + runsAsked).map(jobIdOf);
          return goldenSets.sumRunCosts({ jobIds }, callFor(gate));
        }),
      );
      return answers.flatMap(({ costs }) =>
        costs.map(({ jobId, currency, calls, tokens, money }) => ({
          executionId: executionIdOf(jobId) ?? jobId,
          ...{ currency, calls, tokens: Number(tokens), money: Number(money) },
        })),
      );
    },
    keepResult: async (gate, { passed, failingPaths }) => {
      const { goldenSet, goldenSetVersion, candidateHash, presentHash } = gate.spec;
      const request = {
        gateId: gateIdOf(gate.id),
        domainId: gate.domainId,
        ...{ goldenSet, goldenSetVersion, candidateHash, presentHash, passed },
        failingPaths: failingPaths.slice(0, pathsMax),
      };
      await goldenSets.recordGateResult(request, callFor(gate)).catch((error: unknown) => {
        if (asFault(error).reason !== 'not_found') throw error;
      });
    },
  };
}
