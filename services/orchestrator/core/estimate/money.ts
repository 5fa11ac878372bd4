// Money of estimates: numbers of 1e-9 of a currency unit, and decimal text. What is counted exactly is counted elsewhere.

const nanosOfUnit = 1e9;

/** Number of 1e-9 of decimal text; not a number for other text. */
export function nanosOf(text: string): number {
  return text === '' ? Number.NaN : Number(text) * nanosOfUnit;
}

/** The shortest decimal text of whole 1e-9, with at most 9 digits after the point. */
export function decimalOf(nanos: number): string {
  const digits = BigInt(Math.round(nanos)).toString().padStart(10, '0');
  const fraction = digits.slice(-9).replace(/0+$/, '');
  return `${digits.slice(0, -9)}${fraction && `.${fraction}`}`;
}
