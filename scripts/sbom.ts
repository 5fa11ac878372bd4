// `npm run -s sbom`: prints which packages are in the image, as a bill of materials in CycloneDX. It reads the lock file alone.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkoutDir } from '../local/checkout.ts';
import { readArguments } from '../local/terminal/arguments.ts';
import { runCommand } from '../local/terminal/run-command.ts';
import { type Bom, type BomSources, productionBom } from './sbom/production-bom.ts';

const usage = `Usage: npm run -s sbom > domainflow.cdx.json

Prints the packages of production with versions, hashes, licences and who needs whom: CycloneDX 1.5, JSON. The same lock file gives the same text.

  --help  show this text`;

const outputBytesMax = 64 * 1024 * 1024;

/** npm's bill of everything that the lock file names. */
async function readBom(signal: AbortSignal): Promise<Bom> {
  const args = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'];
  const options = { cwd: checkoutDir, maxBuffer: outputBytesMax, signal };
  const { stdout } = await promisify(execFile)('npm', args, options);
  return JSON.parse(stdout);
}

await runCommand({
  name: 'The bill of materials',
  usage,
  run: async (signal) => {
    const { help } = readArguments(process.argv.slice(2), { help: { type: 'boolean', default: false } });
    if (help) {
      process.stdout.write(`${usage}\n`);
      return 0;
    }
    const read = (file: string) => JSON.parse(readFileSync(join(checkoutDir, file), 'utf8'));
    const sources: BomSources = { manifest: read('package.json'), lock: read('package-lock.json') };
    const text = `${JSON.stringify(productionBom(await readBom(signal), sources), null, 2)}\n`;
    await new Promise((resolve) => process.stdout.write(text, resolve));
    return 0;
  },
});
