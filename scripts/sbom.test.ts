// The bill of materials: every package of production, none for development alone, and the same text each time.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { Bom } from './sbom/production-bom.ts';

const root = join(import.meta.dirname, '..');
const command = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'sbom.ts')];

async function sbom(): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, command, { maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}

/** `name@version` of what the lock file has for production. */
function lockedPackages(): readonly string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const locked = Object.entries<{ dev?: boolean; version: string }>(packages)
    .filter(([path, { dev }]) => path !== '' && !dev)
    .map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`);
  return [...new Set(locked)].toSorted();
}

describe('the bill of materials', () => {
  it('names what the lock file has for production, with hashes and licences, and is the same again', async () => {
    const text = await sbom();
    const bom: Bom = JSON.parse(text);
    expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1 });
    expect(bom.metadata.component).toMatchObject({ name: 'domainflow', type: 'application' });
    const refs = bom.components.map((it) => it['bom-ref']);
    expect(refs.toSorted()).toEqual(lockedPackages());
    for (const component of bom.components) {
      expect(component).toMatchObject({
        hashes: [{ alg: 'SHA-512' }],
        purl: expect.stringMatching(/^pkg:npm\//),
      });
    }
    const root = bom.dependencies.find(({ ref }) => ref === bom.metadata.component['bom-ref']);
    const { dependencies } = JSON.parse(
      readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'),
    );
    const direct = Object.entries(dependencies).map(([name, version]) => `${name}@${version}`);
    expect(root?.dependsOn).toEqual(direct.toSorted());
    expect(text).not.toContain(process.cwd());
    expect(await sbom()).toBe(text);
  });
});
