// The one program of the image: its first argument says what runs, in this very process, so that signals and the exit code are that program's own.
// It imports no package before that, so that it can still say which one is missing.
import { maskFields, maskText } from '../../foundation/telemetry/masking.ts';
import { missingModuleOf } from '../../foundation/telemetry/missing-module.ts';
import { programs } from './programs.ts';

/** EX_USAGE of sysexits.h: the command line was wrong. */
const usageExitCode = 64;

async function run(): Promise<void> {
  const [name = '', ...args] = process.argv.slice(2);
  const program = Object.hasOwn(programs, name) ? programs[name] : undefined;
  if (program === undefined) {
    const given = name === '' ? 'Nothing was chosen' : `There is no "${name}"`;
    process.stderr.write(
      `${given}. The first argument must be one of: ${Object.keys(programs).join(', ')}\n`,
    );
    process.exitCode = usageExitCode;
    return;
  }
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...args);
  try {
    await program();
  } catch (error) {
    process.stderr.write(`${describe(name, error)}\n`);
    process.exitCode = 1;
  }
}

/** One line in the form of the log, whose packages may be what is missing. */
function describe(service: string, error: unknown): string {
  const fields = maskFields({ service, pid: process.pid, err: error });
  const msg = missingModuleOf(error) ? 'A module is missing' : 'The program could not be loaded';
  return maskText(JSON.stringify({ level: 'fatal', time: new Date().toISOString(), ...fields, msg }));
}

await run();
