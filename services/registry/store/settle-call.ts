// Writes down how a call of a model ended, and gives back to the sums what it did not cost. The first end that is told counts, also for a
// call that was uncertain by then.
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import { costOf, type ModelPrice } from '../core/model-price.ts';
import type { CallEnd } from '../core/usage-call.ts';
import type { SettledCall } from './usage-store.ts';
import { addToTotals } from './usage-totals.ts';

const selectCall = `select domain_id, day::text as day, status, provider, price_version, currency, input_price::text as input_price,
  output_price::text as output_price, cached_input_price::text as cached_input_price, money::text as money
from registry.usage_ledger
where tenant_id = $1 and id = $2 and job_id = $3
for update`;

const updateCall = `update registry.usage_ledger set status = $3, settled_at = $4, money = $5, input_tokens = $6, output_tokens = $7,
  cached_input_tokens = $8, tokens_estimated = $9
where tenant_id = $1 and id = $2`;

interface LedgerRow {
  readonly domain_id: string;
  readonly day: string;
  readonly status: string;
  readonly provider: string;
  readonly price_version: string | null;
  readonly currency: string | null;
  readonly input_price: string;
  readonly output_price: string;
  readonly cached_input_price: string;
  readonly money: string | null;
}

/** Which call ended, how and when. */
export interface Settling {
  readonly tenantId: string;
  readonly jobId: string;
  /** UUID. */
  readonly id: string;
  readonly end: CallEnd;
  readonly nowMs: number;
}

/** Settles the call; undefined when the run has no such reservation. */
export async function settleCall(client: SqlClient, settling: Settling): Promise<SettledCall | undefined> {
  const { tenantId, jobId, id, end, nowMs } = settling;
  const { rows } = await client.query<LedgerRow>({
    name: 'registry.select_call_to_settle',
    text: selectCall,
    values: [tenantId, id, jobId],
    prepare: true,
  });
  const [row] = rows;
  if (!row) return undefined;
  const { provider, currency } = row;
  if (row.status !== 'open' && row.status !== 'uncertain') return { provider, isNew: false };
  const price = priceOf(row);
  const { outcome, tokens, estimated } = end;
  const money = price && (outcome === 'not_sent' ? 0n : costOf(price, tokens));
  const { input, output, cachedInput } = tokens;
  const values = [
    tenantId,
    id,
    outcome,
    new Date(nowMs),
    money ?? null,
    input,
    output,
    cachedInput,
    estimated,
  ];
  const counted = { tenantId, jobId, domainId: row.domain_id, day: row.day, currency: currency ?? undefined };
  await Promise.all([
    client.query({ name: 'registry.settle_call', text: updateCall, values, prepare: true }),
    money === undefined ? undefined : addToTotals(client, counted, money - BigInt(row.money ?? 0)),
  ]);
  return {
    provider,
    isNew: true,
    ...(price && money !== undefined ? { currency: price.currency, money } : {}),
  };
}

function priceOf(row: LedgerRow): ModelPrice | undefined {
  const { price_version: version, currency } = row;
  if (version === null || currency === null) return undefined;
  return {
    version,
    currency,
    input: BigInt(row.input_price),
    output: BigInt(row.output_price),
    cachedInput: BigInt(row.cached_input_price),
  };
}
