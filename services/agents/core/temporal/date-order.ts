// Whether people of a time zone write the day or the month first in dates of figures. A guess by place, to be overruled by who knows more.

/** Zones of the United States, of English-speaking Canada and of the Philippines, where 3/4 is the fourth of March. */
const monthFirstZones =
  /^(?:US\/|Canada\/|America\/(?:New_York|Chicago|Denver|Los_Angeles|Phoenix|Detroit|Boise|Anchorage|Juneau|Sitka|Nome|Metlakatla|Yakutat|Adak|Menominee|Indiana\/|Indianapolis|Kentucky\/|Louisville|North_Dakota\/|Puerto_Rico|Toronto|Vancouver|Edmonton|Winnipeg|Regina|Halifax)|Pacific\/(?:Honolulu|Guam)|Asia\/Manila|EST|CST|MST|PST)/;

/** Zones that say nothing of a place. */
const placeless = /^(?:UTC|GMT|Z|Etc\/.*)$/;

/** The order in the zone of that IANA name; month first where the zone tells no place. */
export function dateOrderOf(timeZone: string): 'day-first' | 'month-first' {
  return monthFirstZones.test(timeZone) || placeless.test(timeZone) ? 'month-first' : 'day-first';
}
