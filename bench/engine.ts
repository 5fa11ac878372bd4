// `npm run bench`: our engine beside its peers, each point in a process and on an empty store of its own; some twenty minutes. The peers are
// installed first if they are not there. `--quick` measures our engine alone, in under a minute; `--json FILE` also writes the lines to a
// file. Every other option is one of `peers/run.ts`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureQuickly } from './engine-quick.ts';

const peers = join(import.meta.dirname, 'peers');
const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } },
  strict: false,
});

if (values.quick) {
  await measureQuickly(typeof values.json === 'string' ? values.json : undefined);
  process.exit(0);
}
if (!existsSync(join(peers, 'node_modules'))) {
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts'], { cwd: peers, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
const program = ['--no-warnings', join(peers, 'run.ts'), ...process.argv.slice(2)];
process.exit(spawnSync(process.execPath, program, { stdio: 'inherit' }).status ?? 1);
