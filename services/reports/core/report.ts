// A report as the service thinks of it, with the limits of its parts.
import { prefixedId } from '../../../foundation/ids/ids.ts';
import type { JsonObject, JsonValue } from '../../../foundation/json/json.ts';
import type { Patch } from './patch.ts';

/** Prefix of the public ids of reports. */
export const incidentIdPrefix = 'inc_';
/** Status from the submission until the run's outcome is applied. */
export const statusProcessing = 'processing';
/** Largest document, in bytes of its JSON. */
export const documentBytesMax = 350 * 1024;
/** Largest `managementData` without its history, in bytes of its JSON. */
export const managementBytesMax = 64 * 1024;
/** Longest own words of a reporter, in characters (code points). */
export const rawTextLengthMax = 10_000;
/** Longest source and status, in characters. */
export const wordLengthMax = 50;
/** Length to which lists cut `rawText`, in characters (code points). */
export const summaryLength = 200;

/** Names one report. */
export interface ReportKey {
  /** UUID. */
  readonly tenantId: string;
  /** `inc_` id. */
  readonly incidentId: string;
}

/** One piece of evidence; see the proto. */
export interface ReportImage {
  readonly url: string;
  readonly objectKey: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly checksum: string;
  readonly verified: boolean;
}

/** Half-open range of `rawText`, in UTF-16 code units. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/** Where one value of `ingestionData` comes from. */
export interface Provenance {
  readonly agentId: string;
  readonly agentVersion: number;
  readonly executionId: string;
  readonly attempt: number;
  readonly runtime: string;
  readonly confidence: number;
  readonly spans: readonly TextSpan[];
}

/** One agent's answer for a key. */
export interface ConflictValue {
  readonly agentId: string;
  readonly value: JsonValue;
}

/** A key that agents answered differently. */
export interface Conflict {
  readonly key: string;
  readonly kept: ConflictValue;
  readonly dropped: readonly ConflictValue[];
}

/** What a run of ingestion found out. */
export interface Findings {
  readonly ingestionData: JsonObject;
  readonly provenance: Readonly<Record<string, Provenance>>;
  readonly conflicts: readonly Conflict[];
}

/** The part of a report that lists show. */
export interface ReportSummary extends ReportKey {
  /** UUIDv7. */
  readonly id: string;
  readonly domainId: string;
  /** `rawText`, cut to {@link summaryLength}. */
  readonly summary: string;
  readonly source: string;
  readonly status: string;
  /** ISO 8601, milliseconds, UTC. */
  readonly createdAt: string;
  /** Id of the user. */
  readonly createdBy: string;
}

/** One document. */
export interface Report extends ReportSummary {
  readonly rawText: string;
  readonly images: readonly ReportImage[];
  /** Absent until a run has brought some. */
  readonly findings?: Findings | undefined;
  /** Absent while nobody has recorded any. */
  readonly managementData?: JsonObject | undefined;
  /** Absent until a run has said. */
  readonly confidence?: number | undefined;
  readonly needsClarification: boolean;
  readonly clarificationQuestions: readonly string[];
  /** `job_` id of the newest execution. */
  readonly jobId: string;
  /** `job_` id of the newest execution whose outcome is in the document; absent before the first. */
  readonly appliedJobId?: string | undefined;
  /** When the newest outcome was applied, in ISO 8601; absent before the first. */
  readonly findingsAt?: string | undefined;
  /** The version that brought the newest outcome; absent before the first. */
  readonly findingsVersion?: number | undefined;
  /** Why ingestion failed; empty otherwise. */
  readonly error: string;
  /** ISO 8601, milliseconds, UTC. */
  readonly updatedAt: string;
  /** One higher with every write, from 1. */
  readonly version: number;
  /** States of patches that the patches' own documents may not have yet, the newest of each patch. */
  readonly outbox: readonly Patch[];
}

/** What a submission says of a report. */
export interface Submission {
  readonly tenantId: string;
  /** UUIDv7. */
  readonly id: string;
  readonly domainId: string;
  readonly rawText: string;
  readonly source: string;
  readonly jobId: string;
  /** ISO 8601, milliseconds, UTC. */
  readonly createdAt: string;
  readonly createdBy: string;
}

/** The document that a submission begins. */
export function submittedReport(submission: Submission): Report {
  return {
    ...submission,
    incidentId: prefixedId(incidentIdPrefix, submission.id),
    summary: summaryOf(submission.rawText),
    images: [],
    status: statusProcessing,
    needsClarification: false,
    clarificationQuestions: [],
    error: '',
    updatedAt: submission.createdAt,
    version: 1,
    outbox: [],
  };
}

/** The later of two times in ISO 8601: clocks of replicas differ, and the changes of a report go forward in time all the same. */
export function notBefore(at: string, earliest: string): string {
  return at < earliest ? earliest : at;
}

// Cut between characters, so that no half of a surrogate pair is left.
function summaryOf(rawText: string): string {
  return [...rawText.slice(0, summaryLength * 2)].slice(0, summaryLength).join('');
}
