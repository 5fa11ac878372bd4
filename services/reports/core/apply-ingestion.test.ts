// What the outcome of a run makes of a report.
import { describe, expect, it } from '@jest/globals';
import { applyIngestion, type IngestionOutcome } from './apply-ingestion.ts';
import { type Report, submittedReport } from './report.ts';

const report = submittedReport({
  ...{ tenantId: 't', id: '01890000-0000-7000-8000-000000000000', domainId: 'd', rawText: 'A flood' },
  ...{ source: 'web', jobId: 'job_1', createdAt: '2025-01-01T00:00:00.000Z', createdBy: 'u' },
});
const findings = { ingestionData: { urgency: 'low' }, provenance: {}, conflicts: [] };
const outcome: IngestionOutcome = {
  ...{ jobId: 'job_1', succeeded: true, findings, confidence: 0.8, clarificationQuestions: [], error: '' },
  at: '2025-01-01T00:01:00.000Z',
};

describe('an outcome', () => {
  it.each(['assigned', 'in_progress', 'my own word'])(
    'leaves the case status %s and brings its data',
    (status) => {
      const next = applyIngestion({ ...report, status }, outcome);
      expect(next).toMatchObject({ status, findings, version: 2, updatedAt: outcome.at });
    },
  );

  it('is noted with its time and version, not before what was changed earlier, and keeps the outbox', () => {
    const updatedAt = '2025-01-01T00:02:00.000Z';
    const outbox = [{ patchId: 'patch_1', revision: 1 }] as unknown as Report['outbox'];
    expect(applyIngestion(report, outcome)).toMatchObject({ findingsAt: outcome.at, findingsVersion: 2 });
    const later = applyIngestion({ ...report, updatedAt, version: 4, outbox }, outcome);
    expect(later).toMatchObject({ findingsAt: updatedAt, updatedAt, findingsVersion: 5, outbox });
  });

  it('of a failed run without findings keeps what an earlier run brought', () => {
    const earlier: Report = { ...report, findings, confidence: 0.8, jobId: 'job_2', appliedJobId: 'job_1' };
    const failed = {
      ...outcome,
      jobId: 'job_2',
      succeeded: false,
      findings: undefined,
      confidence: undefined,
    };
    expect(applyIngestion(earlier, failed)).toMatchObject({ status: 'failed', findings, confidence: 0.8 });
  });

  it.each([
    [0.59, true],
    [0.6, false],
    [undefined, false],
  ])('with confidence %s asks for clarification: %s', (confidence, needsClarification) => {
    expect(applyIngestion(report, { ...outcome, confidence })).toMatchObject({ needsClarification });
  });
});
