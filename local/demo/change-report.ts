// Changes one report, shows the patch that the change left, and takes the change back.
import type { ChangedReport, PatchDocument, ReportDocument } from '../rest-documents.ts';
import { bodyOf, type DemoRun, firstWords } from './demo-run.ts';

const valueLengthMax = 60;

/** Assigns the report to a crew, and then no longer. */
export async function changeReport(run: DemoRun, report: ReportDocument): Promise<void> {
  const { api, problems } = run;
  const path = `/api/v1/reports/${report.incident_id}`;
  const change = { status: 'assigned', management_data: { task_details: { crew: 'Water 4', priority: 2 } } };
  const changed = bodyOf(await api.put<ChangedReport>(path, change), 200, 'Changing a report');
  const made = await api.get<PatchDocument>(`/api/v1/patches/${changed.patch_id}`);
  showPatch(run, bodyOf(made, 200, 'Reading a patch'));

  const revert = `/api/v1/patches/${changed.patch_id}/revert`;
  const reverted = await api.post<PatchDocument>(revert, { reason: 'The wrong crew' });
  showPatch(run, bodyOf(reverted, 200, 'Taking a change back'));

  const after = bodyOf(await api.get<ReportDocument>(path), 200, 'Reading the report again');
  const { task_details: details = {} } = after.management_data as { task_details?: object };
  if (after.status !== report.status || Object.keys(details).length > 0) {
    problems.push(`Report ${report.incident_id} is not as it was before its change`);
  }
}

function showPatch({ narrator }: DemoRun, patch: PatchDocument): void {
  const what = patch.reverts ? `takes ${patch.reverts} back: "${patch.reason}"` : `is ${patch.status}`;
  narrator.print(`\n  ${patch.patch_id} ${what}`);
  for (const { path, before, after } of patch.changes) {
    narrator.print(`    ${path}: ${plain(before)} → ${plain(after)}`);
  }
}

function plain(value: unknown): string {
  return value === undefined ? '(nothing)' : firstWords(JSON.stringify(value), valueLengthMax);
}
