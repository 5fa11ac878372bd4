// Gates as messages of the mesh.
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { GateStatus as WireStatus } from '../../../proto/gen/domainflow/orchestrator/v1/gate_pb.js';
import { AgentClass } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { GatePlaybook, GateStatus } from '../core/gate.ts';
import { gateIdOf } from '../core/public-id.ts';
import type { StoredGate } from '../store/store.ts';

const statuses: Readonly<Record<GateStatus, WireStatus>> = {
  running: WireStatus.RUNNING,
  completed: WireStatus.COMPLETED,
  cancelled: WireStatus.CANCELLED,
  failed: WireStatus.FAILED,
};

const playbooks: Readonly<Record<GatePlaybook, AgentClass>> = {
  ingestion: AgentClass.INGESTION,
  query: AgentClass.QUERY,
};

/** A gate as it is sent. */
export function gateWire(gate: StoredGate) {
  const { id, domainId, head, status, rowsDone, rowsTotal, outcome, error } = gate;
  const { principal, createdAtMs, completedAtMs } = gate;
  return {
    gateId: gateIdOf(id),
    domainId,
    goldenSet: head.goldenSet,
    goldenSetVersion: head.goldenSetVersion,
    playbook: playbooks[head.playbook],
    candidate: head.candidate,
    status: statuses[status],
    rowsDone,
    rowsTotal,
    ...(outcome ? { passed: outcome.passed, result: outcome.result } : {}),
    error,
    createdBy: principal.userId,
    createdAt: timestampFromMs(createdAtMs),
    ...(completedAtMs === undefined ? {} : { completedAt: timestampFromMs(completedAtMs) }),
  };
}

/** The playbook of a golden set; undefined for one that no gate runs. */
export function gatePlaybookOf(playbook: AgentClass): GatePlaybook | undefined {
  if (playbook === AgentClass.INGESTION) return 'ingestion';
  return playbook === AgentClass.QUERY ? 'query' : undefined;
}
