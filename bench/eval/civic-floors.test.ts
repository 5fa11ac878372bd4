// The sets that were labelled for this project: they are whole, and the agents do not fall below these figures on them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { scoreKeyphrases } from './score-keyphrases.ts';
import { scoreUrgency } from './score-urgency.ts';
import type { Row } from './scorer.ts';

function rowsOf(file: string): Row[] {
  const lines = readFileSync(join(import.meta.dirname, file), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Row);
}

async function figures(
  score: (rows: readonly Row[]) => Promise<readonly { metric: string; value: number }[]>,
  file: string,
) {
  return new Map((await score(rowsOf(file))).map(({ metric, value }) => [metric, value]));
}

describe('reports whose urgency is marked', () => {
  it('are judged as people judged them, dangers to life nearly always', async () => {
    const figure = await figures(scoreUrgency, 'urgency_civic.jsonl');
    expect(figure.get('macro_f1')).toBeGreaterThan(0.88);
    expect(figure.get('within_one')).toBeGreaterThan(0.97);
    expect(figure.get('immediate_recall')).toBeGreaterThan(0.9);
  });
});

describe('reports whose key phrases are marked', () => {
  it('give those phrases, and hardly any that nobody marked', async () => {
    const figure = await figures(scoreKeyphrases, 'keyphrases_civic.jsonl');
    expect(figure.get('f1')).toBeGreaterThan(0.82);
    expect(figure.get('astray')).toBeLessThan(0.16);
  });
});

describe('every marked phrase', () => {
  it('is what its span says', () => {
    for (const { text, phrases } of rowsOf('keyphrases_civic.jsonl')) {
      for (const each of phrases as { text: string; start: number; end: number }[]) {
        expect(String(text).slice(each.start, each.end)).toBe(each.text);
      }
    }
  });
});

describe('a row that cannot be scored', () => {
  it('is named with its field', async () => {
    await expect(scoreUrgency([{ text: 'x', urgency: 'soon' }])).rejects.toThrow(
      'row 1: urgency must be one of',
    );
    await expect(scoreUrgency([{ urgency: 'low' }])).rejects.toThrow('row 1 lacks text');
    await expect(scoreKeyphrases([{ id: 'a', text: 'x', phrases: 'none' }])).rejects.toThrow(/^a: phrases/);
    await expect(scoreKeyphrases([{ id: 'b', phrases: [] }])).rejects.toThrow(/^b: text/);
  });
});
