// StartGate: has the candidate judged, fixes all that the gate does, and records it. It is carried on by whichever process finds it.
import type { Client, HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { context as contextApi } from '@opentelemetry/api';
import type { Clock } from '../../../foundation/clock.ts';
import { Fault } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { onBehalfOf, principalOf, requestIdOf } from '../../../foundation/rpc/caller.ts';
import { storeTrace } from '../../../foundation/telemetry/propagation.ts';
import type { GateService } from '../../../proto/gen/domainflow/orchestrator/v1/gate_service_pb.js';
import type { GoldenSet } from '../../../proto/gen/domainflow/registry/v1/golden_set_pb.js';
import type {
  GoldenSetService,
  PrepareGateResponse,
} from '../../../proto/gen/domainflow/registry/v1/golden_set_service_pb.js';
import type { WriteRecord } from '../core/audit.ts';
import { type GateRecord, type GateSpec, gatesPerTenantMax } from '../core/gate.ts';
import { requireAdmin, requirePerson } from '../core/person.ts';
import { gateIdOf } from '../core/public-id.ts';
import { shadowPlan } from '../engine/shadow-plan.ts';
import type { GateStore } from '../store/store.ts';
import { gatePlaybookOf, gateWire } from './gate-wire.ts';
import { type Writer, writerOf } from './writer.ts';

/** What starting gates needs. */
export interface GateDeps {
  readonly goldenSets: Pick<Client<typeof GoldenSetService>, 'prepareGate'>;
  readonly gates: GateStore;
  readonly clock: Clock;
}

/** StartGate. A request that comes again is answered the gate that it started. */
export function startGate(deps: GateDeps): ServiceImpl<typeof GateService>['startGate'] {
  return async ({ domainId, goldenSet, candidate = {} }, context) => {
    const principal = principalOf(context);
    requirePerson(principal);
    requireAdmin(principal, 'Holding a gate');
    const writer = writerOf(context);
    const requestId = requestIdOf(context);
    const asked = requestId && (await deps.gates.read(principal.tenantId, { id: requestId, domainId }));
    if (asked) return { gate: gateWire(asked) };
    const prepared = await deps.goldenSets.prepareGate(
      { domainId, goldenSet, candidate },
      onBehalfOf(context),
    );
    const gate = recordOf(deps, { domainId, spec: specOf(prepared, candidate) }, context);
    if ((await deps.gates.record(gate, entryOf(gate, writer))) === 'full') {
      const message = `The tenant has ${gatesPerTenantMax} gates under way; wait for one to end, or cancel it`;
      throw new Fault('resource_exhausted', message, { retryAfterMs: 10_000 });
    }
    const rowsTotal = gate.spec.rows.length;
    const begun = { head: gate.spec, rowsTotal, rowsDone: 0, status: 'running', error: '' } as const;
    return { gate: gateWire({ ...gate, ...begun }) };
  };
}

function recordOf(
  { clock }: GateDeps,
  fixed: Pick<GateRecord, 'domainId' | 'spec'>,
  context: HandlerContext,
): GateRecord {
  const principal = principalOf(context);
  const trace = storeTrace(contextApi.active());
  const { tenantId } = principal;
  return {
    tenantId,
    id: requestIdOf(context) ?? newId(),
    ...fixed,
    principal,
    ...(trace ? { trace } : {}),
    createdAtMs: clock(),
  };
}

function specOf({ goldenSet, candidate, present }: PrepareGateResponse, given: JsonObject): GateSpec {
  const playbook = goldenSet && gatePlaybookOf(goldenSet.playbook);
  if (!goldenSet || !playbook || !candidate?.plan) {
    throw new Fault('internal', 'The registry answered without what a gate runs');
  }
  return {
    playbook,
    goldenSet: goldenSet.name,
    goldenSetVersion: goldenSet.version,
    rows: goldenSet.rows.map(({ input = {}, expected = {} }) => ({ input, expected })),
    thresholds: thresholdsOf(goldenSet),
    distanceKm: goldenSet.distanceKm,
    candidate: shownCandidate(given),
    candidateHash: candidate.contentHash,
    presentHash: present?.contentHash ?? '',
    plans: {
      candidate: shadowPlan(candidate.plan),
      ...(present?.plan ? { present: shadowPlan(present.plan) } : {}),
    },
  };
}

function thresholdsOf({ thresholds }: GoldenSet): GateSpec['thresholds'] {
  const { precision = 1, recall = 1, costRatioMax, latencyRatioMax } = thresholds ?? {};
  return {
    ...{ precision, recall },
    ...(costRatioMax === undefined ? {} : { costRatioMax }),
    ...(latencyRatioMax === undefined ? {} : { latencyRatioMax }),
  };
}

// The registry has judged the form.
function shownCandidate({ playbook, agent, agent_id, version }: JsonObject): JsonObject {
  if (playbook) return { kind: 'playbook' };
  if (agent) return { kind: 'agent', agent_id: (agent as JsonObject).agent_id ?? null };
  if (agent_id) return { kind: 'agent_version', agent_id, version: version ?? null };
  return { kind: 'domain_version', version: version ?? null };
}

function entryOf({ id, domainId, spec }: GateRecord, writer: Writer): WriteRecord {
  const about = { operation: 'gate_start', entityType: 'gate', entityId: gateIdOf(id) } as const;
  const { goldenSet: golden_set, goldenSetVersion: golden_set_version, candidate } = spec;
  const details = { domain_id: domainId, golden_set, golden_set_version, candidate };
  return { ...about, message: 'Started a gate', details, ...writer };
}
