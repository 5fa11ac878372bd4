// The RPCs on golden sets and gates, each from its file.
import type { ServiceImpl } from '@connectrpc/connect';
import type { Clock } from '../../../foundation/clock.ts';
import type { GoldenSetService } from '../../../proto/gen/domainflow/registry/v1/golden_set_service_pb.js';
import type { AgentRules } from '../core/agent-document.ts';
import type { RegistryStore } from '../store/store.ts';
import { deleteGoldenSet } from './delete-golden-set.ts';
import { recordGateResult, sumRunCosts } from './gate-results.ts';
import { getGoldenSet, listGoldenSets } from './get-golden-set.ts';
import { prepareGate } from './prepare-gate.ts';
import { putGoldenSet } from './put-golden-set.ts';

/** What the RPCs are made of. */
export interface GoldenSetDeps extends AgentRules {
  readonly store: RegistryStore;
  readonly clock: Clock;
}

/** The whole GoldenSetService. */
export function goldenSetRoutes({
  store,
  clock,
  ...rules
}: GoldenSetDeps): ServiceImpl<typeof GoldenSetService> {
  const writing = { store, rules, clock };
  return {
    listGoldenSets: listGoldenSets(store),
    getGoldenSet: getGoldenSet(store),
    putGoldenSet: putGoldenSet(writing),
    deleteGoldenSet: deleteGoldenSet(store),
    prepareGate: prepareGate(writing),
    recordGateResult: recordGateResult(store),
    sumRunCosts: sumRunCosts(store),
  };
}
