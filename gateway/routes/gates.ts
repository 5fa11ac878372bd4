// /domains/{id}/gate: a candidate definition measured by a golden set against what is published. Registry and orchestrator judge everything.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { notFound } from '../../foundation/fault/fault.ts';
import type { JsonObject } from '../../foundation/json/json.ts';
import { type Gate, GateStatus } from '../../proto/gen/domainflow/orchestrator/v1/gate_pb.js';
import { AgentClass } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { objectSchema, textSchema } from '../http/schema-parts.ts';
import { locationOf } from './created-location.ts';
import { documentSchema, sentDocument } from './definition-request.ts';
import { enumWord } from './enum-words.ts';
import { meshCall, startTimeoutMs } from './mesh-call.ts';
import { pathId } from './path-id.ts';
import { timeJson } from './time-json.ts';

interface GateBody {
  readonly golden_set: string;
  readonly candidate: JsonObject;
}

const startSchema = objectSchema({ golden_set: textSchema(1, 50), candidate: documentSchema }, [
  'golden_set',
  'candidate',
]);
const readConfig = { role: 'viewer', permission: 'domains:read' } as const;
const updateConfig = { role: 'admin', permission: 'domains:update' } as const;
const path = '/domains/:domain_id/gate';

/** Registers the routes of gates. */
export function gateRoutes(app: FastifyInstance, { gates }: MeshClients): void {
  app.post<{ Body: GateBody }>(
    path,
    { config: updateConfig, schema: { body: startSchema } },
    async (request, reply) => {
      const { golden_set: goldenSet, candidate } = sentDocument(request) as JsonObject & GateBody;
      const wanted = { domainId: pathId(request, 'domain_id', 'domain'), goldenSet, candidate };
      const gate = answered((await gates.startGate(wanted, meshCall(request, startTimeoutMs))).gate);
      reply.code(202).header('location', locationOf(request, gate.gateId));
      return { gate_id: gate.gateId, status: enumWord(GateStatus, gate.status) };
    },
  );

  app.get(`${path}/:gate_id`, { config: readConfig }, async (request) =>
    gateJson(answered((await gates.getGate(placeOf(request), meshCall(request))).gate)),
  );

  app.delete(`${path}/:gate_id`, { config: updateConfig }, async (request, reply) => {
    const { gate } = await gates.cancelGate(placeOf(request), meshCall(request));
    reply.code(202);
    return gateJson(answered(gate));
  });
}

function placeOf(request: FastifyRequest): { readonly domainId: string; readonly gateId: string } {
  return { domainId: pathId(request, 'domain_id', 'domain'), gateId: pathId(request, 'gate_id', 'gate') };
}

function answered(gate: Gate | undefined): Gate {
  if (!gate) throw notFound('gate');
  return gate;
}

// What was measured comes in the words of the API; until then its members are null.
const unmeasured = {
  ...{ reasons: [], fields: [], overall: null, cost: null, latency: null, runs_failed: null },
  ...{ differences: [], differences_total: 0 },
};

function gateJson(gate: Gate): object {
  return {
    gate_id: gate.gateId,
    domain_id: gate.domainId,
    golden_set: gate.goldenSet,
    golden_set_version: gate.goldenSetVersion,
    playbook: enumWord(AgentClass, gate.playbook),
    candidate: gate.candidate ?? null,
    status: enumWord(GateStatus, gate.status),
    progress: { rows_done: gate.rowsDone, rows_total: gate.rowsTotal },
    passed: gate.passed ?? null,
    ...(gate.result ?? unmeasured),
    error: gate.error || null,
    created_by: gate.createdBy,
    created_at: timeJson(gate.createdAt),
    completed_at: gate.completedAt ? timeJson(gate.completedAt) : null,
  };
}
