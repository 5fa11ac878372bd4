// /domains/{id}/gate: a candidate definition measured by a golden set against what is published. Registry and orchestrator judge everything.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { notFound } from '../../foundation/fault/fault.ts';
import type { JsonObject } from '../../foundation/json/json.ts';
import { type Gate, GateStatus } from '../../proto/gen/domainflow/orchestrator/v1/gate_pb.js';
import { AgentClass } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { named } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { objectSchema, textSchema } from '../http/schema-parts.ts';
import { locationHeader, locationOf } from './created-location.ts';
import { documentSchema, sentDocument } from './definition-request.ts';
import { domainPath } from './domain-schema.ts';
import { enumWord } from './enum-words.ts';
import { candidateSchema, newGateExamples } from './gate-request-schema.ts';
import { cancelledGateExample, gateExample, gatePath, startedGateSchema } from './gate-schema.ts';
import { meshCall, startTimeoutMs } from './mesh-call.ts';
import { pathId } from './path-id.ts';
import { timeJson } from './time-json.ts';

interface GateBody {
  readonly golden_set: string;
  readonly candidate: JsonObject;
}

const golden_set = { ...textSchema(1, 50), title: 'Name of a golden set of the domain' };
const startSchema = objectSchema({ golden_set, candidate: documentSchema }, ['golden_set', 'candidate']);
const toldBody = objectSchema({ golden_set, candidate: candidateSchema }, ['golden_set', 'candidate']);
const readConfig = { role: 'viewer', permission: 'domains:read' } as const;
const updateConfig = { role: 'admin', permission: 'domains:update' } as const;
const path = '/domains/:domain_id/gate';

const operations = {
  start: {
    ...{
      id: 'startGate',
      tag: 'Domains',
      summary: 'Measure a candidate by a golden set against what is published',
    },
    description:
      'Every row is run on both sides, and the runs write nothing. What is required by a golden set is published only after a gate that passed with exactly this.',
    ...{ params: domainPath, body: startSchema, toldBody, bodyExamples: newGateExamples },
    answers: {
      202: {
        description: 'The gate runs; ask for it until its status is no longer running',
        ...{ schema: startedGateSchema, headers: locationHeader },
        example: { gate_id: gateExample.gate_id, status: 'running' },
      },
    },
    refusals: {
      400: 'candidate: must be one of {playbook}, {agent: {agent_id, …}}, {agent_id, version} and {version}',
      404: 'No such golden set',
      409: 'The ingestion playbook cannot be compiled with the candidate',
      429: 'The tenant has 3 gates under way; wait for one to end, or cancel it',
    },
  },
  get: {
    ...{ id: 'getGate', tag: 'Domains', summary: 'A gate, how far it is and what it found' },
    ...{ params: gatePath, refusals: { 404: 'No such gate' } },
    answers: { 200: { description: 'The gate', schema: named('Gate'), example: gateExample } },
  },
  cancel: {
    ...{ id: 'cancelGate', tag: 'Domains', summary: 'Cancel a gate and its runs' },
    description: 'Cancelling again changes nothing.',
    params: gatePath,
    answers: {
      202: { description: 'The gate as it stands', schema: named('Gate'), example: cancelledGateExample },
    },
    refusals: { 404: 'No such gate', 409: 'The gate has ended as completed: it cannot be cancelled' },
  },
} satisfies Record<string, Operation>;

/** Registers the routes of gates. */
export function gateRoutes(app: FastifyInstance, { gates }: MeshClients): void {
  app.post<{ Body: GateBody }>(
    path,
    { config: updateConfig, schema: routeSchema(operations.start) },
    async (request, reply) => {
      const { golden_set: goldenSet, candidate } = sentDocument(request) as JsonObject & GateBody;
      const wanted = { domainId: pathId(request, 'domain_id', 'domain'), goldenSet, candidate };
      const gate = answered((await gates.startGate(wanted, meshCall(request, startTimeoutMs))).gate);
      reply.code(202).header('location', locationOf(request, gate.gateId));
      return { gate_id: gate.gateId, status: enumWord(GateStatus, gate.status) };
    },
  );

  app.get(`${path}/:gate_id`, { config: readConfig, schema: routeSchema(operations.get) }, async (request) =>
    gateJson(answered((await gates.getGate(placeOf(request), meshCall(request))).gate)),
  );

  app.delete(
    `${path}/:gate_id`,
    { config: updateConfig, schema: routeSchema(operations.cancel) },
    async (request, reply) => {
      const { gate } = await gates.cancelGate(placeOf(request), meshCall(request));
      reply.code(202);
      return gateJson(answered(gate));
    },
  );
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
