// Where starts get their plans from: the registry says which plan holds now, and moves it over the wire only when this replica does not
// hold it. A plan is fixed by its hash, so what is held is never wrong, only no longer asked for.
import { createHash } from 'node:crypto';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { CallOptions, Client } from '@connectrpc/connect';
import { createBoundedCache } from '../../../foundation/cache/bounded-cache.ts';
import { asFault, Fault } from '../../../foundation/fault/fault.ts';
import type { AgentClass } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type {
  DomainService,
  ResolvePlanRequestSchema,
} from '../../../proto/gen/domainflow/registry/v1/domain_service_pb.js';
import { type Plan, PlanSchema } from '../../../proto/gen/domainflow/registry/v1/plan_pb.js';
import type { PinnedText } from '../core/execution-record.ts';
import { pinPlan } from './pinned-plan.ts';

/** How much the held plans may weigh, in characters. */
const textsMax = 32 * 1024 * 1024;

/** For how many playbooks the hash of the newest plan is remembered. */
const playbooksMax = 10_000;

/** A playbook of a tenant's domain. */
export interface PlanAsked {
  readonly tenantId: string;
  readonly domainId: string;
  readonly playbook: AgentClass;
}

/** A plan to pin. */
export interface PlanToPin {
  readonly domainVersion: number;
  readonly pinned: PinnedText;
}

/** The plans of this moment. */
export interface PlanSource {
  /**
   * The plan that the registry answers now; every call asks it. Faults of ResolvePlan, but where the playbook cannot be compiled any more, a
   * plan whose run fails before any agent runs and says why (SPEC E2.4).
   */
  resolve(asked: PlanAsked, options: CallOptions): Promise<PlanToPin>;
}

/** Plans from the registry. Equal plans of several tenants are held once. */
export function createPlanSource(domains: Client<typeof DomainService>): PlanSource {
  const hashes = createBoundedCache<string>({ weightMax: playbooksMax, weightOf: () => 1 });
  const plans = createBoundedCache<PlanToPin>({
    weightMax: textsMax,
    weightOf: ({ pinned }) => pinned.text.length,
  });

  const hold = (key: string, plan: Plan): PlanToPin => {
    const held = plans.get(plan.hash) ?? { domainVersion: plan.domainVersion, pinned: pinPlan(plan) };
    hashes.set(key, plan.hash);
    plans.set(plan.hash, held);
    return held;
  };

  return {
    resolve: async ({ tenantId, domainId, playbook }, options) => {
      const key = `${tenantId} ${playbook} ${domainId}`;
      const held = plans.get(hashes.get(key) ?? '');
      const knownHash = held?.pinned.hash ?? '';
      const resolved = await resolve(domains, { domainId, playbook, knownHash }, options);
      if ('invalid' in resolved) return resolved.invalid;
      const { plan, unchanged } = resolved;
      if (held && unchanged) return held;
      if (!plan) throw new Fault('internal', 'The registry answered without a plan');
      return hold(key, plan);
    },
  };
}

type ResolveRequest = MessageInitShape<typeof ResolvePlanRequestSchema>;

async function resolve(domains: Client<typeof DomainService>, request: ResolveRequest, options: CallOptions) {
  try {
    return await domains.resolvePlan(request, options);
  } catch (error) {
    const { reason, message } = asFault(error);
    if (reason !== 'failed_precondition') throw error;
    return { invalid: invalidPlan(request.domainId ?? '', message) };
  }
}

function invalidPlan(domainId: string, message: string): PlanToPin {
  const value = { agentId: 'playbook', errorCode: 'plan_invalid', message };
  const nodes = [{ nodeId: 'playbook', kind: { case: 'unavailable' as const, value } }];
  const hash = createHash('sha256').update(`${domainId} ${message}`).digest('hex');
  return { domainVersion: 0, pinned: pinPlan(create(PlanSchema, { domainId, nodes, hash })) };
}
