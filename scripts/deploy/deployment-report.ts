// The report of a deployment (SPEC S14), which is always written: what was deployed, how it stands, what its database holds, what was proved.
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SuiteResult } from '../acceptance/result.ts';

/** A Helm release, a compose project or a local mesh. */
export interface Stack {
  readonly name: string;
  readonly status: string;
  /** What it is made of. */
  readonly resources: readonly string[];
}

/** A unit that serves. */
export interface ServiceState {
  readonly name: string;
  /** `Active` when it runs and says that it can serve; else what it says. */
  readonly state: string;
  /** What it runs on, such as `nodejs24.21.0`; null where nobody says. */
  readonly runtime: string | null;
  /** Bytes of its image, or of its own code; null where nobody says. */
  readonly code_size: number | null;
  /** Whether everything that it imports was found. */
  readonly has_dependencies: boolean;
}

/** What the database holds: counted, not assumed. */
export interface DatabaseState {
  readonly initialized: boolean;
  /** Null until the whole schema of the version was found. */
  readonly schema_version: string | null;
  readonly seed_data_loaded: boolean;
  readonly builtin_agents: number;
  readonly sample_domains: number;
  /** What the server's lack of PostGIS leaves out. */
  readonly left_out: readonly string[];
}

/** Something that is not as it must be. */
export interface Issue {
  /** Name of the step. */
  readonly step: string;
  /** The unit, stack or test; absent where the step as a whole is meant. */
  readonly part?: string;
  readonly message: string;
  /** The last events of the part, at most 10. */
  readonly events?: readonly string[];
  /** The last log lines of the part, at most 50. */
  readonly logs?: readonly string[];
}

/** The report. */
export interface DeploymentReport {
  /** `YYYYMMDD-vN`. */
  readonly deployment_id: string;
  /** When it began. */
  readonly timestamp: string;
  readonly stacks: readonly Stack[];
  readonly services: readonly ServiceState[];
  readonly database: DatabaseState;
  readonly tests: SuiteResult;
  readonly issues: readonly Issue[];
}

/** Before anything is known: nothing is ready. */
export const nothingKnown = {
  database: {
    ...{ initialized: false, schema_version: null, seed_data_loaded: false },
    ...{ builtin_agents: 0, sample_domains: 0, left_out: [] },
  } satisfies DatabaseState,
  tests: {
    total: 0,
    passed: 0,
    failed: 0,
    pass_rate: 0,
    ready_for_demo: false,
    results: [],
  } satisfies SuiteResult,
} as const;

/** The id of a deployment at this time, after those whose ids are known. */
export function nextDeploymentId(now: Date, known: readonly string[]): string {
  const day = now.toISOString().slice(0, 10).replaceAll('-', '');
  const numbers = known.flatMap((id) => {
    const [, idDay, number] = /^(\d{8})-v(\d{1,6})(?:\.json)?$/.exec(id) ?? [];
    return idDay === day ? [Number(number)] : [];
  });
  return `${day}-v${Math.max(0, ...numbers) + 1}`;
}

/** Names of the reports in the folder; none where it is absent. */
export async function knownReports(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (Object(error).code === 'ENOENT') return [];
    throw error;
  });
}

/** Writes the report into the folder of all reports, and to the file that was asked for; answers the paths. A reader sees it whole or not at all. */
export async function writeReport(
  report: DeploymentReport,
  { folder, file }: { readonly folder: string; readonly file: string | undefined },
): Promise<readonly string[]> {
  const paths = [join(folder, `${report.deployment_id}.json`), ...(file === undefined ? [] : [file])];
  const text = `${JSON.stringify(report, undefined, 2)}\n`;
  for (const path of paths) {
    await mkdir(dirname(path), { recursive: true });
    const draft = `${path}.${process.pid}.part`;
    await writeFile(draft, text);
    await rename(draft, path);
  }
  return paths;
}
