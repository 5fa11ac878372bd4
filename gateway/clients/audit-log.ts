// Reads the audit log of the registry and of the orchestrator as one list. Nothing is kept between two pages: a place in the list means the same
// to both. When one of them does not answer there is no list, since half of one would say that nothing else was done.

import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { CallOptions } from '@connectrpc/connect';
import { asFault, Fault } from '../../foundation/fault/fault.ts';
import { microsOf, timestampOfMicros } from '../../foundation/paging/list-place.ts';
import type { PageRead, PageSlice } from '../../foundation/paging/open-page.ts';
import { reachMax } from '../../foundation/paging/page-choice.ts';
import type { PageInfo } from '../../proto/gen/domainflow/common/v1/page_pb.js';
import type { AuditSource } from '../core/audit-filter.ts';
import { type AuditLine, type AuditPart, type AuditPlace, mergeParts, placeOf } from '../core/audit-list.ts';
import type { MeshClients } from './mesh-clients.ts';

/** Most entries of one call. */
const partMax = 100;
const retryAfterMs = 1_000;

/** Filters of both services; an empty one lets everything through. */
export interface AuditFilter {
  readonly operationType: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly status: string;
  readonly userId: string;
  readonly from?: Timestamp;
  readonly to?: Timestamp;
}

/** A part of the list to read. */
export interface AuditWanted {
  readonly slice: PageSlice<AuditPlace>;
  /** Services that are asked; none answer an empty list. */
  readonly sources: readonly AuditSource[];
  readonly filter: AuditFilter;
  /** Options of one call. */
  readonly call: () => CallOptions;
}

/** What was read. */
export interface AuditRead extends PageRead<AuditPlace> {
  readonly lines: readonly AuditLine[];
}

type AuditClients = Pick<MeshClients, 'audit' | 'executionAudit'>;

/** Reads a page. Fault `unavailable` names the service that does not answer. What lies before a page by number is read through. */
export async function readAuditLog(clients: AuditClients, wanted: AuditWanted): Promise<AuditRead> {
  const { limit, offset, after } = wanted.slice;
  let counted: Pick<AuditPart, 'total' | 'totalAtLeast'> | undefined;
  let place = after;
  for (let left = offset; left > 0; left -= partMax) {
    const passed = await readPart(clients, wanted, { limit: Math.min(left, partMax), after: place });
    counted ??= passed;
    const last = passed.hasMore ? passed.lines.at(-1) : undefined;
    if (!last) return { lines: [], ...totalOf(counted) };
    place = placeOf(last);
  }
  const { lines, hasMore, ...found } = await readPart(clients, wanted, { limit, after: place });
  const last = hasMore ? lines.at(-1) : undefined;
  return { lines, ...totalOf(counted ?? found), next: last && placeOf(last) };
}

function totalOf({ total, totalAtLeast = false }: Pick<AuditPart, 'total' | 'totalAtLeast'>) {
  if (total === undefined) return {};
  return { total: Math.min(total, reachMax), totalAtLeast: totalAtLeast || total > reachMax };
}

type PartWanted = Pick<PageSlice<AuditPlace>, 'limit' | 'after'>;

async function readPart(
  clients: AuditClients,
  { sources, filter, call }: AuditWanted,
  { limit, after }: PartWanted,
): Promise<AuditPart> {
  const place = after && { at: timestampOfMicros(BigInt(after.us)), id: after.id };
  const request = { ...filter, page: { limit }, ...(place ? { after: place } : {}) };
  const read = {
    registry: async () => registryPart(await clients.audit.listAuditEntries(request, call())),
    orchestrator: async () =>
      orchestratorPart(await clients.executionAudit.listAuditEntries(request, call())),
  };
  const parts = sources.map((source) => read[source]().catch((error) => unanswered(source, error)));
  return mergeParts(await Promise.all(parts), limit);
}

function unanswered(source: AuditSource, error: unknown): never {
  const fault = asFault(error);
  if (fault.reason !== 'unavailable' && fault.reason !== 'deadline_exceeded') throw fault;
  const message = `The ${source} does not answer, and the audit log is shown whole or not at all`;
  throw new Fault('unavailable', message, { retryAfterMs: fault.retryAfterMs ?? retryAfterMs, cause: fault });
}

type Answer<Service extends keyof AuditClients> = Awaited<
  ReturnType<AuditClients[Service]['listAuditEntries']>
>;

function registryPart({ entries, page }: Answer<'audit'>): AuditPart {
  const lines = entries.map((entry) => ({
    ...entry,
    details: {},
    beforeHash: entry.beforeHash || null,
    afterHash: entry.afterHash || null,
    traceId: entry.traceId || null,
    timestampUs: usOf(entry.timestamp),
  }));
  return { lines, ...restOf(page) };
}

function orchestratorPart({ entries, page }: Answer<'executionAudit'>): AuditPart {
  const lines = entries.map((entry) => ({
    ...entry,
    details: entry.details ?? {},
    beforeHash: null,
    afterHash: null,
    traceId: entry.traceId || null,
    durationMs: entry.durationMs ?? null,
    timestampUs: usOf(entry.timestamp),
  }));
  return { lines, ...restOf(page) };
}

function restOf(page: PageInfo | undefined): Omit<AuditPart, 'lines'> {
  const { nextCursor = '', total, totalAtLeast = false } = page ?? {};
  return {
    hasMore: nextCursor !== '',
    ...(total === undefined ? {} : { total: Number(total) }),
    totalAtLeast,
  };
}

function usOf(timestamp: Timestamp | undefined): bigint {
  return timestamp ? microsOf(timestamp) : 0n;
}
