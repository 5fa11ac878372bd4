// `domainflow reports`: free text in, structured records out. Import and export are in report-streams.ts.
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Command } from 'commander';
import type { ImageType } from '../../api/api-client.ts';
import type { Cli, Frame } from '../cli.ts';
import { readText } from '../input.ts';
import { type ListOptions, pageLimit, takeRows, withListOptions } from '../list-options.ts';
import { reportLines } from '../report-text.ts';
import { Failed, UsageError } from '../usage-error.ts';
import { watchRun } from '../watch-run.ts';
import { patchColumns } from './patches.ts';
import { addReportStreams } from './report-streams.ts';

interface SubmitOptions {
  readonly domain: string;
  readonly file?: string;
  readonly image?: readonly string[];
  readonly source?: string;
  readonly wait?: boolean;
}

interface ReportFilter extends ListOptions {
  readonly domain?: string;
  readonly status?: string;
}

const one = '/api/v1/reports/{incident_id}';

const imageTypes: Readonly<Record<string, ImageType>> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
};

/** Adds the commands. */
export function addReports(program: Command, cli: Cli): void {
  const reports = program.command('reports').description('free text in, structured records out');
  reports
    .command('submit')
    .description('submit a report')
    .argument('[text]', 'what happened; - for standard input')
    .requiredOption('-d, --domain <domain>', 'the domain that reads it')
    .option('-f, --file <file>', 'take the text from a file')
    .option('-i, --image <file...>', 'a photo, or an https link to one; at most 5')
    .option('--source <word>', 'where it came from')
    .option('-w, --wait', 'wait until it is read, and show it; status 1 when that fails')
    .action(cli.action<[string | undefined], SubmitOptions>(submit));
  reports
    .command('get')
    .description('the record, with the words that each value was read from')
    .argument('<report>', 'its id')
    .option('--as-of <time>', 'as it was then')
    .action(
      cli.action<[string], { asOf?: string }>(async ({ api, out }, [incident_id], { asOf }) => {
        const query = asOf === undefined ? {} : { as_of: asOf };
        const report = await api.get(one, { path: { incident_id }, query });
        out.result(report, () => reportLines(report));
      }),
    );
  addReportLists(reports, cli);
  addReportStreams(reports, cli);
}

function addReportLists(reports: Command, cli: Cli): void {
  withListOptions(reports.command('list').description('the newest first'))
    .option('-d, --domain <domain>', 'of one domain alone')
    .option('--status <status>', 'of one status alone')
    .action(
      cli.action<[], ReportFilter>(async ({ api, out }, _, options) => {
        const { domain, status } = options;
        const query = {
          limit: pageLimit(options),
          ...(domain && { domain_id: domain }),
          ...(status && { status }),
        };
        const rows = await takeRows(api.pages('/api/v1/reports', { query }), options);
        out.table(rows, [
          { title: 'REPORT', of: ({ incident_id }) => incident_id },
          { title: 'STATUS', of: ({ status }) => status },
          { title: 'DOMAIN', of: ({ domain_id }) => domain_id },
          { title: 'CREATED', of: ({ created_at }) => created_at },
          { title: 'TEXT', of: ({ raw_text }) => raw_text },
        ]);
      }),
    );
  withListOptions(
    reports
      .command('history')
      .description('every change of a report, the newest first')
      .argument('<report>', 'its id'),
  ).action(
    cli.action<[string], ListOptions>(async ({ api, out }, [incident_id], options) => {
      const init = { path: { incident_id }, query: { limit: pageLimit(options) } };
      out.table(await takeRows(api.pages(`${one}/patches`, init), options), patchColumns);
    }),
  );
  reports
    .command('delete')
    .description('delete a report for good, with its patches and images')
    .argument('<report>', 'its id')
    .action(
      cli.action<[string]>(async ({ api, out }, [incident_id]) => {
        const answer = await api.delete(one, { path: { incident_id } });
        out.result(answer, () => [answer.message]);
      }),
    );
}

async function submit(
  frame: Frame,
  [given]: readonly [string | undefined],
  options: SubmitOptions,
): Promise<void> {
  const { api, out } = frame;
  const { domain, source, image = [], wait } = options;
  const text = await textOf(frame, given, options);
  const images = await Promise.all(image.map((each) => imageUrl(frame, each)));
  const body = { domain_id: domain, text, ...(source && { source }), ...(images.length > 0 && { images }) };
  const accepted = await api.post('/api/v1/reports', { body });
  if (!wait)
    return out.result(accepted, () => [`${accepted.incident_id} is being read by ${accepted.job_id}.`]);
  const failure = await endOf(frame, accepted.job_id);
  const report = await api.get(one, { path: { incident_id: accepted.incident_id } });
  out.result(report, () => reportLines(report));
  if (failure) throw failure;
}

async function textOf(frame: Frame, given: string | undefined, { file }: SubmitOptions): Promise<string> {
  if ((given === undefined) === (file === undefined))
    throw new UsageError('submit takes a text, or --file with one');
  if (given !== undefined && given !== '-') return given;
  return (await readText(file ?? '-', frame.surroundings)).trim();
}

async function imageUrl({ api }: Frame, image: string): Promise<string> {
  if (image.startsWith('https://')) return image;
  const type = imageTypes[extname(image).toLowerCase()];
  if (type === undefined) throw new UsageError(`${image} must end in ${Object.keys(imageTypes).join(', ')}`);
  const bytes = await readFile(image).catch(({ code }: NodeJS.ErrnoException) => {
    throw new UsageError(`${image} cannot be read (${code})`);
  });
  return api.uploadImage(new Uint8Array(bytes), type);
}

// With --json the report alone is the output, so that nothing is told on the way.
async function endOf(frame: Frame, jobId: string): Promise<Failed | undefined> {
  try {
    if (!frame.out.isJson) await watchRun(frame, jobId);
    else for await (const _ of frame.api.follow({ jobId }));
    return undefined;
  } catch (error) {
    if (error instanceof Failed) return error;
    throw error;
  }
}
