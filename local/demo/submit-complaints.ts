// The demo's first half: submits the complaints and follows them until their ingestion playbooks have ended.
import type { AcceptedReport, Report } from '../../clients/api/gen/api-types.ts';
import { type DemoRun, firstWords, pollUntil, sampleDomain } from './demo-run.ts';
import type { SampleComplaint } from './sample.ts';

const submissionsMax = 4;

/** A report whose run has ended. */
export interface FinishedComplaint {
  readonly report: Report;
  /** Its run. */
  readonly jobId: string;
}

/** Submits all of them, a few at a time, and answers the finished reports in the same order. */
export async function submitComplaints(
  run: DemoRun,
  complaints: readonly SampleComplaint[],
): Promise<readonly FinishedComplaint[]> {
  const { narrator, problems } = run;
  const startedMs = performance.now();
  let submitted = 0;
  let finished = 0;
  const show = (): string => `  ${submitted} of ${complaints.length} submitted, ${finished} finished`;
  const ends: Promise<FinishedComplaint>[] = [];
  await inLanes(complaints.entries(), submissionsMax, async ([at, complaint]) => {
    const { incident_id, job_id } = await submit(run, complaint);
    submitted += 1;
    narrator.progress(show());
    ends[at] = follow(run, incident_id).then((report) => {
      finished += 1;
      narrator.progress(show());
      return { report, jobId: job_id };
    });
  });
  const done = await Promise.all(ends);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  narrator.progressDone(`${show()}, in ${seconds} s`);
  for (const { report } of done) problems.push(...problemsOf(report));
  return done;
}

function submit({ api }: DemoRun, { text }: SampleComplaint): Promise<AcceptedReport> {
  return api.post('/api/v1/reports', { body: { domain_id: sampleDomain, text } });
}

function follow({ api, signal }: DemoRun, incident_id: string): Promise<Report> {
  const read = () => api.get('/api/v1/reports/{incident_id}', { path: { incident_id } });
  return pollUntil(read, ({ status }) => status !== 'processing', signal);
}

function problemsOf(report: Report): string[] {
  const name = `Report ${report.incident_id} ("${firstWords(report.raw_text, 40)}")`;
  if (report.status !== 'completed')
    return [`${name} is ${report.status}${report.error ? `: ${report.error}` : ''}`];
  if (Object.keys(report.ingestion_data ?? {}).length === 0) return [`${name} is completed without any data`];
  const outside = Object.values(report.provenance)
    .flatMap(({ spans }) => spans)
    .filter(({ start, end }) => start < 0 || start >= end || end > report.raw_text.length);
  return outside.length > 0 ? [`${name} has provenance outside of its text`] : [];
}

/** Works on all items, at most `lanesMax` at a time. The first failure ends it. */
async function inLanes<T>(
  items: IterableIterator<T>,
  lanesMax: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  // All lanes take from the one iterator, so that a free lane gets the next item.
  const lane = async (): Promise<void> => {
    for (const item of items) await work(item);
  };
  await Promise.all(Array.from({ length: lanesMax }, lane));
}
