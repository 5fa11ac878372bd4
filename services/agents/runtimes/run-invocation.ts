// Runs an invocation in its runtime, with its tools on a leash, and lets nothing pass that its schema does not allow.
import type { CallOptions } from '@connectrpc/connect';
import type { Tracer } from '@opentelemetry/api';
import type { Clock } from '../../../foundation/clock.ts';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { WatchedCache } from '../../../foundation/rpc/watched-cache.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import type { EntityModels } from '../core/entity/entity-skill.ts';
import type { GeoSources } from '../core/geo/geo-skill.ts';
import type { Invocation, InvocationEnd, InvocationFailure, RuntimeNotice } from '../core/invocation.ts';
import { failureOf } from '../core/invocation-failure.ts';
import type { OutputCheck } from '../core/output-check.ts';
import type { SkillAnswer } from '../core/skill.ts';
import { leashReportData } from '../tools/leashed-data.ts';
import { createReportIndex } from '../tools/report-index.ts';
import { readTenantKnowledge } from '../tools/tenant-knowledge.ts';
import { type RegistryReach, readToolGrants } from '../tools/tool-grants.ts';
import { createToolLeash } from '../tools/tool-leash.ts';
import { type BuiltinReach, skillOf } from './builtin/builtin-skills.ts';

/** On whose behalf an invocation runs and who watches it. */
export interface InvocationCircumstances {
  readonly tenantId: string;
  /** Class of the run. */
  readonly capability: string;
  /** Identity and time of each call it makes; the identity is that of whoever asked for the attempt last. */
  readonly callOptions: () => CallOptions;
  /** Aborted, with a Fault as the reason, when the attempt is to end; what it answers afterwards does not count. */
  readonly signal: AbortSignal;
  readonly tell: (notice: RuntimeNotice) => void;
}

/** Runs one attempt. What goes wrong is a failure in the closed list; it rejects for nothing. */
export type RunInvocation = (
  invocation: Invocation,
  circumstances: InvocationCircumstances,
) => Promise<InvocationEnd>;

/** What running needs. */
export interface RunInvocationDeps {
  readonly clients: MeshClients;
  /** What the registry answered, for as long as it would tell of a change. */
  readonly kept: WatchedCache;
  readonly geo: GeoSources;
  readonly models: EntityModels;
  readonly outputs: OutputCheck;
  readonly tracer: Tracer;
  readonly log: Log;
  readonly clock: Clock;
}

/** Runs builtin agents; agents of other runtimes fail with a sentence on what to do. */
export function createRunInvocation(deps: RunInvocationDeps): RunInvocation {
  return async (invocation, circumstances) => {
    const skill = invocation.runtime === 'builtin' ? skillOf(invocation.agentId) : undefined;
    if (!skill) return { failure: withoutSkill(invocation) };
    try {
      const reach = await reachOf(deps, invocation, circumstances);
      return checked(deps.outputs, invocation, await skill(invocation, reach));
    } catch (error) {
      if (!(error instanceof Fault)) {
        deps.log.error({ err: error, agent_id: invocation.agentId }, 'A builtin skill ended in an error');
      }
      return { failure: failureOf(error) };
    }
  };
}

async function reachOf(
  { clients, kept, geo, models, tracer, clock }: RunInvocationDeps,
  { agentId, tools, domainId, settingsRevision }: Invocation,
  { tenantId, capability, callOptions, tell }: InvocationCircumstances,
): Promise<BuiltinReach> {
  const registry: RegistryReach = { clients, kept, tenantId, callOptions };
  const [tenant, granted] = await Promise.all([
    readTenantKnowledge(registry, settingsRevision),
    tools.length === 0 ? new Set<string>() : readToolGrants(agentId, registry),
  ]);
  const leash = createToolLeash({
    tracer,
    tools,
    granted,
    capability,
    tell: (call) => tell({ kind: 'tool_call', call }),
  });
  const index = createReportIndex({ index: clients.index, domainId, callOptions });
  const data = leashReportData(index, { leash, tools });
  return { tenant, data, geo, models, nowMs: clock() };
}

function checked(outputs: OutputCheck, { outputSchema }: Invocation, answer: SkillAnswer): InvocationEnd {
  const problems = outputs.problemsOf(answer.output, outputSchema);
  if (problems.length === 0) return { answer, runtime: 'builtin' };
  const message = `The output is not valid: ${problems.join('; ')}`;
  return { failure: { code: 'output_invalid', message } };
}

function withoutSkill({ agentId, agentName, runtime }: Invocation): InvocationFailure {
  const remedy = 'use one of the builtin agents instead';
  if (runtime === 'builtin') {
    const message = `No builtin skill belongs to the agent ${agentName} (${agentId}) in this version: ${remedy}`;
    return { code: 'agent_missing', message };
  }
  const lacks = runtime === 'model' ? 'a language model, and no model provider' : 'a worker, and none';
  const message = `The agent ${agentName} needs ${lacks} can be configured in this version: ${remedy}`;
  return { code: 'model_unavailable', message };
}
