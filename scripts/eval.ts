#!/usr/bin/env node
// Scores the builtin agents on every labelled set of a folder: `npm run eval -- [--dir DIR] [--json]`. Each `*.jsonl` whose name begins
// with a known kind (geo_, time_, category_, sentiment_, entities_) gives its figures; other files are told on standard error. With --json
// there is one line per file and metric, {file, metric, value, n}; else a table. It judges nothing: bounds are in the bench's README.
// Exit 0; 1 when a file cannot be read or scored; 2 for a wrong call.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Metric, Row } from '../bench/eval/scorer.ts';
import { scorerOf } from '../bench/eval/scorers.ts';

const ownSets = join(import.meta.dirname, '..', 'bench', 'eval');

function readRows(path: string): Row[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.flatMap((line, index) => (line.trim() === '' ? [] : [readRow(line, index + 1)]));
}

function readRow(line: string, number: number): Row {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch {
    throw new Error(`line ${number} is not JSON`);
  }
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    throw new Error(`line ${number} is not a JSON object`);
  }
  return row as Row;
}

async function scoreFile(dir: string, file: string): Promise<readonly Metric[] | undefined> {
  const load = scorerOf(file);
  if (load === undefined) return undefined;
  const score = await load();
  return score(readRows(join(dir, file)), file);
}

function show(file: string, { metric, value, n }: Metric, json: boolean): void {
  const rounded = Math.round(value * 10_000) / 10_000;
  const line = json
    ? JSON.stringify({ file, metric, value: rounded, n })
    : `${file.padEnd(38)} ${metric.padEnd(16)} ${rounded.toFixed(4)}  n=${n}`;
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<number> {
  const { dir, json } = readArguments();
  const files = readdirSync(dir).filter((name) => name.endsWith('.jsonl'));
  let failed = files.length === 0;
  if (failed) process.stderr.write(`There is no *.jsonl in ${dir}\n`);
  for (const file of files.sort()) {
    try {
      const metrics = await scoreFile(dir, file);
      if (metrics === undefined) process.stderr.write(`${file}: no known kind of set, left out\n`);
      for (const metric of metrics ?? []) show(file, metric, json);
    } catch (error) {
      failed = true;
      process.stderr.write(`${file}: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  return failed ? 1 : 0;
}

function readArguments(): { readonly dir: string; readonly json: boolean } {
  const { values } = parseArgs({
    options: { dir: { type: 'string', default: ownSets }, json: { type: 'boolean', default: false } },
  });
  return values;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
