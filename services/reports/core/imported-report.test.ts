// What an import may say of a report, and the document that comes of it.
import { describe, expect, it } from '@jest/globals';
import { newIdAt } from '../../../foundation/ids/ids.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import {
  type ImportedReport,
  importedReport,
  importProblems,
  importSizeProblems,
} from './imported-report.ts';

const nowMs = Date.UTC(2025, 5, 1);
const facts = { tenantId: 'tenant', userId: 'user', nowMs, newId: newIdAt(nowMs) };
const incidentId = `inc_${newIdAt(Date.UTC(2024, 0, 1)).replaceAll('-', '')}`;

function imported(changes: Partial<ImportedReport> = {}): ImportedReport {
  const base = { incidentId: '', domainId: 'civic_complaints', rawText: 'A pothole', source: '', status: '' };
  return { ...base, ingestionData: {}, ...changes };
}

function deep(levels: number): JsonObject {
  return levels === 0 ? {} : { a: deep(levels - 1) };
}

const history = Array.from({ length: 101 }, () => ({ status: 'open' }));
const broken: readonly [field: string, Partial<ImportedReport>][] = [
  ['incident_id', { incidentId: 'inc_1' }],
  ['incident_id', { incidentId: incidentId.toUpperCase() }],
  ['domain_id', { domainId: '' }],
  ['domain_id', { domainId: 'Civic' }],
  ['raw_text', { rawText: '' }],
  ['raw_text', { rawText: 'x'.repeat(10_001) }],
  ['raw_text', { rawText: 'a\0b' }],
  ['source', { source: 'x'.repeat(51) }],
  ['status', { status: 'processing' }],
  ['status', { status: 'a\0b' }],
  ['confidence', { confidence: 1.01 }],
  ['confidence', { confidence: Number.NaN }],
  ['created_at', { createdAtMs: 0 }],
  ['created_at', { createdAtMs: -1 }],
  ['created_at', { createdAtMs: Number.NaN }],
  ['created_at', { createdAtMs: nowMs + 2 * 24 * 60 * 60 * 1_000 }],
  ['created_at', { createdAtMs: 1e300 }],
  ['ingestion_data', { ingestionData: undefined }],
  ['ingestion_data', { ingestionData: { a: 'x\0' } }],
  ['ingestion_data', { ingestionData: deep(40) }],
  ['management_data', { managementData: { a: 'x'.repeat(65 * 1024) } }],
  ['management_data', { managementData: { a: 1e200 } }],
  ['management_data.history', { managementData: { history: 'none' } }],
  ['management_data.history', { managementData: { history } }],
  ['management_data.history', { managementData: { history: ['text'] } }],
];

describe('an imported report', () => {
  it.each(broken)('is refused for its %s (%#)', (field, changes) => {
    expect(importProblems(imported(changes), nowMs).map((problem) => problem.field)).toEqual([field]);
  });

  it('is refused for every broken rule at once', () => {
    const all = imported({ domainId: '', rawText: '', status: 'processing', ingestionData: undefined });
    const fields = importProblems(all, nowMs).map(({ field }) => field);
    expect(fields).toEqual(['domain_id', 'raw_text', 'status', 'ingestion_data']);
  });

  it('is finished, of the source import, and new, unless it says otherwise', () => {
    expect(importProblems(imported(), nowMs)).toEqual([]);
    const { status, source, id, createdAt, createdBy, version } = importedReport(imported(), facts);
    expect({ status, source, id, createdAt, createdBy, version }).toEqual({
      status: 'completed',
      source: 'import',
      id: facts.newId,
      createdAt: '2025-06-01T00:00:00.000Z',
      createdBy: 'user',
      version: 1,
    });
  });

  it('keeps its id, its time, its findings and its history', () => {
    const managementData = { assignee: 'ann', history: history.slice(0, 100) };
    const said = { incidentId, status: 'closed', source: 'phone', createdAtMs: 1, confidence: 0.5 };
    const all = imported({ ...said, managementData, ingestionData: { urgency: 'low' } });
    expect(importProblems(all, nowMs)).toEqual([]);
    const report = importedReport(all, facts);
    expect(report).toMatchObject({ incidentId, status: 'closed', source: 'phone', managementData });
    expect(report.id.replaceAll('-', '')).toBe(incidentId.slice(4));
    expect(report.createdAt).toBe('1970-01-01T00:00:00.001Z');
    expect(report.findings?.ingestionData).toEqual({ urgency: 'low' });
    expect(report).toMatchObject({ confidence: 0.5, needsClarification: true });
  });

  it('waits for no run', () => {
    expect(importedReport(imported(), facts)).toMatchObject({ jobId: '', outbox: [] });
  });

  it('is refused when its document is larger than any may be', () => {
    const report = importedReport(imported({ ingestionData: { a: 'x'.repeat(360 * 1024) } }), facts);
    expect(importSizeProblems(report).map(({ field }) => field)).toEqual(['ingestion_data']);
  });
});
