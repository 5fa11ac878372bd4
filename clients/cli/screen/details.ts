// A document for people: a line for each value, indented as it is nested.
import { plainText } from './plain-text.ts';

/** The lines of a value. Empty lists and objects are left out, and so is what is null. */
export function detailLines(value: unknown, indent = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each) => itemLines(each, indent));
  if (typeof value !== 'object' || value === null) return [`${indent}${scalarText(value, indent)}`];
  return Object.entries(value).flatMap(([name, member]) => memberLines(plainText(name), member, indent));
}

function memberLines(name: string, value: unknown, indent: string): readonly string[] {
  if (value === null || value === undefined || isEmpty(value)) return [];
  if (typeof value !== 'object') return [`${indent}${name}: ${scalarText(value, indent)}`];
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object')) {
    return [`${indent}${name}: ${value.map((each) => scalarText(each, indent)).join(', ')}`];
  }
  return [`${indent}${name}:`, ...detailLines(value, `${indent}  `)];
}

function itemLines(value: unknown, indent: string): readonly string[] {
  const [first, ...rest] = detailLines(value, `${indent}  `);
  return first === undefined ? [] : [`${indent}- ${first.slice(indent.length + 2)}`, ...rest];
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function scalarText(value: unknown, indent: string): string {
  return plainText(String(value)).replaceAll('\n', `\n${indent}  `);
}
