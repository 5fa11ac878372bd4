// What `k8s/make-keys.mjs` makes is what the Secrets of the chart have to hold, by the readers of the processes.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { readGatewayConfig } from '../../gateway/config.ts';
import { readAgentsConfig } from '../../services/agents/config.ts';
import { readOrchestratorConfig } from '../../services/orchestrator/config.ts';
import { readRegistryConfig } from '../../services/registry/config.ts';
import { environmentOf, writeStandIns } from './environment.for-test.ts';
import { chartDir, leastValues, renderChart } from './helm.for-test.ts';
import { type PodTemplate, type ProcessName, podsOf, processPod } from './pods.for-test.ts';

const makeKeys = (folder: string) =>
  promisify(execFile)(process.execPath, [join(chartDir, 'make-keys.mjs'), folder]);

/** Every key of a Secret that a Pod has as a file. */
function referredBy({ volumes = [] }: PodTemplate['spec']) {
  return volumes.flatMap(({ projected }) =>
    (projected?.sources ?? []).flatMap(({ secret: { name, items } }) =>
      items.map(({ key, path }) => ({ name, key, path })),
    ),
  );
}

describe('make-keys', () => {
  it('makes every key of the Secrets that the chart refers to, in the form that processes read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'domainflow-keys-'));
    try {
      await makeKeys(folder);
      const objects = await renderChart(leastValues);
      const referred = podsOf(objects).flatMap(({ spec }) => referredBy(spec));
      const made = await Promise.all(
        ['domainflow-keys', 'domainflow-database'].map(async (name) =>
          (await readdir(join(folder, name))).map((key) => `${name}/${key}`),
        ),
      );
      expect([...new Set(referred.map(({ name, key }) => `${name}/${key}`))].sort()).toEqual(
        made.flat().sort(),
      );
      const texts = referred
        .filter(({ path }) => path.startsWith('settings/'))
        .map(async ({ name, key, path }) => [
          path.replace(/^settings\/(.*)_FILE$/, '$1'),
          await readFile(join(folder, name, key), 'utf8'),
        ]);
      const standIns = await writeStandIns(Object.fromEntries(await Promise.all(texts)));
      const env = (name: ProcessName) => environmentOf(processPod(objects, name).container, standIns);
      expect(readRegistryConfig(env('registry')).credentialKeys).toHaveLength(1);
      const { meshKeys, signingKey } = readAgentsConfig(env('agents'));
      expect(meshKeys.gateway[0]?.kid).toBe(readGatewayConfig(env('gateway')).signingKey.kid);
      expect(meshKeys.orchestrator[0]?.kid).toBe(
        readOrchestratorConfig(env('orchestrator')).runSigningKey.kid,
      );
      expect(meshKeys.agents?.[0]?.kid).toBe(signingKey.kid);
      await standIns.remove();
      await expect(makeKeys(folder)).rejects.toThrow(/EEXIST/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
