// Wall-clock time of a time zone and instants, by the runtime's own zone data. It does not know what time it is now.

/** A time as a clock on the wall shows it; month is 1..12. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Turns instants (milliseconds since the epoch) into wall-clock time of one zone and back. */
export interface Zone {
  /** IANA name. */
  readonly name: string;
  wallOf(instantMs: number): WallTime;
  /** The instant of a wall time; of one that the clocks skip, the instant an hour's shift later; of one that comes twice, the first. */
  instantOf(wall: WallTime): number;
  /** How far the zone is ahead of UTC at the instant, in minutes. */
  offsetMinutes(instantMs: number): number;
}

/** The zone of an IANA name such as `Asia/Kolkata`; an unknown name throws a RangeError, so check names where they are set. */
export function createZone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const wallOf = (instantMs: number): WallTime => {
    const parts = new Map(format.formatToParts(instantMs).map((part) => [part.type, Number(part.value)]));
    const at = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const [year, month, day] = [at('year'), at('month'), at('day')];
    return { year, month, day, hour: at('hour'), minute: at('minute'), second: at('second') };
  };
  const offsetMs = (instantMs: number): number =>
    asUtc(wallOf(instantMs)) - Math.floor(instantMs / 1000) * 1000;
  const instantOf = (wall: WallTime): number => {
    const utc = asUtc(wall);
    const before = utc - offsetMs(utc - 86_400_000);
    const after = utc - offsetMs(utc + 86_400_000);
    return before + offsetMs(before) === utc ? before : after + offsetMs(after) === utc ? after : before;
  };
  return { name, wallOf, instantOf, offsetMinutes: (instantMs) => Math.round(offsetMs(instantMs) / 60_000) };
}

/** The wall time read as if it were UTC, in milliseconds; days and months out of range carry over. */
export function asUtc(wall: WallTime): number {
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);
}

/** The wall time `days` later (or earlier when negative), at the same time of day. */
export function plusDays(wall: WallTime, days: number): WallTime {
  return fromUtc(asUtc(wall) + days * 86_400_000);
}

/** Midnight at the start of the wall time's day. */
export function startOfDay(wall: WallTime): WallTime {
  return { ...wall, hour: 0, minute: 0, second: 0 };
}

/** The wall time that reads as this UTC instant. */
export function fromUtc(utcMs: number): WallTime {
  const date = new Date(utcMs);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}
