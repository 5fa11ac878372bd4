// Changes one report, shows the patch that the change left, and takes the change back.
import type { Patch, Report } from '../../clients/api/gen/api-types.ts';
import { type DemoRun, firstWords } from './demo-run.ts';

const valueLengthMax = 60;

/** Assigns the report to a crew, and then no longer. */
export async function changeReport(run: DemoRun, report: Report): Promise<void> {
  const { api, problems } = run;
  const one = '/api/v1/reports/{incident_id}';
  const path = { incident_id: report.incident_id };
  const body = { status: 'assigned', management_data: { task_details: { crew: 'Water 4', priority: 2 } } };
  const { patch_id } = await api.put(one, { path, body });
  if (patch_id === null) {
    problems.push(`Report ${report.incident_id} was changed without a patch`);
    return;
  }
  showPatch(run, await api.get('/api/v1/patches/{patch_id}', { path: { patch_id } }));
  const revert = { path: { patch_id }, body: { reason: 'The wrong crew' } };
  showPatch(run, await api.post('/api/v1/patches/{patch_id}/revert', revert));

  const after = await api.get(one, { path });
  const { task_details: details = {} } = after.management_data as { task_details?: object };
  if (after.status !== report.status || Object.keys(details).length > 0) {
    problems.push(`Report ${report.incident_id} is not as it was before its change`);
  }
}

function showPatch({ narrator }: DemoRun, patch: Patch): void {
  const what = patch.reverts ? `takes ${patch.reverts} back: "${patch.reason}"` : `is ${patch.status}`;
  narrator.print(`\n  ${patch.patch_id} ${what}`);
  for (const { path, before, after } of patch.changes) {
    narrator.print(`    ${path}: ${plain(before)} → ${plain(after)}`);
  }
}

function plain(value: unknown): string {
  return value === undefined ? '(nothing)' : firstWords(JSON.stringify(value), valueLengthMax);
}
