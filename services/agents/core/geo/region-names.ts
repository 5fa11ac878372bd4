// Names of countries and of the states of the USA, with their codes. Country names come from the runtime's own locale data (CLDR).

import { normaliseName } from '../text/words.ts';

const stateCodes =
  'AL:Alabama AK:Alaska AZ:Arizona AR:Arkansas CA:California CO:Colorado CT:Connecticut DE:Delaware DC:District_of_Columbia FL:Florida GA:Georgia HI:Hawaii ID:Idaho IL:Illinois IN:Indiana IA:Iowa KS:Kansas KY:Kentucky LA:Louisiana ME:Maine MD:Maryland MA:Massachusetts MI:Michigan MN:Minnesota MS:Mississippi MO:Missouri MT:Montana NE:Nebraska NV:Nevada NH:New_Hampshire NJ:New_Jersey NM:New_Mexico NY:New_York NC:North_Carolina ND:North_Dakota OH:Ohio OK:Oklahoma OR:Oregon PA:Pennsylvania RI:Rhode_Island SC:South_Carolina SD:South_Dakota TN:Tennessee TX:Texas UT:Utah VT:Vermont VA:Virginia WA:Washington WV:West_Virginia WI:Wisconsin WY:Wyoming';

const countryAliases: Readonly<Record<string, string>> = {
  usa: 'US',
  'united states of america': 'US',
  america: 'US',
  uk: 'GB',
  'great britain': 'GB',
  britain: 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  uae: 'AE',
  drc: 'CD',
  'ivory coast': 'CI',
  burma: 'MM',
  'czech republic': 'CZ',
  turkey: 'TR',
  'south korea': 'KR',
  'north korea': 'KP',
};

/** What a name of a country or state stands for. */
export interface RegionName {
  /** ISO 3166 alpha-2. */
  readonly country: string;
  /** The state's letters; absent for a whole country. */
  readonly admin1?: string;
}

/** Looks up normalised names of countries and states. */
export type RegionNames = ReadonlyMap<string, RegionName>;

/** The names, normalised (`normaliseName`). It asks the runtime for some 700 codes, so build it once per process. */
export function createRegionNames(): RegionNames {
  const names = new Map<string, RegionName>();
  const display = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  for (const country of regionCodes()) {
    const name = display.of(country);
    if (name !== undefined) names.set(normaliseName(name), { country });
  }
  for (const [alias, country] of Object.entries(countryAliases)) names.set(alias, { country });
  for (const entry of stateCodes.split(' ')) {
    const [admin1 = '', name = ''] = entry.split(':');
    const normalised = normaliseName(name.replaceAll('_', ' '));
    if (!names.has(normalised)) names.set(normalised, { country: 'US', admin1 });
  }
  return names;
}

/** The state behind two capital letters, as they stand after a comma ("Austin, TX"); undefined for anything else. */
export function stateOfLetters(letters: string): RegionName | undefined {
  return stateCodes.includes(`${letters}:`) && /^[A-Z]{2}$/.test(letters)
    ? { country: 'US', admin1: letters }
    : undefined;
}

function regionCodes(): string[] {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const reserved = new Set([
    'EU',
    'EZ',
    'UN',
    'QO',
    'XA',
    'XB',
    'ZZ',
    'DD',
    'SU',
    'YU',
    'FX',
    'TP',
    'BU',
    'ZR',
    'AN',
    'CS',
    'NT',
    'UK',
  ]);
  return letters.flatMap((a) => letters.map((b) => a + b)).filter((code) => !reserved.has(code));
}
