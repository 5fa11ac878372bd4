// The sample that lies beside the demo: real complaints from Boston and the settings of a tenant that is at home there.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { PutTenantSettingsBody } from '../../clients/api/gen/api-types.ts';

/** One complaint, as `local/sample/README.md` describes it. */
export interface SampleComplaint {
  readonly id: string;
  readonly text: string;
  readonly reported_at: string;
  readonly source: string;
  readonly licence: string;
}

/** Settings of a tenant in the form that the REST API takes. */
export interface SampleSettings extends PutTenantSettingsBody {
  readonly time_zone: string;
  readonly home_area: NonNullable<PutTenantSettingsBody['home_area']>;
  readonly places: NonNullable<PutTenantSettingsBody['places']>;
}

/** All complaints, in the order of the file. */
export async function readComplaints(): Promise<readonly SampleComplaint[]> {
  const text = await readSample('complaints.jsonl');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SampleComplaint);
}

/** The settings of a city office in Boston. */
export async function readSettings(): Promise<SampleSettings> {
  return JSON.parse(await readSample('boston.json')) as SampleSettings;
}

function readSample(name: string): Promise<string> {
  return readFile(fileURLToPath(new URL(`../sample/${name}`, import.meta.url)), 'utf8');
}
