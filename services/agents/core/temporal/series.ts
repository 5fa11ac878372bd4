// A time that comes again (Monday, March, 5 pm) or once (tomorrow) as a function that lists its occurrences, and how two such times
// make a third. It knows the calendar and no words.

import {
  dateMs,
  dayMs,
  type Grain,
  hourMs,
  longestMs,
  partsOf,
  plus,
  type Stretch,
  startOf,
  unitAt,
} from './grain.ts';

/** Lists the occurrences that begin within the window, earliest first. Windows are at most some decades wide. */
export type Series = (window: Stretch) => readonly Stretch[];

/** The most occurrences that one window is searched for. */
const occurrencesMax = 4000;

/** The one occurrence. */
export function once(stretch: Stretch): Series {
  return (window) => (stretch.from >= window.from && stretch.from < window.to ? [stretch] : []);
}

/** Every unit of the calendar. */
export function every(grain: Grain): Series {
  return (window) => {
    const found: Stretch[] = [];
    let at = startOf(window.from, grain);
    while (at < window.to && found.length < occurrencesMax) {
      const unit = unitAt(at, grain);
      if (unit.from >= window.from && unit.from < window.to) found.push(unit);
      at = plus(at, grain, 1);
    }
    return found;
  };
}

/** What `list` gives for each year that the window touches. */
export function yearly(list: (year: number) => readonly Stretch[]): Series {
  return (window) => {
    const last = partsOf(window.to).year;
    const found: Stretch[] = [];
    for (let year = partsOf(window.from).year - 1; year <= last; year += 1) found.push(...list(year));
    return found.filter(({ from }) => from >= window.from && from < window.to);
  };
}

/** The month of each year. */
export function monthSeries(month: number): Series {
  return yearly((year) => [unitAt(dateMs(year, month, 1), 'month')]);
}

/** The day of each month that has it. */
export function dayOfMonthSeries(day: number): Series {
  return (window) =>
    every('month')({ from: startOf(window.from, 'month'), to: window.to })
      .map(({ from }) => ({ from: from + (day - 1) * dayMs, to: from + day * dayMs, month: from }))
      .filter(
        ({ from, month }) => startOf(from, 'month') === month && from >= window.from && from < window.to,
      )
      .map(({ from, to }) => ({ from, to }));
}

/** The day of each year that has it; a 29 February only in leap years. */
export function dayOfYearSeries(month: number, day: number): Series {
  return yearly((year) => {
    const from = dateMs(year, month, day);
    return partsOf(from).month === month ? [{ from, to: from + dayMs }] : [];
  });
}

/** The weekday of each week, 1 being Monday. */
export function weekdaySeries(weekday: number): Series {
  return (window) => {
    const first = startOf(window.from, 'day');
    const ahead = (weekday - partsOf(first).weekday + 7) % 7;
    return repeated(first + ahead * dayMs, 7 * dayMs, dayMs, window);
  };
}

/** The same stretch of each day, from and to in milliseconds since midnight; `to` may lie on the next day. */
export function dailySeries(fromMs: number, toMs: number): Series {
  return (window) => repeated(startOf(window.from, 'day') + fromMs, dayMs, toMs - fromMs, window);
}

function repeated(first: number, stepMs: number, lengthMs: number, window: Stretch): Stretch[] {
  const found: Stretch[] = [];
  for (let from = first; from < window.to && found.length < occurrencesMax; from += stepMs) {
    if (from >= window.from) found.push({ from, to: from + lengthMs });
  }
  return found;
}

/** Both series together in order. */
export function either(a: Series, b: Series): Series {
  return (window) => [...a(window), ...b(window)].sort((one, other) => one.from - other.from);
}

/** Each fine occurrence that begins in a coarse one. `coarseGrain` tells how far back a coarse one may have begun. */
export function within(coarse: Series, coarseGrain: Grain, fine: Series): Series {
  return (window) =>
    coarse({ from: window.from - 2 * longestMs(coarseGrain), to: window.to })
      .flatMap(({ from, to }) => fine({ from, to }))
      .filter(({ from }) => from >= window.from && from < window.to);
}

/** Each fine occurrence whose last unit begins in a coarse one: "Nov to Feb 2017" begins in 2016. */
export function endingWithin(coarse: Series, coarseGrain: Grain, fine: Series): Series {
  const reach = 2 * longestMs(coarseGrain);
  return (window) =>
    coarse({ from: window.from - reach, to: window.to + reach })
      .flatMap(({ from, to }) =>
        fine({ from: from - reach, to }).filter(({ last = from }) => last >= from && last < to),
      )
      .filter(({ from }) => from >= window.from && from < window.to);
}

