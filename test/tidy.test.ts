// The house rules that a machine can check, run over the whole checkout. Each rule is a pure function in `tidy/`, with
// tests of its own that show that it fires; what biome, tsc and buf check is not repeated here.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from '@jest/globals';
import { readCheckout } from './tidy/checkout.ts';
import { unexplainedDependencies } from './tidy/dependencies.ts';
import { uncommentedExports } from './tidy/export-comments.ts';
import { fileLinesMax, fileNameOffences, longFiles, testLinesMax, unopenedFiles } from './tidy/file-form.ts';
import { functionLinesMax, longFunctions } from './tidy/function-length.ts';
import { housePlanOffences } from './tidy/house-plan.ts';
import { importCycles } from './tidy/import-cycles.ts';
import { forbiddenImports } from './tidy/import-rules.ts';
import { describeOffences, type Offence } from './tidy/offence.ts';
import { leftNotes, machinePaths, registryAddresses, switchedOffTests } from './tidy/portable.ts';
import { methodsWithoutLevel, misplacedDeclarations } from './tidy/protos.ts';
import { defaultExports, environmentReads, impureCore, unsafeCore } from './tidy/purity.ts';

const root = join(import.meta.dirname, '..');
const { paths, texts, sources, protos } = readCheckout(root);
const written = texts.filter(({ path }) => /\.(?:ts|mts|js|mjs|cjs|proto|sql|sh)$/.test(path));

function expectNone(remedy: string, offences: readonly Offence[]): void {
  if (offences.length === 0) return;
  const failure = new Error(describeOffences(remedy, offences));
  Error.captureStackTrace(failure, expectNone);
  throw failure;
}

describe('the house', () => {
  it('has the same files and rooms in every service', () => {
    expectNone(
      'Give each service main.ts, config.ts and app.ts, and put the rest into a room.',
      housePlanOffences(paths),
    );
  });

  it('lets each room import only what its row allows', () => {
    expectNone(
      'Pass it in from app.ts, or move the code to the room it belongs to.',
      forbiddenImports(sources),
    );
  });

  it('has no import cycle', () => {
    expectNone('Move what both need into a file that imports neither.', importCycles(sources));
  });

  it('keeps time, chance, waiting and the outside world out of every core', () => {
    expectNone('Take the value as a parameter; let the caller wait.', impureCore(sources));
  });

  it('keeps any and non-null assertions out of every core', () => {
    expectNone('Narrow the type, or say what absence means.', unsafeCore(sources));
  });

  it('reads the environment in configuration alone', () => {
    expectNone('Read it in config.ts and pass the value in.', environmentReads(sources));
  });
});

describe('a source file', () => {
  it('is named in kebab-case after the one thing inside', () => {
    expectNone('Name the file after what it does.', fileNameOffences(sources));
  });

  it(`has at most ${fileLinesMax} lines, a test ${testLinesMax}`, () => {
    expectNone('Split it by the ideas in it.', longFiles(written));
  });

  it(`has functions of at most ${functionLinesMax} lines`, () => {
    expectNone('Name the steps and make them functions.', longFunctions(sources));
  });

  it('opens with a comment', () => {
    expectNone(
      'Say in a sentence or two what the file is and what it leaves to others.',
      unopenedFiles(sources),
    );
  });

  it('has a doc comment on each export', () => {
    expectNone(
      'Say units, limits, order, absence, faults in /** … */ directly above.',
      uncommentedExports(sources),
    );
  });

  it('has no default export', () => {
    expectNone('Export it by its name.', defaultExports(sources));
  });
});

describe('every file', () => {
  it('names no path of one machine', () => {
    expectNone('Make it relative to the checkout, or a setting.', machinePaths(texts));
  });

  it('binds nobody to a registry', () => {
    expectNone(
      'Write the lock file with omit-lockfile-registry-resolved (see .npmrc).',
      registryAddresses(texts),
    );
  });

  it('holds no note to oneself', () => {
    expectNone('Do it, or open an issue and say what holds at present.', leftNotes(texts));
  });

  it('switches no test off', () => {
    expectNone('Mend the test or delete it.', switchedOffTests(sources));
  });
});

describe('a contract', () => {
  it('gives each method an idempotency level', () => {
    expectNone('Add option idempotency_level; clients retry by it.', methodsWithoutLevel(protos));
  });

  it('keeps nouns and verbs in files of their own', () => {
    expectNone('Nouns go to <noun>.proto, services to <noun>_service.proto.', misplacedDeclarations(protos));
  });
});

describe('a dependency', () => {
  it('has its reason in ARCHITECTURE.md', () => {
    const read = (name: string) => readFileSync(join(root, name), 'utf8');
    if (!paths.includes('ARCHITECTURE.md'))
      throw new Error('Write ARCHITECTURE.md: each dependency has its reason there.');
    expectNone(
      'Give the reason, or do without it.',
      unexplainedDependencies(read('package.json'), read('ARCHITECTURE.md')),
    );
  });
});
