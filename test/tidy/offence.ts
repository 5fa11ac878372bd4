// What a rule reports, and how it reads in a failed test.

/** One place that breaks a rule. `line` counts from 1; `problem` is a phrase that follows the place. */
export interface Offence {
  readonly path: string;
  readonly line: number;
  readonly problem: string;
}

/** Every offender as `path:line problem`, in order of path and line, under a sentence that says what to do. */
export function describeOffences(remedy: string, offences: readonly Offence[]): string {
  const rows = [...offences]
    .sort((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1))
    .map(({ path, line, problem }) => `  ${path}:${line} ${problem}`);
  return [remedy, ...rows].join('\n');
}
