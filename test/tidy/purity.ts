// What code may not say in certain places: a core neither waits nor asks the world anything, and the environment is read
// by configuration alone. It looks for words in code with comments and literals blanked out.
import type { Offence } from './offence.ts';
import { placeOf } from './place.ts';
import { defaultExportFiles, environmentReaders } from './rooms.ts';
import { isTest, lineAt, type SourceFile } from './source-file.ts';

/** Words that are refused, and what they are called in the message. */
export type Refusals = readonly (readonly [pattern: RegExp, name: string])[];

const impure: Refusals = [
  [/\bDate\.now\b/g, 'the clock (Date.now)'],
  [/\bnew\s+Date\s*(?:\(\s*\)|(?![\s(\w$]))/g, 'the clock (new Date)'],
  [/(?<!\bnew\s+)(?<![.\w$])Date\(\s*\)/g, 'the clock (Date)'],
  [/\bperformance\.now\b/g, 'the clock (performance.now)'],
  [/\bMath\.random\b/g, 'chance (Math.random)'],
  [/\b(?:randomUUID|randomBytes|randomInt|getRandomValues|newId)\s*\(/g, 'chance (a new random value)'],
  [/\b(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/g, 'a timer'],
  [/\bawait\b|\basync\s*(?=function\b|\(|[\w$]+\s*(?:\(|=>))/g, 'waiting (async, await)'],
  [/(?<![.\w$])process\s*[.[]/g, 'the process'],
  [/\bconsole\./g, 'the console'],
  [/(?<![.\w$])fetch\s*\(/g, 'the network (fetch)'],
];

const unsafe: Refusals = [
  [/(?<![.\w$])any\b(?!\s*[(:?])/g, 'the type any'],
  [/[\w$)\]]!(?=\s*[.,;)\]}[]|\s*$)/gm, 'a non-null assertion'],
];

const environment: Refusals = [
  [/\bprocess\s*\.\s*env\b/g, 'the environment'],
  [/\bimport\s*\{[^}]*\benv\b[^}]*\}\s*from\s*'(?:node:)?process'/g, 'the environment'],
];

/** Time, chance, waiting and the outside world in the core of a service or of the gateway. */
export function impureCore(sources: readonly SourceFile[]): readonly Offence[] {
  return sources.filter(({ path }) => isCore(path)).flatMap((source) => refused(source, impure, 'core uses'));
}

/** `any` and non-null assertions in a core. */
export function unsafeCore(sources: readonly SourceFile[]): readonly Offence[] {
  return sources.filter(({ path }) => isCore(path)).flatMap((source) => refused(source, unsafe, 'core uses'));
}

/** Reads of the environment outside configuration, tools and tests. */
export function environmentReads(sources: readonly SourceFile[]): readonly Offence[] {
  return sources
    .filter(({ path }) => !environmentReaders.includes(placeOf(path).house))
    .filter(({ path }) => !path.endsWith('/config.ts') && !isTest(path))
    .flatMap((source) => refused(source, environment, 'reads'));
}

/** Default exports. The configuration of a tool at the root may have one; a `.d.ts` describes what others export. */
export function defaultExports(sources: readonly SourceFile[]): readonly Offence[] {
  const refusals: Refusals = [
    [/\bexport\s+default\b|\bexport\s*\{[^}]*\bas\s+default\b/g, 'a default export'],
  ];
  return sources
    .filter(({ path }) => !/^[\w-]+\.config\.js$|\.d\.ts$/.test(path) && !defaultExportFiles.includes(path))
    .flatMap((source) => refused(source, refusals, 'has'));
}

/** True for a file of a core room that is not a test. */
export function isCore(path: string): boolean {
  return placeOf(path).room === 'core' && /^(?:services|gateway)\//.test(path) && !isTest(path);
}

/** Every match of the refusals in the code of a file. */
export function refused(source: SourceFile, refusals: Refusals, verb: string): Offence[] {
  return refusals.flatMap(([pattern, name]) =>
    [...source.uncommented.matchAll(pattern)]
      .filter((match) => source.code[match.index] === source.uncommented[match.index])
      .map((match) => ({
        path: source.path,
        line: lineAt(source.text, match.index),
        problem: `${verb} ${name}`,
      })),
  );
}
