// How gates ended, and what their runs have cost, in PostgreSQL.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { GateShown } from '../core/gate-evidence.ts';
import type { GateFacts, GateResult, GateStore, RunCost } from './gate-store.ts';

/** Results that are kept of a set. */
const resultsKept = 500;

const ofContent = `from registry.gate_results r
where r.tenant_id = $1 and r.domain_configuration_id = $2 and r.name = $3 and r.candidate_hash = $4`;

const selectPassed = `select true as passed ${ofContent} and r.version = $5 and r.present_hash = $6 and r.passed limit 1`;

const selectNewest = `select r.gate_id, r.version, r.present_hash, r.passed, r.failing_paths ${ofContent}
order by r.created_at desc, r.gate_id desc limit 1`;

// Whoever writes the set waits for this, or this for it: a result is never kept for a set that is gone.
const selectSet = `select s.domain_configuration_id from registry.golden_sets s
join registry.domain_configurations d on d.tenant_id = s.tenant_id and d.id = s.domain_configuration_id
where s.tenant_id = $1 and d.domain_id = $2 and s.name = $3 for key share of s`;

const insertResult = `insert into registry.gate_results (tenant_id, gate_id, domain_configuration_id, name, version, candidate_hash,
  present_hash, passed, failing_paths)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict on constraint gate_results_pkey do nothing`;

const forgetResults = `delete from registry.gate_results old using (
  select r.gate_id from registry.gate_results r where r.tenant_id = $1 and r.domain_configuration_id = $2 and r.name = $3
  order by r.created_at desc, r.gate_id desc offset ${resultsKept} limit 100
) found
where old.tenant_id = $1 and old.gate_id = found.gate_id`;

// A call whose end is not known counts as what was reserved for it, as budgets count it.
const selectCosts = `select l.job_id, coalesce(l.currency, '') as currency, count(*)::integer as calls,
  sum(coalesce(l.input_tokens, l.input_tokens_estimate)::bigint + coalesce(l.output_tokens, l.output_tokens_max))::text as tokens,
  coalesce(sum(l.money), 0)::text as money
from registry.usage_ledger l
where l.tenant_id = $1 and l.job_id = any($2::text[]) and l.status <> 'not_sent'
group by 1, 2
order by 1, 2
limit 1000`;

interface ShownRow {
  readonly gate_id: string;
  readonly version: number;
  readonly present_hash: string;
  readonly passed: boolean;
  readonly failing_paths: readonly string[];
}

interface CostRow {
  readonly job_id: string;
  readonly currency: string;
  readonly calls: number;
  readonly tokens: string;
  readonly money: string;
}

/** Facts about the gates of a tenant. */
export function gateEvidenceFacts(client: SqlClient, tenantId: string): Pick<GateFacts, 'gateEvidence'> {
  return {
    gateEvidence: async ({ set: { domainKey, name, version }, candidateHash, presentHash }) => {
      const content = [tenantId, domainKey, name, candidateHash];
      const exactly = { name: 'registry.select_passed_gate', text: selectPassed };
      const passed = await client.query({ ...exactly, values: [...content, version, presentHash] });
      if (passed.rows.length > 0) return { passed: true };
      const newest = { name: 'registry.select_newest_gate', text: selectNewest, values: content };
      const [row] = (await client.query<ShownRow>(newest)).rows;
      return { passed: false, ...(row ? { newest: shownOf(row) } : {}) };
    },
  };
}

/** Keeps results and reads costs. */
export function createGateStatements(postgres: Postgres): GateStore {
  return {
    recordGateResult: (tenantId, result) =>
      postgres.tenantTransaction(tenantId, (client) => record(client, tenantId, result)),
    sumRunCosts: (tenantId, jobIds) =>
      postgres.tenantRead(
        tenantId,
        async (client) => {
          const values = [tenantId, jobIds];
          const { rows } = await client.query<CostRow>({
            name: 'registry.select_run_costs',
            text: selectCosts,
            values,
          });
          return rows.map(costOf);
        },
        { fresh: true },
      ),
  };
}

async function record(client: SqlClient, tenantId: string, result: GateResult): Promise<boolean> {
  const { gateId, domainId, name, version, candidateHash, presentHash, passed, failingPaths } = result;
  const asked = { name: 'registry.select_gated_set', text: selectSet, values: [tenantId, domainId, name] };
  const [set] = (await client.query<{ readonly domain_configuration_id: string }>(asked)).rows;
  if (!set) return false;
  const key = set.domain_configuration_id;
  const hashes = [candidateHash, presentHash];
  const values = [tenantId, gateId, key, name, version, ...hashes, passed, JSON.stringify(failingPaths)];
  await client.query({ name: 'registry.insert_gate_result', text: insertResult, values });
  const forget = { name: 'registry.forget_gate_results', text: forgetResults };
  await client.query({ ...forget, values: [tenantId, key, name] });
  return true;
}

function shownOf({ gate_id, version, present_hash, passed, failing_paths }: ShownRow): GateShown {
  return { gateId: gate_id, version, presentHash: present_hash, passed, failingPaths: failing_paths };
}

function costOf({ job_id: jobId, currency, calls, tokens, money }: CostRow): RunCost {
  return { jobId, currency, calls, tokens: BigInt(tokens), money: BigInt(money) };
}
