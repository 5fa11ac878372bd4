// Amounts of money between JSON and decimal text. Which amounts are allowed is for the services to say.

/** Decimal text of an amount as a caller wrote it, without an exponent where there is a small one; empty for none. */
export function moneyText(amount: number | null | undefined): string {
  if (amount === null || amount === undefined) return '';
  const text = String(amount);
  const [, digits, fraction = '', zeros] = /^(\d)(?:\.(\d+))?e-(\d+)$/.exec(text) ?? [];
  return digits === undefined ? text : `0.${'0'.repeat(Number(zeros) - 1)}${digits}${fraction}`;
}

/** The amount of decimal text as a number; null for empty text. Beyond 15 digits it is the nearest one. */
export function moneyJson(text: string): number | null {
  return text === '' ? null : Number(text);
}
