// What the outcome of an ingestion run makes of a report. Applying is decided here; that it happens once is the store's condition.
import {
  type Findings,
  notBefore,
  type Provenance,
  type Report,
  statusProcessing,
  type TextSpan,
} from './report.ts';

/** Below this confidence a report needs clarification. */
export const clarificationThreshold = 0.6;

/** How a run ended. */
export interface IngestionOutcome {
  readonly jobId: string;
  /** True when no task failed. */
  readonly succeeded: boolean;
  /** Absent when the run brought nothing; what the document holds then stays. */
  readonly findings?: Findings | undefined;
  /** Mean over the agents, 0 to 1; absent when none succeeded. */
  readonly confidence?: number | undefined;
  readonly clarificationQuestions: readonly string[];
  /** Empty when the run did not fail. */
  readonly error: string;
  /** ISO 8601, milliseconds, UTC. */
  readonly at: string;
}

/**
 * The next version of the report, or undefined when nothing is to be done: the outcome is in the document already, or a
 * newer job owns it. A case status that was set meanwhile stays; the data is taken over in any case.
 */
export function applyIngestion(report: Report, outcome: IngestionOutcome): Report | undefined {
  if (report.jobId !== outcome.jobId || report.appliedJobId === outcome.jobId) return undefined;
  const { confidence, succeeded, error, clarificationQuestions } = outcome;
  const at = notBefore(outcome.at, report.updatedAt);
  const version = report.version + 1;
  return {
    ...report,
    status: report.status === statusProcessing ? (succeeded ? 'completed' : 'failed') : report.status,
    findings: outcome.findings ? withinText(outcome.findings, report.rawText) : report.findings,
    confidence: confidence ?? report.confidence,
    needsClarification: confidence !== undefined && confidence < clarificationThreshold,
    clarificationQuestions,
    error,
    appliedJobId: outcome.jobId,
    updatedAt: at,
    findingsAt: at,
    findingsVersion: version,
    version,
  };
}

function withinText(findings: Findings, rawText: string): Findings {
  const isInside = ({ start, end }: TextSpan): boolean => start >= 0 && start < end && end <= rawText.length;
  const entries = Object.entries(findings.provenance).map(([key, origin]): [string, Provenance] => [
    key,
    { ...origin, spans: origin.spans.filter(isInside) },
  ]);
  return { ...findings, provenance: Object.fromEntries(entries) };
}
