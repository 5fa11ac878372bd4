// Money as whole numbers of 1e-9 of a currency unit, and its text. Currencies are never turned into each other.

const digitsAfterPoint = 9;
const nanosOfUnit = 10n ** BigInt(digitsAfterPoint);
const form = /^(\d{1,10})(?:\.(\d{1,9}))?$/;

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Whole 1e-9 of decimal text such as `12.5`, not negative; undefined for other text, and for what is more than `unitsMax`. */
export function nanosOf(text: string, unitsMax: number): bigint | undefined {
  const [, whole, fraction = ''] = form.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const nanos = BigInt(whole) * nanosOfUnit + BigInt(fraction.padEnd(digitsAfterPoint, '0'));
  return nanos > BigInt(unitsMax) * nanosOfUnit ? undefined : nanos;
}

/** The shortest decimal text, with at most 9 digits after the point. */
export function decimalOf(nanos: bigint): string {
  const [sign, size] = nanos < 0n ? ['-', -nanos] : ['', nanos];
  const fraction = String(size % nanosOfUnit)
    .padStart(digitsAfterPoint, '0')
    .replace(/0+$/, '');
  return `${sign}${size / nanosOfUnit}${fraction && `.${fraction}`}`;
}

/** What is wrong with text that should be money; undefined when nothing is. */
export function moneyProblem(text: string, unitsMax: number): string | undefined {
  if (nanosOf(text, unitsMax) !== undefined) return undefined;
  return `must be a decimal number from 0 to ${unitsMax} with at most ${digitsAfterPoint} digits after the point`;
}

/** What is wrong with text that should be a currency; undefined when nothing is. */
export function currencyProblem(text: string): string | undefined {
  return currencies.has(text) ? undefined : 'must be a currency by its ISO 4217 code, such as EUR';
}
