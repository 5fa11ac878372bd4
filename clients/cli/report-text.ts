// A report in text: what was written, what was read out of it, and from which words.
import { detailLines } from './screen/details.ts';
import { onOneLine, plainText } from './screen/plain-text.ts';

/** What is shown of a report. */
export interface ShownReport {
  readonly incident_id: string;
  readonly domain_id: string;
  readonly status: string;
  readonly raw_text: string;
  readonly error?: string | null;
  readonly ingestion_data: Readonly<Record<string, unknown>>;
  readonly management_data: Readonly<Record<string, unknown>>;
  readonly provenance: Readonly<
    Record<
      string,
      {
        readonly agent_id: string;
        readonly spans: readonly { readonly start: number; readonly end: number }[];
      }
    >
  >;
  readonly clarification_questions?: readonly unknown[];
}

/** The lines of a report. */
export function reportLines(report: ShownReport): readonly string[] {
  const { incident_id, domain_id, status, raw_text, error, management_data } = report;
  const read = Object.entries(report.ingestion_data).flatMap(([key, value]) => [
    ...detailLines({ [key]: value }, '  '),
    ...originLines(report, key),
  ]);
  const managed = detailLines(management_data, '  ').filter((line) => line.trim() !== '');
  const questions = (report.clarification_questions ?? []).map(
    (each) => `  ${onOneLine(questionText(each))}`,
  );
  return [
    `${incident_id}  ${status}  (${domain_id})`,
    ...plainText(raw_text)
      .split('\n')
      .map((line) => `> ${line}`),
    ...(read.length > 0 ? ['read:', ...read] : []),
    ...(Object.keys(management_data).length > 0 ? ['managed:', ...managed] : []),
    ...(questions.length > 0 ? ['to be asked:', ...questions] : []),
    ...(error ? [`error: ${plainText(error)}`] : []),
  ];
}

function originLines({ provenance, raw_text }: ShownReport, key: string): readonly string[] {
  const origin = provenance[key];
  if (!origin) return [];
  const words = origin.spans.map(({ start, end }) => `"${onOneLine(raw_text.slice(start, end))}"`);
  return [`    by ${origin.agent_id}${words.length > 0 ? `, from ${words.join(', ')}` : ''}`];
}

function questionText(question: unknown): string {
  return typeof question === 'string' ? question : JSON.stringify(question);
}
