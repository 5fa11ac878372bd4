// Time zones by name, as the runtime's own data knows them.

/**
 * True for the name of an IANA time zone by its place, such as `Europe/Vienna`, and for `UTC` and `GMT`. A bare offset is no name, and an
 * abbreviation is none either: what `IST` or `CST` stands for differs between countries, and between programs.
 */
export function isTimeZone(name: string): boolean {
  if (!/^(?:UTC|GMT|[A-Za-z][\w+-]*(?:\/[\w+-]+)+)$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
