// The table of measurements in deploy/observability/README.md, as tests read it.
import { readFileSync } from 'node:fs';

/** A row of the table. */
export interface MetricRow {
  readonly name: string;
  readonly processes: readonly string[];
  readonly type: string;
}

/** The processes of a deployment. */
export const processNames = ['gateway', 'registry', 'reports', 'sessions', 'agents', 'orchestrator'] as const;

/** The rows. Those with `all` name every process, those with `services` all but the gateway. */
export function readMetricTable(): readonly MetricRow[] {
  const text = readFileSync(new URL('../../deploy/observability/README.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `(domainflow_\w+)`[^|]* \| ([^|]+) \| (\w+) \| [^|]+ \|$/gm)];
  return rows.map(([, name = '', processes = '', type = '']) => ({
    name,
    type,
    processes: processesOf(processes.trim()),
  }));
}

function processesOf(text: string): readonly string[] {
  if (text === 'all') return processNames;
  if (text === 'services') return processNames.filter((name) => name !== 'gateway');
  return text.split(', ');
}
