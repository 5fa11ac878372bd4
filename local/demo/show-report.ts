// Shows one report in full: the words, what the agents read out of them, and the very words that each value was read from.
import type { Provenance, Report } from '../../clients/api/gen/api-types.ts';
import type { Narrator } from '../terminal/narrator.ts';
import { firstWords } from './demo-run.ts';

const valueLengthMax = 300;

/** The one of which most values were read from the text: the most telling one. Undefined when there is none. */
export function mostTelling<T extends { readonly report: Report }>(finished: readonly T[]): T | undefined {
  const placed = ({ report }: T): number =>
    Object.values(report.provenance).filter(({ spans }) => spans.length > 0).length;
  return [...finished].sort((a, b) => placed(b) - placed(a))[0];
}

/** Prints the report. */
export function showReport(narrator: Narrator, report: Report): void {
  narrator.say(`  ${report.incident_id} (${report.status})`);
  narrator.say(`  "${report.raw_text}"`);
  narrator.print('');
  const keys = Object.entries(report.ingestion_data);
  const width = Math.max(...keys.map(([key]) => key.length), 0);
  const indent = ' '.repeat(width + 4);
  for (const [key, value] of keys) {
    narrator.print(`  ${key.padEnd(width)}  ${firstWords(plain(value), valueLengthMax)}`);
    const source = report.provenance[key];
    if (source) narrator.say(`${indent}${origin(source, report.raw_text)}`);
  }
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function origin({ agent_id, confidence, spans }: Provenance, text: string): string {
  const quotes = [...new Set(spans.map(({ start, end }) => `"${text.slice(start, end)}"`))];
  const where = quotes.length > 0 ? ` read from ${quotes.join(', ')}` : '';
  return `by ${agent_id}${where}, ${Math.round(confidence * 100)} % sure`;
}
