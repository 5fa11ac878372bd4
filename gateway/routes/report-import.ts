// Finished reports of a batch: stored in groups, without running a playbook. Each line is stored or refused on its own.
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { asFault, Fault, type Violation } from '../../foundation/fault/fault.ts';
import type { JsonObject } from '../../foundation/json/json.ts';
import type { ImportReportsResponse_Result } from '../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { carriageProblems } from '../core/json-carriage.ts';
import type { SentLine } from '../http/line-reader.ts';
import {
  domainIdSchema,
  instantSchema,
  objectIdSchema,
  objectSchema,
  type Schema,
  statusSchema,
  textSchema,
} from '../http/schema-parts.ts';
import { documentOf, invalidLine, type LineAnswer, type LineReading, lineFailure } from './batch-line.ts';
import { carryTimeoutMs, meshCall } from './mesh-call.ts';
import { timeMessage } from './time-range.ts';

/** A report that was finished elsewhere, as a line of an export has it too. */
interface FinishedReport {
  readonly incident_id?: string;
  readonly domain_id: string;
  readonly text?: string;
  readonly raw_text?: string;
  readonly source?: string;
  readonly status?: string;
  readonly ingestion_data: JsonObject;
  readonly management_data?: JsonObject;
  readonly confidence?: number | null;
  readonly created_at?: string;
}

const rawTextSchema = textSchema(1, 10_000);

/** Schema of a line to import. */
export const finishedReportSchema: Schema = objectSchema(
  {
    incident_id: {
      ...objectIdSchema,
      title: 'The id that it had: importing it again changes nothing; a new id unless given',
    },
    domain_id: domainIdSchema,
    text: { ...rawTextSchema, title: 'What happened, in the words of the reporter' },
    raw_text: { ...rawTextSchema, title: 'The same as `text`, which comes first' },
    source: textSchema(1, 50, { title: 'Where it came from; `import` unless given' }),
    status: { ...statusSchema, title: 'Any status but `processing`; `completed` unless given' },
    ingestion_data: { type: 'object', title: 'What was found out; may be empty' },
    management_data: { type: 'object', title: 'What was recorded; its `history` is taken over' },
    confidence: { type: ['number', 'null'], minimum: 0, maximum: 1 },
    created_at: { ...instantSchema, title: 'When it was submitted; now unless given' },
  },
  ['domain_id', 'ingestion_data'],
);

/** What importing the groups of one batch needs. */
export interface ImportDeps {
  readonly reading: LineReading;
  readonly clients: MeshClients;
  /** Looks a domain up, once in a batch. Fault `not_found` without it. */
  readonly requireDomain: (domainId: string) => Promise<void>;
  /** True when the batch has an idempotency key: then every line must name its report. */
  readonly isKeyed: boolean;
}

/** Stores the lines of a group and answers for each, in order. */
export async function importGroup(
  deps: ImportDeps,
  group: readonly SentLine[],
): Promise<readonly LineAnswer[]> {
  const read = await Promise.all(group.map((sent) => readLine(deps, sent)));
  const good = read.filter((line) => 'report' in line);
  const stored = good.length === 0 ? [] : await storeAll(deps, good);
  const answers = new Map(good.map(({ line }, at) => [line, stored[at]]));
  return read.map((line) => ('report' in line ? (answers.get(line.line) ?? notTold()) : line));
}

interface ReadLine {
  readonly line: number;
  readonly report: ReturnType<typeof messageOf>;
}

async function readLine(deps: ImportDeps, sent: SentLine): Promise<ReadLine | LineAnswer> {
  try {
    const document = documentOf<FinishedReport>(deps.reading, sent);
    const problems = problemsOf(document, deps.isKeyed);
    if (problems.length > 0) throw invalidLine(problems);
    await deps.requireDomain(document.domain_id);
    return { line: sent.line, report: messageOf(document) };
  } catch (error) {
    return lineFailure(sent.line, error);
  }
}

function problemsOf(document: FinishedReport, isKeyed: boolean): readonly Violation[] {
  const { text, raw_text, incident_id, ingestion_data, management_data = {} } = document;
  return [
    ...(text === undefined && raw_text === undefined ? [{ field: 'text', reason: 'is required' }] : []),
    ...(isKeyed && incident_id === undefined
      ? [
          {
            field: 'incident_id',
            reason: 'is required beside an Idempotency-Key: it is what makes an import safe to repeat',
          },
        ]
      : []),
    ...carriageProblems(ingestion_data, 'ingestion_data'),
    ...carriageProblems(management_data, 'management_data'),
  ];
}

function messageOf(document: FinishedReport) {
  const { incident_id, domain_id, text, raw_text, source, status, created_at } = document;
  const { ingestion_data: ingestionData, management_data: managementData, confidence } = document;
  const createdAt: Timestamp | undefined = timeMessage(created_at);
  return {
    incidentId: incident_id ?? '',
    domainId: domain_id,
    rawText: text ?? raw_text ?? '',
    source: source ?? '',
    status: status ?? '',
    ingestionData,
    ...(managementData && { managementData }),
    ...(typeof confidence === 'number' ? { confidence } : {}),
    ...(createdAt && { createdAt }),
  };
}

async function storeAll(
  { clients, reading }: ImportDeps,
  lines: readonly ReadLine[],
): Promise<readonly LineAnswer[]> {
  const call = meshCall(reading.request, carryTimeoutMs);
  try {
    const { results } = await clients.reports.importReports(
      { reports: lines.map(({ report }) => report) },
      call,
    );
    return lines.map(({ line }, at) => answerOf(line, results[at] ?? notTold()));
  } catch (error) {
    const fault = asFault(error);
    return lines.map(({ line }) => lineFailure(line, fault));
  }
}

function answerOf(
  line: number,
  { incidentId, existed, violations, unknown }: ImportReportsResponse_Result,
): LineAnswer {
  if (unknown)
    return lineFailure(line, new Fault('unavailable', 'Whether the report is stored is not known'));
  if (violations.length > 0) return lineFailure(line, invalidLine(violations.map(asSent)));
  return { line, status: existed ? 'existed' : 'imported', incident_id: incidentId };
}

// The service names fields of its message, and perhaps where it stood in the group.
function asSent({ field, reason }: Violation): Violation {
  const name = field.replace(/^reports\[\d+\]\.?/, '');
  return { field: name === 'raw_text' ? 'text' : name || 'line', reason };
}

function notTold(): never {
  throw new Fault('internal', 'What became of a report was not answered');
}
