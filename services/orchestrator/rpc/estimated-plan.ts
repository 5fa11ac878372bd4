// The plan whose runs are estimated: that of a saved playbook, or of one that is tried before it is saved.
import { create } from '@bufbuild/protobuf';
import type { CallOptions, Client } from '@connectrpc/connect';
import { Fault, invalidArgument, type Violation } from '../../../foundation/fault/fault.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { AgentClass } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import {
  CheckDomainRequestSchema,
  type DomainService,
} from '../../../proto/gen/domainflow/registry/v1/domain_service_pb.js';
import { type OpenedPlan, openPlan, pinPlan } from '../engine/pinned-plan.ts';
import type { PlanSource } from '../engine/plan-source.ts';

/** The playbooks of a domain by their words. */
export const playbookWords = {
  [AgentClass.INGESTION]: 'ingestion',
  [AgentClass.QUERY]: 'query',
  [AgentClass.MANAGEMENT]: 'management',
} as const;

/** A playbook of a domain. */
export interface PlaybookAsked {
  readonly tenantId: string;
  readonly domainId: string;
  readonly playbook: keyof typeof playbookWords;
  /** Undefined for the saved one. */
  readonly definition: JsonObject | undefined;
}

/** An opened plan under its hash. */
export interface EstimatedPlan extends OpenedPlan {
  readonly hash: string;
}

/** What plans are found with. */
export interface EstimatedPlanDeps {
  readonly plans: PlanSource;
  readonly domains: Client<typeof DomainService>;
}

/**
 * The plan. Faults of the registry; `failed_precondition` for a saved playbook that cannot be compiled any more, `invalid_argument` with
 * everything that is wrong with one that is tried.
 */
export async function findEstimatedPlan(
  { plans, domains }: EstimatedPlanDeps,
  asked: PlaybookAsked,
  options: CallOptions,
): Promise<EstimatedPlan> {
  if (asked.definition) return triedPlan(domains, { ...asked, definition: asked.definition }, options);
  const { pinned } = await plans.resolve(asked, options);
  const opened = openPlan(pinned);
  const invalid = opened.run.tasks.find(({ unavailable }) => unavailable === 'plan_invalid');
  if (invalid)
    throw new Fault('failed_precondition', invalid.unavailableBecause ?? 'The playbook is invalid');
  return { ...opened, hash: pinned.hash };
}

async function triedPlan(
  domains: Client<typeof DomainService>,
  { domainId, playbook, definition }: PlaybookAsked & { readonly definition: JsonObject },
  options: CallOptions,
): Promise<EstimatedPlan> {
  const member = `${playbookWords[playbook]}_playbook`;
  const request = create(CheckDomainRequestSchema, { domainId, definition: { [member]: definition } });
  const { violations, plans } = await domains.checkDomain(request, options);
  const plan = plans.find((each) => each.playbook === playbook);
  const own = violations.filter(({ field }) => field.startsWith(member));
  if (plan && own.length === 0) {
    const pinned = pinPlan(plan);
    return { ...openPlan(pinned), hash: pinned.hash };
  }
  const found = own.length > 0 ? own : violations;
  throw invalidArgument(
    found.map(({ field, reason }): Violation => ({ field: field.replace(member, 'playbook'), reason })),
  );
}
