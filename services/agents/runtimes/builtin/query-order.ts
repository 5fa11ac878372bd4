// Reads the first reports of a match in the order of time or distance. The index ranks by words, so where more match than are read, those beyond the ends of
// what was read are asked for until no more can be there.

import { inOrder, narrowedTo, type Order, orderOf } from '../../core/query/ordered.ts';
import { isReadWhole } from '../../core/query/query-skill.ts';
import { filterOf, reportsReadMax, type Search } from '../../core/query/search.ts';
import type { Understanding } from '../../core/question/understand.ts';
import type { FoundReport, ReportFilter, RetrieveResult } from '../../core/report-data.ts';
import type { CountedData } from './query-calls.ts';
import type { Match } from './query-matches.ts';

/** Reports that are shown where the question does not say how many. */
const shownDefault = 10;
/** Each reading leaves out what cannot be at the end; a few are enough for any spread of the ranks. */
const readingsMax = 5;
/** Calls that are kept for what the skill itself wants to know. */
const callsKept = 3;

/** The reports in the order that the question asks for; none where it asks for none of these, or where the calls do not suffice. */
export async function readOrdered(
  question: Understanding,
  orders: readonly Order['by'][],
  { match: { found, searches }, data }: { readonly match: Match; readonly data: CountedData },
): Promise<readonly FoundReport[]> {
  const order = orderOf(question);
  const { shownMost: most = shownDefault } = question;
  if (order === undefined || !orders.includes(order.by)) return [];
  if (isReadWhole(found)) return inOrder(found.reports, order).slice(0, most);
  const calls = Math.floor((data.callsLeft() - callsKept) / searches.length);
  if (calls < 1) return [];
  const end = { order, most, data, calls: Math.min(calls, readingsMax) };
  const read = await Promise.all(searches.map((search) => readEnd(search, end)));
  if (read.includes(undefined)) return [];
  return inOrder(
    read.flatMap((part) => part ?? []),
    order,
  ).slice(0, most);
}

interface End {
  readonly data: CountedData;
  readonly order: Order;
  readonly most: number;
  readonly calls: number;
}

/** The reports at the end of one search; undefined where the calls do not suffice. */
async function readEnd(search: Search, end: End): Promise<readonly FoundReport[] | undefined> {
  let within: ReportFilter = filterOf(search);
  for (let call = 0; call < end.calls; call += 1) {
    const read: RetrieveResult = await end.data.retrieve({ ...within, limit: reportsReadMax });
    if (isReadWhole(read)) return read.reports;
    const last = inOrder(read.reports, end.order).slice(0, end.most).at(-1);
    if (last !== undefined) within = { ...within, ...narrowedTo(last, end.order) };
  }
  return undefined;
}
