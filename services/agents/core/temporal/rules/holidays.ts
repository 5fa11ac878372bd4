// Holidays by their English names and when they fall: common ones of the United States, Great Britain and the large religions.

import { type HolidayDay, holidayIn } from '../holiday-calendar.ts';
import type { Time } from '../meaning.ts';
import { giving, type Rule } from '../rule.ts';
import { yearly } from '../series.ts';

const time = giving('time');

const [monday, thursday, friday, saturday, sunday] = [1, 4, 5, 6, 7] as const;
const islamic = (month: number, day: number): HolidayDay => ({ calendar: 'islamic-umalqura', month, day });
const hebrew = (month: number, day: number, days = 0): HolidayDay => ({
  calendar: 'hebrew',
  month,
  day,
  eve: true,
  days: days === 0 ? 1 : days + 1,
});
const nth = (month: number, weekday: number, which: number, plusDays = 0): HolidayDay => ({
  month,
  weekday,
  nth: which,
  plusDays,
});
const on = (month: number, day: number): HolidayDay => ({ month, day });

/** Patterns of the names with what sets the day. */
const holidays: readonly (readonly [HolidayDay, readonly string[]])[] = [
  [on(1, 1), ["new year|years '|'s? day", 'new years', 'the? new year']],
  [on(12, 31), ["new year|years '|'s? eve", 'nye']],
  [on(1, 6), ['epiphany']],
  [nth(1, monday, 3), ['mlk day', "martin luther king|kings 's|'|jr? .? day", 'civil rights day']],
  [on(2, 2), ['groundhog|groundhogs day', "groundhog 's day"]],
  [on(2, 14), ["saint|st? .? valentine|valentines '|'s? day"]],
  [nth(2, monday, 3), ["president|presidents 's|'? day", "washington 's birthday"]],
  [on(3, 8), ["international? women|womens 's|'? day"]],
  [on(3, 17), ["saint|st .? patrick|patricks|paddy|paddys 's|'? day"]],
  [on(4, 1), ["april fool|fools 's|'? day?"]],
  [on(4, 22), ['earth day']],
  [on(4, 23), ["saint|st .? george|georges 's|'? day"]],
  [
    on(5, 1),
    [
      'may day',
      'international? labour|labor day may',
      "international? workers|worker|workmen '|'s? day",
      'international labor|labour day',
    ],
  ],
  [on(5, 4), ['star wars day']],
  [on(5, 5), ['cinco de mayo']],
  [nth(5, sunday, 2), ["mother|mothers 's|'? day"]],
  [nth(5, monday, -1), ['memorial day', 'decoration day', 'spring bank holiday']],
  [nth(5, saturday, 3), ['armed forces day']],
  [nth(5, monday, 1), ['early may bank holiday']],
  [nth(8, monday, -1), ['summer|august bank holiday']],
  [on(6, 14), ['flag day']],
  [nth(6, sunday, 3), ["father|fathers 's|'? day"]],
  [on(6, 19), ['juneteenth']],
  [on(7, 4), ['independence day', 'the fourth of july']],
  [on(7, 14), ['bastille day']],
  [nth(9, monday, 1), ['labor|labour day']],
  [on(9, 11), ['patriot day']],
  [nth(10, monday, 2), ['columbus day', "indigenous people|peoples '|'s? day"]],
  [on(10, 31), ['halloween', "all hallow|hallows 's? eve", "hallowe ' en"]],
  [on(11, 1), ["all saint|saints '|'s? day", 'all hallows day']],
  [on(11, 2), ["all soul|souls '|'s? day"]],
  [on(11, 5), ['guy fawkes night|day', 'bonfire night']],
  [on(11, 11), ["veteran|veterans '|'s? day", 'remembrance|armistice day']],
  [nth(11, sunday, 2), ['remembrance sunday']],
  [nth(11, thursday, 4), ['thanksgiving day?', 'turkey day']],
  [nth(11, thursday, 4, 1), ['black friday']],
  [nth(11, thursday, 4, 4), ['cyber monday']],
  [nth(11, monday, 1, 1), ['election day']],
  [nth(4, friday, -1), ['arbor|arbour day']],
  [on(12, 24), ["christmas|xmas '|'s? eve"]],
  [on(12, 25), ['christmas|xmas day?', 'x - mas day?']],
  [on(12, 26), ['boxing day', "saint|st .? stephen|stephens 's|'? day", 'kwanzaa']],
  [{ easter: -47 }, ['shrove|pancake|fat tuesday', 'mardi gras', 'pancake day']],
  [{ easter: -48 }, ['shrove|rose monday']],
  [{ easter: -46 }, ['ash wednesday']],
  [{ easter: -46, days: 46 }, ['lent']],
  [{ easter: -7 }, ['palm|passion sunday']],
  [{ easter: -3 }, ['maundy|holy|covenant|sheer thursday|thu', 'thursday|thu of mysteries']],
  [{ easter: -2 }, ['good|great|holy friday']],
  [{ easter: -1 }, ['holy|easter|black saturday', 'easter eve']],
  [{ easter: 0 }, ['easter sunday|day?', 'resurrection sunday']],
  [{ easter: 1 }, ['easter|bright monday']],
  [{ easter: 39 }, ['ascension day|thursday', 'ascension of jesus|christ?', 'holy thursday ascension']],
  [{ easter: 49 }, ['pentecost', 'whit|white sunday', 'whitsun|whitsunday']],
  [{ easter: 50 }, ['whit|pentecost monday', 'monday of the holy spirit']],
  [{ easter: 56 }, ['trinity sunday']],
  [{ easter: 60 }, ['corpus christi', 'feast of corpus christi']],
  [{ orthodoxEaster: -48 }, ['clean|green|ash monday', 'orthodox shrove monday']],
  [{ orthodoxEaster: -48, days: 40 }, ['great lent|fast']],
  [{ orthodoxEaster: -8 }, ['lazarus saturday']],
  [{ orthodoxEaster: -7 }, ['orthodox palm sunday']],
  [{ orthodoxEaster: -2 }, ['orthodox good|great|holy friday']],
  [{ orthodoxEaster: 0 }, ['orthodox easter sunday|day?', 'pascha']],
  [{ orthodoxEaster: 1 }, ['orthodox easter monday']],
  [{ orthodoxEaster: 39 }, ['orthodox ascension day?']],
  [{ orthodoxEaster: 49 }, ['orthodox pentecost']],
  [{ orthodoxEaster: 50 }, ['orthodox whit|pentecost monday']],
  [islamic(9, 1), ['start|beginning of ramadan']],
  [{ calendar: 'islamic-umalqura', month: 9, day: 1, days: 29 }, ['ramadan|ramadhan|ramzan|ramazan']],
  [islamic(10, 1), ['eid|id al|ul - fitr|fitri', 'eid|id al|ul fitr|fitri', 'eid']],
  [
    islamic(12, 10),
    [
      'eid|id al|ul - adha',
      'eid|id al|ul adha',
      'bakr|bakra|bakri id|eid',
      'sacrifice feast',
      'feast of the sacrifice',
      'festival of sacrifice',
    ],
  ],
  [islamic(1, 1), ['islamic|hijri|muslim new year', 'amun jadid', 'muharram']],
  [islamic(1, 10), ['day? of? ashura|ashoura']],
  [islamic(3, 12), ['mawlid', 'mawlid|milad al|un - nabi|nabawi', 'mawlid|milad al|un nabi|nabawi']],
  [islamic(9, 27), ['laylat al|ul - qadr|kadr', 'laylat al|ul qadr|kadr', 'night of power|destiny']],
  [
    islamic(7, 27),
    ["isra and? mi'raj", "isra and mi ' raj", "the? prophet 's? ascension", 'ascension to heaven'],
  ],
  [hebrew(7, 1, 2), ['rosh hashanah|hashana|hashanna', 'jewish new year', 'yom teruah']],
  [hebrew(7, 10, 1), ['yom kippur', 'day of atonement']],
  [
    hebrew(7, 15, 8),
    ['sukkot|sukkoth|succot|succos', 'feast of tabernacles|booths|ingathering', 'feast of the ingathering'],
  ],
  [hebrew(7, 22), ['shemini atzeret']],
  [hebrew(7, 23), ['simchat torah']],
  [
    hebrew(9, 25, 7),
    ['hanukkah|chanukah|chanukkah|hanukah', 'festival of lights jewish', 'feast of dedication'],
  ],
  [hebrew(11, 15), ['tu bishvat|bshevat', "tu b ' shevat", 'tu bi shvat']],
  [hebrew(12, 14), ['purim']],
  [hebrew(1, 15, 8), ['passover|pesach|pesah']],
  [hebrew(1, 27), ['yom hashoah|hashoa', 'holocaust remembrance? day']],
  [hebrew(2, 5), ["yom ha ' atzmaut", 'yom haatzmaut']],
  [hebrew(2, 18), ['lag baomer', "lag b ' omer|baomer"]],
  [hebrew(3, 6, 2), ['shavuot|shavuoth', 'feast of weeks']],
  [hebrew(5, 9), ["tisha b ' av", 'tisha bav']],
  [
    { calendar: 'chinese', month: 1, day: 1 },
    ["chinese|lunar lunar? new year|years 's|'? day?", 'spring festival'],
  ],
  [{ calendar: 'chinese', month: 5, day: 5 }, ['dragon boat festival']],
  [{ calendar: 'chinese', month: 8, day: 15 }, ['mid? -? autumn festival', 'moon festival']],
  [on(1, 14), ['makar|makara sankranti|sankranthi', 'pongal', 'thai pongal']],
  [on(1, 13), ['lohri', 'bogi|bhogi pandigai?']],
  [on(1, 15), ['mattu|maattu pongal']],
  [on(1, 16), ['kaanum|kanni pongal']],
  [on(1, 26), ['republic day', 'australia day']],
  [on(4, 14), ['vaisakhi|vasakhi|vaishakhi|baisakhi|vaisakha']],
  [on(8, 15), ['indian independence day']],
  [on(10, 2), ['gandhi jayanti']],
  [on(4, 25), ['anzac day']],
  [on(7, 1), ['canada day']],
];

function holidayTime(rule: HolidayDay): Time {
  return { series: yearly((year) => holidayIn(year, rule)), grain: 'day', period: 'year', holiday: true };
}

/** Rules for the names of holidays. */
export const holidayRules: readonly Rule[] = holidays.flatMap(([rule, names]) => {
  const value = holidayTime(rule);
  return names.flatMap((name) => time(name, () => value, 2));
});