/** Each week that belongs to a coarse occurrence by its Thursday. */
export function weeksWithin(coarse: Series, coarseGrain: Grain, weeks: Series): Series {
  const reach = 3 * dayMs;
  return (window) =>
    coarse({ from: window.from - 2 * longestMs(coarseGrain), to: window.to + reach })
      .flatMap(({ from, to }) => weeks({ from: from - reach, to: to - reach }))
      .filter(({ from }) => from >= window.from && from < window.to);
}

/** For each container the nth of the inner ones, from the end when negative; none where the container has fewer. */
export function nthWithin(nth: number, inner: Series, container: Series, containerGrain: Grain): Series {
  const pick = ({ from, to }: Stretch): readonly Stretch[] => {
    const all = inner({ from, to });
    const one = all[nth < 0 ? all.length + nth : nth - 1];
    return one === undefined ? [] : [one];
  };
  return (window) =>
    container({ from: window.from - 2 * longestMs(containerGrain), to: window.to })
      .flatMap(pick)
      .filter(({ from }) => from >= window.from && from < window.to);
}

/** Weeks that belong to a month or year: those whose Thursday lies in it, as in ISO 8601. */
export const weeksByThursday: Series = (window) =>
  every('week')({ from: window.from - 7 * dayMs, to: window.to + 7 * dayMs }).filter(
    ({ from }) => from + 3 * dayMs >= window.from && from + 3 * dayMs < window.to,
  );

/** Each occurrence changed by `change`, which moves it by at most `reachMs`. */
export function changed(series: Series, change: (stretch: Stretch) => Stretch, reachMs: number): Series {
  return (window) =>
    series({ from: window.from - reachMs, to: window.to + reachMs })
      .map(change)
      .filter(({ from }) => from >= window.from && from < window.to);
}

/** From each occurrence of the first to the next of the second that ends at most `reachMs` later. */
export function upTo(first: Series, second: Series, reachMs: number): Series {
  return (window) =>
    first(window).flatMap((start) => {
      const end = second({ from: start.from, to: start.from + reachMs }).find(
        ({ from }) => from > start.from,
      );
      return end === undefined ? [] : [{ from: start.from, to: end.to, last: end.from }];
    });
}

/** To each occurrence of the second from the newest of the first, at most `reachMs` earlier. */
export function upFrom(first: Series, second: Series, reachMs: number): Series {
  return (window) =>
    second({ from: window.from, to: window.to + reachMs }).flatMap((end) => {
      const start = first({ from: end.from - reachMs, to: end.from }).at(-1);
      const inside = start !== undefined && start.from >= window.from && start.from < window.to;
      return inside ? [{ from: start.from, to: end.to, last: end.from }] : [];
    });
}

/** A third of the stretch, and how it is rounded: whole days for months, whole months for years, three days for weeks. */
export function edgeOf(stretch: Stretch, grain: Grain, edge: 'start' | 'middle' | 'end'): Stretch {
  const step = edgeSteps[grain];
  if (step === undefined) {
    const half = halfOf(stretch);
    if (edge === 'middle') return { from: half - 2 * hourMs, to: half + 2 * hourMs };
    return edge === 'start' ? { from: stretch.from, to: half } : { from: half, to: stretch.to };
  }
  const [unit, head, tail] = step;
  const first = plus(stretch.from, unit, head);
  const last = grain === 'month' ? plus(stretch.from, unit, tail) : plus(stretch.to, unit, -tail);
  if (edge === 'start') return { from: stretch.from, to: first };
  return edge === 'end' ? { from: last, to: stretch.to } : { from: first, to: last };
}

/** The middle; of months and longer the day, where six months or fifteen days are over. */
function halfOf({ from, to }: Stretch): number {
  const days = (to - from) / dayMs;
  if (days > 360) return plus(from, 'month', Math.round(days / 60.8));
  return days > 6 ? plus(from, 'day', Math.floor(days / 2)) : from + (to - from) / 2;
}

const edgeSteps: Readonly<Partial<Record<Grain, readonly [Grain, number, number]>>> = {
  week: ['day', 3, 3],
  month: ['day', 10, 20],
  quarter: ['month', 1, 1],
  half: ['month', 2, 2],
  year: ['month', 3, 4],
  decade: ['year', 3, 3],
};
