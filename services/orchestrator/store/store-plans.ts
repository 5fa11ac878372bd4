// Storing plans before the executions that name them: a plan without an execution does no harm, and goes after a while.
import { textArray, uuidArray } from '../../../foundation/postgres/binary-array.ts';
import type { PinnedText } from '../core/execution-record.ts';

/**
 * Stores those that are new and says of the others that they are in use, to within an hour. `$1` to `$3` are {@link planValues}. What is being
 * removed at this moment is waited for and stored anew: for that the look at what is there comes before the insert.
 */
export const storePlans = `with wanted as materialized (
    select k.* from unnest($1::uuid[], $2::text[], $3::text[]) as k (tenant_id, hash, plan)
  ), used as (
    update orchestrator.plans p set used_at = clock_timestamp()
    from (
      select o.tenant_id, o.hash from wanted k join orchestrator.plans o on o.tenant_id = k.tenant_id and o.hash = k.hash
      where o.used_at < clock_timestamp() - interval '1 hour'
      order by o.tenant_id, o.hash for no key update of o
    ) old
    where p.tenant_id = old.tenant_id and p.hash = old.hash
    returning p.hash
  )
  insert into orchestrator.plans (tenant_id, hash, plan)
  select k.tenant_id, k.hash, k.plan from wanted k, (select count(*) from used) looked
  order by k.tenant_id, k.hash
  on conflict on constraint plans_pkey do nothing`;

/** A plan of a tenant. */
export interface TenantPlan {
  readonly tenantId: string;
  readonly plan: PinnedText;
}

/** The values of plans for {@link storePlans}; none is named twice. */
export function planValues(plans: readonly TenantPlan[]): unknown[] {
  return [
    uuidArray(plans.map(({ tenantId }) => tenantId)),
    textArray(plans.map(({ plan }) => plan.hash)),
    textArray(plans.map(({ plan }) => plan.text)),
  ];
}
