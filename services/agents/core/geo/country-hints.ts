// Words by which a text gives away its country without naming it: kinds of districts, of roads and of offices that only some countries have.

interface Hint {
  readonly words: RegExp;
  /** Whether hardly any other country has the word. */
  readonly strong?: true;
  /** ISO 3166 alpha-2, the likeliest first. */
  readonly countries: readonly string[];
}

const hints: readonly Hint[] = [
  { words: /\bK(?:m[ .]*)?\d{3,4}[ ]?\+[ ]?\d{3}\b/i, strong: true, countries: ['PH'] },
  { words: /\b(?:brgy|barangay|barangays|sitio|purok|poblacion)\b/i, strong: true, countries: ['PH'] },
  {
    words: /\b(?:kabupaten|kecamatan|kelurahan|desa|dusun|regency)\b/i,
    strong: true,
    countries: ['ID'],
  },
  {
    words: /\b(?:kampung|kampong|taman|jalan|sungai|bukit)\b/i,
    strong: true,
    countries: ['MY', 'ID', 'BN', 'SG'],
  },
  { words: /\b(?:tambon|amphoe|changwat|wat)\b/i, strong: true, countries: ['TH'] },
  { words: /\b(?:huyện|quận|tỉnh)/i, strong: true, countries: ['VN'] },
  {
    words: /\b(?:VDCs?|[Vv]illage [Dd]evelopment [Cc]ommittee|gaunpalika|nagarpalika|bhanjyang)\b/i,
    strong: true,
    countries: ['NP'],
  },
  { words: /\b(?:upazila|thana)\b/i, strong: true, countries: ['BD'] },
  {
    words: /\b(?:tehsil|taluka?|panchayat|nallah?|nullah|ghats?|lakh|crore|national highway|NH[- ]?\d+)\b/i,
    strong: true,
    countries: ['IN', 'PK'],
  },
  {
    words:
      /\b(?:vereda|corregimiento|barrio|carretera|quebrada|cerro|municipio|departamento|colonia|autopista|via)\b/i,
    countries: ['CO', 'MX', 'PE', 'EC', 'GT'],
  },
  {
    words: /\b(?:rodovia|morro|favela|bairro|rua|serra|estrada|praia|ladeira|espaço)\b/i,
    countries: ['BR', 'PT'],
  },
  { words: /\b(?:shire|borough council|A\d{1,4}|M\d{1,2}|B\d{4})\b(?! ?(?:km|m)\b)/, countries: ['GB'] },
  { words: /\b(?:sheng|xian|xiang|township in .* county)\b/i, countries: ['CN', 'TW'] },
  { words: /\b(?:prefecture)\b/i, countries: ['JP', 'CN', 'GR'] },
  { words: /\b(?:SH ?\d{1,2}|state highway \d{1,2})\b/i, countries: ['NZ', 'IN', 'US'] },
  {
    words:
      /\b(?:milepost|mile ?marker|mileposts|interstate|I[- ]\d{1,3}|MP ?\d+|U\.?S\.?[- ]?\d{1,3}|U\.S\. (?:route|highway)|US (?:route|highway)|state route|SR[- ]?\d{1,3}|county road|CR[- ]?\d{1,3}|turnpike|parkway|freeway|hwy|highway \d+|route \d+|(?:CA|OR|WA|CO|KY|WV|TN|NC|VA|PA)[- ]\d{1,3})\b/i,
    countries: ['US', 'CA'],
  },
];

/** Countries that report in English, ISO 3166 alpha-2: a location in English lies in them more often than elsewhere. */
export const reportingInEnglish: ReadonlySet<string> = new Set(
  'US CA GB IE AU NZ IN PK BD NP LK PH SG KE UG NG GH ZA ZW ZM JM TT BB FJ PG'.split(' '),
);

/** English words for roads, as most often found in reports that name nothing else. */
const englishRoads =
  /\b(?:road|rd|drive|dr|street|st|avenue|ave|lane|ln|boulevard|blvd|highway|hwy|route|rte|bridge|creek|falls|trail|park|canyon|mile|miles|rock|ranch|county|school)\b/i;

/** The country that is likeliest when nothing else tells, ISO 3166 alpha-2; empty when the text is not even in the manner of one. */
export function countryByManner(text: string): string {
  return englishRoads.test(text) ? 'US' : '';
}

/** Countries that the text's words speak for, the likeliest first; empty when they say nothing. */
export function countriesHinted(text: string): readonly string[] {
  return [...new Set(hints.filter(({ words }) => words.test(text)).flatMap(({ countries }) => countries))];
}

/** Countries that have what the text names and hardly any other has; empty when it names nothing of that kind. */
export function countriesProven(text: string): readonly string[] {
  return hints
    .filter(({ words, strong }) => strong && words.test(text))
    .flatMap(({ countries }) => countries);
}
