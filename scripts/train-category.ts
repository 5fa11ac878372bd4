#!/usr/bin/env node
// `node scripts/train-category.ts --data FILE --out FILE`: trains a category model on labelled reports, judges it by five-fold
// cross-validation and writes it as JSON. The same files give the same bytes. It prints the figures; it judges nothing.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { readArguments } from '../local/terminal/arguments.ts';
import { runCommand, UsageError } from '../local/terminal/run-command.ts';
import type { CategoryModel } from '../services/agents/core/category/category-model.ts';
import { modelDocument } from '../services/agents/core/category/model-document.ts';
import { crossValidate } from './category/cross-validate.ts';
import { fitScorer, type LabelledText } from './category/fit-model.ts';

const usage = `Usage: node scripts/train-category.ts --data FILE --out FILE [--auxiliary FILE]... [--version N] [--seeds N]

Trains a category model on labelled reports: JSON Lines with text, label, source and licence in every row. The model is named by the
file it is written to, category-NAME.json. Prints the figures of five-fold cross-validation as JSON.

  --auxiliary  labelled reports of another city: what a scorer of their labels says of a text becomes an input of the model
  --version    number of the model among those of its name [1]
  --seeds      how often the folds are made anew; the figures are then the mean, and each is printed, too [1]`;

interface Choices {
  readonly data: string;
  readonly out: string;
  readonly auxiliary: readonly string[];
  readonly version: number;
  readonly seeds: number;
}

interface TrainingFile {
  readonly texts: readonly LabelledText[];
  readonly source: string;
  readonly licence: string;
  readonly hash: string;
}

function readChoices(args: readonly string[]): Choices {
  const text = { type: 'string' } as const;
  const options = {
    data: text,
    out: text,
    version: text,
    seeds: text,
    auxiliary: { ...text, multiple: true },
  } as const;
  const { data, out, auxiliary = [], version = '1', seeds = '1' } = readArguments(args, options);
  if (data === undefined || out === undefined) throw new UsageError('--data and --out are required');
  if (nameOf(out) === undefined) throw new UsageError('--out must be named category-NAME.json');
  if (!/^[1-9]\d{0,3}$/.test(version)) throw new UsageError('--version must be a number from 1 to 9999');
  if (!/^[1-9]$/.test(seeds)) throw new UsageError('--seeds must be a number from 1 to 9');
  return { data, out, auxiliary, version: Number(version), seeds: Number(seeds) };
}

function nameOf(out: string): string | undefined {
  return /^category-([a-z0-9]+(?:-[a-z0-9]+)*)\.json$/.exec(basename(out))?.[1];
}

function readTraining(path: string): TrainingFile {
  const bytes = readFileSync(path);
  const rows = bytes
    .toString('utf8')
    .split('\n')
    .flatMap((line, at) => (line.trim() === '' ? [] : [readRow(line, `${path}, line ${at + 1}`)]));
  const [first] = rows;
  if (!first) throw new UsageError(`${path} holds no row`);
  const hash = createHash('sha256').update(bytes).digest('hex');
  return { texts: rows, source: first.source, licence: first.licence, hash };
}

type TrainingRow = Record<'text' | 'label' | 'source' | 'licence', string>;

function readRow(line: string, place: string): TrainingRow {
  const row = JSON.parse(line) as Partial<TrainingRow>;
  const { text, label, source, licence } = row;
  if (text === undefined || label === undefined || source === undefined || licence === undefined) {
    throw new UsageError(`${place} must have text, label, source and licence`);
  }
  return { text, label, source, licence };
}

interface Trained {
  readonly model: CategoryModel;
  /** Macro F1 by each seed. */
  readonly macroF1Each: readonly number[];
}

function train({ data, out, auxiliary, version, seeds }: Choices): Trained {
  const own = readTraining(data);
  const others = auxiliary.map(readTraining);
  const auxiliaries = others.map(({ texts }) => fitScorer(texts, []));
  const trials = Array.from({ length: seeds }, (_, at) =>
    crossValidate(own.texts, auxiliaries, { seed: at + 1 }),
  );
  const mean = (of: 'macroF1' | 'accuracy'): number =>
    rounded(trials.reduce((sum, trial) => sum + trial[of], 0) / trials.length);
  const files = [own, ...others];
  const model: CategoryModel = {
    facts: {
      name: nameOf(out) ?? '',
      version,
      language: 'en',
      source: files.map(({ source }) => source).join('; '),
      licence: [...new Set(files.map(({ licence }) => licence))].join('; '),
      trainingTexts: own.texts.length,
      trainingHash: own.hash,
      crossValidation: { macroF1: mean('macroF1'), accuracy: mean('accuracy') },
    },
    main: fitScorer(own.texts, auxiliaries),
    auxiliaries,
    temperature: trials[0]?.temperature ?? 1,
  };
  return { model, macroF1Each: trials.map(({ macroF1 }) => rounded(macroF1)) };
}

function rounded(figure: number): number {
  return Math.round(figure * 10_000) / 10_000;
}

await runCommand({
  name: 'train-category',
  usage,
  run: async () => {
    const choices = readChoices(process.argv.slice(2));
    const { model, macroF1Each } = train(choices);
    writeFileSync(choices.out, `${JSON.stringify(modelDocument(model), null, 2)}\n`);
    const { name, crossValidation } = model.facts;
    process.stdout.write(`${JSON.stringify({ name, ...crossValidation, macroF1Each })}\n`);
    return 0;
  },
});
