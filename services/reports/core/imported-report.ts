// Reports that were finished elsewhere: what makes one storable, and the document that it becomes. No playbook ever runs for them.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { idOfPrefixed } from '../../../foundation/ids/ids.ts';
import { isJsonObject, type JsonObject } from '../../../foundation/json/json.ts';
import { clarificationThreshold } from './apply-ingestion.ts';
import { historyMax } from './history.ts';
import { jsonProblem } from './json-problem.ts';
import {
  incidentIdPrefix,
  managementBytesMax,
  type Report,
  rawTextLengthMax,
  statusProcessing,
  submittedReport,
  wordLengthMax,
} from './report.ts';
import { isDomainId, isIncidentId, sizeProblems } from './report-problems.ts';

/** Status of an imported report that says none. */
const statusDefault = 'completed';
/** Source of an imported report that says none. */
const sourceDefault = 'import';
/** How far ahead of this machine's clock a submission may lie, in milliseconds: clocks differ. */
const aheadMsMax = 24 * 60 * 60 * 1_000;

/** What an import says of a report. */
export interface ImportedReport {
  /** `inc_` id that it had; empty for a new one. */
  readonly incidentId: string;
  readonly domainId: string;
  readonly rawText: string;
  /** Empty for the default. */
  readonly source: string;
  /** Empty for the default. */
  readonly status: string;
  /** Absent breaks a rule. */
  readonly ingestionData: JsonObject | undefined;
  readonly managementData?: JsonObject | undefined;
  /** 0 to 1; absent when unknown. */
  readonly confidence?: number | undefined;
  /** Milliseconds since the Unix epoch; absent for now. */
  readonly createdAtMs?: number | undefined;
}

/** Who imports, when, and the id for a report that brings none. */
export interface ImportFacts {
  readonly tenantId: string;
  readonly userId: string;
  readonly nowMs: number;
  /** UUIDv7. */
  readonly newId: string;
}

/** Every broken rule of an imported report. */
export function importProblems(imported: ImportedReport, nowMs: number): readonly Violation[] {
  const { incidentId, domainId, rawText, source, status, ingestionData, managementData } = imported;
  const { confidence = 0, createdAtMs = nowMs } = imported;
  const length = [...rawText].length;
  const word = `must have at most ${wordLengthMax} characters, none of them U+0000`;
  const rules: [field: string, holds: boolean, reason: string][] = [
    [
      'incident_id',
      incidentId === '' || isIncidentId(incidentId),
      'must be inc_ and 32 hex digits, or left out',
    ],
    ['domain_id', isDomainId(domainId), 'must be 1 to 50 of a-z, 0-9 and _, beginning with a letter'],
    ['raw_text', length >= 1 && length <= rawTextLengthMax, `must have 1 to ${rawTextLengthMax} characters`],
    ['raw_text', length === 0 || rawText.trim() !== '', 'must not be empty'],
    ['raw_text', !rawText.includes('\0'), 'must not hold the character U+0000'],
    ['source', isWord(source), word],
    ['status', isWord(status), word],
    [
      'status',
      status !== statusProcessing,
      `must not be ${statusProcessing}: nothing will process the report`,
    ],
    ['confidence', confidence >= 0 && confidence <= 1, 'must be between 0 and 1'],
    ['created_at', isImportTime(createdAtMs, nowMs), 'must lie after 1970 and not in the future'],
    ['ingestion_data', ingestionData !== undefined, 'is required; it may be empty'],
  ];
  return [
    ...rules.filter(([, holds]) => !holds).map(([field, , reason]) => ({ field, reason })),
    ...dataProblems('ingestion_data', ingestionData),
    ...dataProblems('management_data', managementData),
    ...managementProblems(managementData ?? {}),
  ];
}

/** The document of an imported report that breaks no rule. Its findings and its history are taken over as they are. */
export function importedReport(imported: ImportedReport, facts: ImportFacts): Report {
  const { domainId, rawText, source, status, ingestionData = {}, managementData, confidence } = imported;
  const { tenantId, userId: createdBy, nowMs } = facts;
  const id = idOfPrefixed(incidentIdPrefix, imported.incidentId) ?? facts.newId;
  const createdAt = new Date(imported.createdAtMs ?? nowMs).toISOString();
  const submission = { tenantId, id, domainId, rawText, jobId: '', createdAt, createdBy };
  return {
    ...submittedReport({ ...submission, source: source || sourceDefault }),
    status: status || statusDefault,
    findings: { ingestionData, provenance: {}, conflicts: [] },
    managementData,
    confidence,
    findingsAt: createdAt,
    findingsVersion: 1,
    needsClarification: confidence !== undefined && confidence < clarificationThreshold,
    updatedAt: new Date(nowMs).toISOString(),
  };
}

/** The violation of an imported report whose document is too large. */
export function importSizeProblems(report: Report): readonly Violation[] {
  return sizeProblems(report, 'ingestion_data');
}

// Ids carry the time of their object, and no UUIDv7 is older than 1970.
function isImportTime(timeMs: number, nowMs: number): boolean {
  return timeMs > 0 && timeMs <= nowMs + aheadMsMax;
}

function dataProblems(field: string, data: JsonObject | undefined): readonly Violation[] {
  const reason = data && jsonProblem(data);
  return reason ? [{ field, reason }] : [];
}

function managementProblems({ history, ...rest }: JsonObject): readonly Violation[] {
  const bytes = Buffer.byteLength(JSON.stringify(rest));
  const isHistory = Array.isArray(history) && history.length <= historyMax && history.every(isJsonObject);
  const size = `is ${bytes} bytes large without its history; ${managementBytesMax} are allowed`;
  return [
    ...(bytes > managementBytesMax ? [{ field: 'management_data', reason: size }] : []),
    ...(history === undefined || isHistory
      ? []
      : [{ field: 'management_data.history', reason: `must be a list of at most ${historyMax} objects` }]),
  ];
}

function isWord(text: string): boolean {
  return [...text].length <= wordLengthMax && !text.includes('\0');
}
