// Time zones by name, as the runtime's own data knows them.

/** True for the name of an IANA time zone, such as `Europe/Vienna` or `UTC`. A bare offset is no name. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
