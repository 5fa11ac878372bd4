// Times as callers write them in queries and documents: ISO 8601, to the second or finer, or a day alone. Months and names of zones are not read.

const day = '(?!0000)(?<day>\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01]))';
const time = 'T(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,9})?)?(?:Z|[+-](?:0\\d|1[0-4]):[0-5]\\d)';
const form = new RegExp(`^${day}(?:${time})?$`);

/** True for a time that {@link instantOf} can read; it needs a zone (`Z` or `+01:00`), a day alone does not. */
export function isInstant(text: string): boolean {
  const named = form.exec(text)?.groups?.day;
  return named !== undefined && new Date(named).toISOString().startsWith(named);
}

/** The time, a day alone as its first moment in UTC. The text must be one that {@link isInstant} accepts. */
export function instantOf(text: string): Date {
  return new Date(text);
}
