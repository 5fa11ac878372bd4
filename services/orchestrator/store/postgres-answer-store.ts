// Answers of requests with a name on PostgreSQL, under the role that serves requests; those that are old are removed under the engine's.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { HeldName, WantedClaim } from '../core/request-answer.ts';
import type { AnswerStore, NameClaim } from './answer-store.ts';

// Of two that claim at the same time the second one waits here and then finds the first one's claim. What is old begins anew, unless it is
// being carried out just now.
const claimName = `insert into orchestrator.request_answers as r (tenant_id, user_id, name, body_hash, request_id, claim, claimed_until)
  values ($1, $2, $3, $4, $5, $6, clock_timestamp() + make_interval(secs => $7))
  on conflict on constraint request_answers_pkey do update
  set claim = excluded.claim, claimed_until = excluded.claimed_until, answer = null, body_hash = excluded.body_hash,
    request_id = case when r.created_at < clock_timestamp() - make_interval(secs => $8) then excluded.request_id else r.request_id end,
    created_at = case when r.created_at < clock_timestamp() - make_interval(secs => $8) then excluded.created_at else r.created_at end
  where r.claimed_until <= clock_timestamp() and (r.created_at < clock_timestamp() - make_interval(secs => $8)
    or (r.answer is null and r.body_hash = excluded.body_hash))
  returning request_id`;

const selectName = `select request_id, body_hash = $4 as same_body, answer from orchestrator.request_answers
  where tenant_id = $1 and user_id = $2 and name = $3`;

const keepAnswer = `update orchestrator.request_answers set answer = $5, claimed_until = clock_timestamp()
  where tenant_id = $1 and user_id = $2 and name = $3 and claim = $4 and answer is null`;

const releaseName = `update orchestrator.request_answers set claimed_until = clock_timestamp()
  where tenant_id = $1 and user_id = $2 and name = $3 and claim = $4 and answer is null`;

const deleteAnswers = `delete from orchestrator.request_answers r
  using (
    select tenant_id, user_id, name from orchestrator.request_answers
    where created_at < (select clock_timestamp() - make_interval(secs => $1)) and claimed_until <= (select clock_timestamp())
    order by created_at limit $2 for update skip locked
  ) old
  where r.tenant_id = old.tenant_id and r.user_id = old.user_id and r.name = old.name`;

interface NameRow {
  readonly request_id: string;
  readonly same_body: boolean;
  readonly answer: Buffer | null;
}

/** The store over a pool of the role `orchestrator_app`. */
export function createPostgresAnswerStore(postgres: Postgres): AnswerStore {
  const change = async ({ tenantId, userId, name, claim }: NameClaim, given: NamedText): Promise<void> => {
    const values = [tenantId, userId, name, claim, ...given.values];
    const statement = { name: `orchestrator.${given.name}`, text: given.text, values };
    await postgres.tenantTransaction(tenantId, (client) => client.query(statement));
  };
  return {
    claim: (wanted, keptMs) =>
      postgres.tenantTransaction(wanted.tenantId, async (client) => {
        const requestId = await claimed(client, wanted, keptMs);
        return requestId === undefined ? heldName(client, wanted) : { requestId };
      }),
    keep: (held, answer) => change(held, { name: 'keep_answer', text: keepAnswer, values: [answer] }),
    release: (held) => change(held, { name: 'release_name', text: releaseName, values: [] }),
  };
}

/** Removes up to `limit` answers that are older than this, over a pool of the role `orchestrator_engine`; answers how many. */
export async function removeAnswers(postgres: Postgres, olderThanMs: number, limit: number): Promise<number> {
  const values = [olderThanMs / 1000, limit];
  return (await postgres.query({ name: 'orchestrator.delete_answers', text: deleteAnswers, values })).count;
}

interface NamedText {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

async function claimed(client: SqlClient, wanted: WantedClaim, keptMs: number): Promise<string | undefined> {
  const { tenantId, userId, name, bodyHash, requestId, claim, leaseMs } = wanted;
  const values = [tenantId, userId, name, bodyHash, requestId, claim, leaseMs / 1000, keptMs / 1000];
  const statement = { name: 'orchestrator.claim_name', text: claimName, values };
  return (await client.query<NameRow>(statement)).rows[0]?.request_id;
}

async function heldName(
  client: SqlClient,
  { tenantId, userId, name, bodyHash }: WantedClaim,
): Promise<HeldName> {
  const values = [tenantId, userId, name, bodyHash];
  const statement = { name: 'orchestrator.select_name', text: selectName, values };
  const [row] = (await client.query<NameRow>(statement)).rows;
  if (!row) throw new Error('A name that could not be claimed is not there');
  const { request_id: requestId, same_body: sameBody, answer } = row;
  return { requestId, sameBody, ...(answer ? { answer } : {}) };
}
