// `npm run -s compose-secrets`: makes the passwords and keys of the compose project on this machine, once. It starts nothing.
import { join } from 'node:path';
import { defaultDataDir, ensureFolder, issuerKeyPath } from '../local/checkout.ts';
import { readArguments } from '../local/terminal/arguments.ts';
import { runCommand } from '../local/terminal/run-command.ts';
import { ensureSecretFiles } from './compose/secret-files.ts';

const folder = join(defaultDataDir, 'compose');

const usage = `Usage: npm run -s compose-secrets

Makes the files that deploy/compose.yaml mounts as secrets, in ${folder}; those that are there are kept. The key of the development issuer is that of
this checkout: \`npm run -s token\` makes tokens for the project. Prints the names of what it made, one a line.

  --help  show this text`;

await runCommand({
  name: 'Making the secrets',
  usage,
  run: async () => {
    const { help } = readArguments(process.argv.slice(2), { help: { type: 'boolean', default: false } });
    if (help) {
      process.stdout.write(`${usage}\n`);
      return 0;
    }
    await ensureFolder(defaultDataDir);
    const made = await ensureSecretFiles(folder, issuerKeyPath);
    for (const name of made) process.stdout.write(`${name}\n`);
    return 0;
  },
});
