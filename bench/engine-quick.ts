// Our engine alone, in this process, in under a minute: every workload at every width on one database. Prints a line of JSON for each point.
import { appendFileSync, rmSync } from 'node:fs';
import { startLocalDatabases } from '../local/databases/databases.ts';
import { openEngine } from './domainflow.ts';
import { closedLoop } from './measure.ts';
import { performing } from './measured-engine.ts';
import type { WorkloadName } from './workloads.ts';

const workloads: readonly WorkloadName[] = ['chain-3', 'diamond', 'chain-40', 'fan-100'];
const widths = [1, 20, 50, 200];
const secondsEach = 2;
/** Enough to open every connection and to compile every path. */
const warmUp = { inFlight: 50, seconds: 4 };
const pagesMb = 256;

/** Measures and prints; appends to the file if one is named, which is emptied first. */
export async function measureQuickly(jsonPath: string | undefined): Promise<void> {
  if (jsonPath !== undefined) rmSync(jsonPath, { force: true });
  const databases = await startLocalDatabases({ durable: true, pagesMb });
  try {
    const store = { kind: 'postgres', url: databases.adminUrl } as const;
    const engine = await openEngine({ store, perform: performing({}), inFlight: Math.max(...widths) });
    await closedLoop(() => engine.runOne('diamond', 'warm-up'), warmUp);
    for (const workload of workloads) {
      for (const inFlight of widths) {
        const loop = await closedLoop(() => engine.runOne(workload, workload), {
          inFlight,
          seconds: secondsEach,
        });
        const { perSecond, p50Ms, p99Ms } = loop;
        const line = `${JSON.stringify({ engine: 'domainflow', workload, inFlight, perSecond, p50Ms, p99Ms })}\n`;
        process.stdout.write(line);
        if (jsonPath !== undefined) appendFileSync(jsonPath, line);
      }
    }
    await engine.close();
  } finally {
    await databases.stop();
  }
}
