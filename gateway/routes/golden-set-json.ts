// Golden sets as the API shows them.

import { AgentClass } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { GoldenSet } from '../../proto/gen/domainflow/registry/v1/golden_set_pb.js';
import { enumWord } from './enum-words.ts';
import { timeJson } from './time-json.ts';

/** A set in a list, without its rows. */
export function goldenSetRow(set: GoldenSet): object {
  const { precision = 1, recall = 1, costRatioMax, latencyRatioMax } = set.thresholds ?? {};
  return {
    domain_id: set.domainId,
    name: set.name,
    version: set.version,
    playbook: enumWord(AgentClass, set.playbook),
    rows_total: set.rowsTotal,
    thresholds: {
      precision,
      recall,
      cost_ratio_max: costRatioMax ?? null,
      latency_ratio_max: latencyRatioMax ?? null,
    },
    tolerances: { distance_km: set.distanceKm },
    required: set.required,
    created_at: timeJson(set.createdAt),
    updated_at: timeJson(set.updatedAt),
    updated_by: set.updatedBy,
  };
}

/** A whole set; a PUT takes it as it stands. */
export function goldenSetJson(set: GoldenSet): object {
  const rows = set.rows.map(({ input, expected }) => ({ input: input ?? {}, expected: expected ?? {} }));
  return { ...goldenSetRow(set), rows };
}
