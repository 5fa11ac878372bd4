// What the log of a service says about a bad start: a module that is missing, a setting that is wrong, a process that could not begin.

const missingModule = /ERR_MODULE_NOT_FOUND|Cannot find (?:module|package)|A module is missing/;
const marks: readonly RegExp[] = [
  missingModule,
  /"level":"fatal"|"level":60/,
  /\bcould not start\b/,
  /\bSyntaxError\b/,
];

/** The lines that tell of an import or start error, in their order. */
export function startFaults(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => marks.some((mark) => mark.test(line)));
}

/** Whether a line tells of a module that is not there. */
export function isMissingModule(line: string): boolean {
  return missingModule.test(line);
}
