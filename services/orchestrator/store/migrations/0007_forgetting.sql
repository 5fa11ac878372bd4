-- What runs leave behind: approvals, commands and plans go after their runs, in steps of `keep_weeks`.

-- Removes up to so many approvals, and commands older than a day, of runs that are gone; answers how many of those of which there are more.
-- What belongs to a run stays as long as the run. Rows are chosen before they are removed: a statement that may wait for a row must not choose
-- partitions.
create function orchestrator.forget_what_was_asked(low uuid, most integer) returns integer
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  tenants uuid[];
  runs uuid[];
  nodes text[];
  ids uuid[];
  approvals integer;
begin
  select array_agg(k.tenant_id), array_agg(k.execution_id), array_agg(k.node_id), count(*) into tenants, runs, nodes, approvals from (
    select a.tenant_id, a.execution_id, a.node_id from orchestrator.approvals a where a.execution_id < low and not exists (
      select from orchestrator.executions x where x.tenant_id = a.tenant_id and x.id = a.execution_id and x.id < low) limit most) as k;
  delete from orchestrator.approvals a using unnest(tenants, runs, nodes) as k (tenant_id, execution_id, node_id)
    where a.tenant_id = k.tenant_id and a.execution_id = k.execution_id and a.node_id = k.node_id;
  select array_agg(k.tenant_id), array_agg(k.execution_id), array_agg(k.id) into tenants, runs, ids from (
    select c.tenant_id, c.execution_id, c.id from orchestrator.commands c
    where c.created_at < clock_timestamp() - interval '1 day' and not exists (
      select from orchestrator.executions x where x.tenant_id = c.tenant_id and x.id = c.execution_id) limit most) as k;
  delete from orchestrator.commands c using unnest(tenants, runs, ids) as k (tenant_id, execution_id, id)
    where c.tenant_id = k.tenant_id and c.execution_id = k.execution_id and c.id = k.id;
  return greatest(approvals, coalesce(cardinality(ids), 0));
end
$$;
revoke all on function orchestrator.forget_what_was_asked(uuid, integer) from public;

-- Looks at up to so many plans that no start has named since, and removes those that no run names; answers at how many. Runs that are younger
-- than `low` have named theirs later. What is named is found before anything is held. A start that names a plan just now waits for the removal
-- and stores it anew, or holds it and it is left out.
create function orchestrator.forget_plans(low uuid, since timestamptz, most integer) returns integer
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  tenants uuid[];
  hashes text[];
  naming uuid[];
  named text[];
begin
  select array_agg(p.tenant_id), array_agg(p.hash) into tenants, hashes from (
    select p.tenant_id, p.hash from orchestrator.plans p where p.used_at < since order by p.used_at limit most) as p;
  if hashes is null then return 0; end if;
  select array_agg(n.tenant_id), array_agg(n.plan_hash) into naming, named from (
    select distinct x.tenant_id, x.plan_hash from orchestrator.executions x where x.id < low and x.tenant_id = any(tenants)) as n;
  update orchestrator.plans p set used_at = clock_timestamp()
  from (select o.tenant_id, o.hash from unnest(naming, named) as k (tenant_id, hash)
    join orchestrator.plans o on o.tenant_id = k.tenant_id and o.hash = k.hash
    where o.used_at < since for no key update of o skip locked) as o
  where p.tenant_id = o.tenant_id and p.hash = o.hash;
  delete from orchestrator.plans p
  using (select o.tenant_id, o.hash from unnest(tenants, hashes) as k (tenant_id, hash)
    join orchestrator.plans o on o.tenant_id = k.tenant_id and o.hash = k.hash
    where o.used_at < since and not exists (
      select from unnest(naming, named) as n (tenant_id, hash) where n.tenant_id = o.tenant_id and n.hash = o.hash)
    for update of o skip locked) as o
  where p.tenant_id = o.tenant_id and p.hash = o.hash and p.used_at < since;
  return cardinality(hashes);
end
$$;
revoke all on function orchestrator.forget_plans(uuid, timestamptz, integer) from public;
