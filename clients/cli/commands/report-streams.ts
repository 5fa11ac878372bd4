// `domainflow reports import` and `export`: many reports at once, in and out.
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import type { BatchLine } from '../../api/gen/api-types.ts';
import { readLines } from '../../api/ndjson.ts';
import type { Cli, Frame } from '../cli.ts';
import { readBytes } from '../input.ts';
import { plainText } from '../screen/plain-text.ts';
import { Failed } from '../usage-error.ts';

interface ImportOptions {
  readonly run?: boolean;
  readonly key?: string;
}

interface ExportOptions {
  readonly format: 'ndjson' | 'csv' | 'geojson';
  readonly output?: string;
  readonly domain?: string;
  readonly status?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Adds the commands to those of reports. */
export function addReportStreams(reports: Command, cli: Cli): void {
  reports
    .command('import')
    .description('store finished reports, or run new ones; status 1 when a line was not taken')
    .argument('<file>', 'a JSON document on each line; - for standard input')
    .option('--run', 'each line is a new report: run its playbook')
    .option('--key <name>', 'a name for the whole: given again, no line is taken twice')
    .action(cli.action<[string], ImportOptions>(importReports));
  reports
    .command('export')
    .description('every report that matches, to standard output or a file')
    .addOption(
      new Option('--format <format>', 'its form').choices(['ndjson', 'csv', 'geojson']).default('ndjson'),
    )
    .option('-o, --output <file>', 'into a file, which is there only once it is whole')
    .option('-d, --domain <domain>', 'of one domain alone')
    .option('--status <status>', 'of one status alone')
    .option('--from <time>', 'created from this time on, as 2026-03-01')
    .option('--to <time>', 'created before this time')
    .action(cli.action<[], ExportOptions>(exportReports));
}

async function importReports(
  frame: Frame,
  [file]: readonly [string],
  { run, key }: ImportOptions,
): Promise<void> {
  const { api, out, surroundings } = frame;
  const counts = new Map<string, number>();
  let isWhole = true;
  const lines = readLines(readBytes(file, surroundings));
  const options = { isImport: run !== true, ...(key === undefined ? {} : { idempotencyKey: key }) };
  for await (const answer of api.batch(lines, options)) {
    counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1);
    const isRefused = answer.status === 'rejected' || answer.status === 'failed';
    if (isRefused) isWhole = false;
    if (out.isJson) out.line(answer, () => []);
    else if (isRefused) for (const line of refusalLines(answer)) out.note(line);
    out.progress(countText(counts));
  }
  if (!out.isJson) out.result(null, () => [countText(counts)]);
  if (!isWhole) throw new Failed();
}

function countText(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
}

function refusalLines({ line, status, error = '', details = [] }: BatchLine): readonly string[] {
  const more = details.length > 1 ? details.map(({ field, reason }) => `  ${field}: ${reason}`) : [];
  return [`line ${line} ${status}: ${error}`, ...more].map(plainText);
}

async function exportReports(frame: Frame, _: readonly [], options: ExportOptions): Promise<void> {
  const { api, out, surroundings, signal } = frame;
  const { format, output, domain, status, from, to } = options;
  const query = {
    format,
    ...(domain && { domain_id: domain }),
    ...(status && { status }),
    ...(from && { from }),
    ...(to && { to }),
  };
  const bytes = await api.exportReports(query);
  if (output === undefined) {
    const { stdout } = surroundings;
    for await (const piece of bytes) {
      if (stdout.write(piece) === false) await drained(stdout);
    }
    return;
  }
  const part = `${output}.part`;
  const file = createWriteStream(part);
  try {
    await pipeline(Readable.from(bytes, { objectMode: false }), file, { signal });
    await rename(part, output);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  const size = file.bytesWritten;
  out.result({ file: output, format, bytes: size }, () => [`${output}: ${size} bytes`]);
}

// A reader that is slow is waited for, so that an export needs no more memory than it is read.
async function drained(stdout: object): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  (stdout as NodeJS.WriteStream).once('drain', resolve);
  await promise;
}
