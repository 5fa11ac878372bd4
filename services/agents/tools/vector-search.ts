// The tool vector_search: reports that are like a text. The likeness is that of words, not of meanings: no embeddings are computed, and the
// answer says so. Only what the index finds by one of the words is compared.
import { likenessTo } from '../core/query/likeness.ts';
import type { FoundReport, ReportData } from '../core/report-data.ts';
import type { JsonObject, JsonValue } from '../core/skill.ts';
import { normaliseName } from '../core/text/words.ts';
import type { AnswerTool } from './report-tools.ts';

const candidatesMax = 100;
const topDefault = 10;
const scoreMinDefault = 0.7;

/** The tool over the reports of one domain. Faults of the reports service pass through. */
export function createVectorSearch(data: ReportData): AnswerTool {
  return async ({ query, top_k: top = topDefault, min_score: scoreMin = scoreMinDefault }) => {
    const wanted = String(query);
    const text = wordsToSearch(wanted).join(' or ');
    const found = text === '' ? [] : (await data.retrieve({ text, limit: candidatesMax })).reports;
    const texts = found.map(textOf);
    const { scoreOf } = likenessTo(wanted, texts);
    const reports = found
      .map((report, at) => ({ report, score: scoreOf(texts[at] ?? '') }))
      .filter(({ score }) => score >= Number(scoreMin))
      .sort((a, b) => b.score - a.score || b.report.rank - a.report.rank)
      .slice(0, Number(top))
      .map(({ report, score }) => answered(report, score));
    return { similarity: 'words', reports } satisfies JsonObject;
  };
}

/** The words that count, as they are written: the index knows accents. */
function wordsToSearch(wanted: string): string[] {
  const counting = new Set(likenessTo(wanted, []).words);
  const written = wanted.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  return [...new Set(written.filter((word) => counting.has(normaliseName(word))))].map((word) => `"${word}"`);
}

/** What there is to compare: the beginning of the text, and what agents read out of the whole. */
function textOf({ summary, ingestion_data: data }: FoundReport): string {
  return [summary, ...Object.values(data).flatMap(textsIn)].join(' ');
}

function textsIn(value: JsonValue): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function answered({ incident_id, status, created_at, summary, location }: FoundReport, score: number) {
  const point = location && { type: location.type, coordinates: [...location.coordinates] };
  return { incident_id, score, status, created_at, summary, location: point };
}
