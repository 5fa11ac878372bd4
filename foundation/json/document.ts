// Reads the fields of a JSON document that a caller wrote. Every problem is noted with its path, so that all are told at once; a
// field that is wrong reads as absent. It knows forms and lengths, not what a field is for.
import { invalidArgument, type Violation } from '../fault/fault.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { isPlainText, notPlainText } from './plain-text.ts';

/** The most problems that one answer names; a list of thousands would not fit into the head of a reply. */
export const violationsMax = 100;

/** Length of a text in code points, both ends included. */
export interface TextLength {
  readonly min: number;
  readonly max: number;
}

/** Range of a whole or broken number, both ends included. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
}

/** What is asked of a list of texts. */
export interface ItemRules {
  /** [0] */
  readonly itemsMin?: number;
  readonly itemsMax: number;
  /** What is wrong with an item; undefined when nothing is. */
  readonly problemOf: (item: string) => string | undefined;
}

/** Reads the fields of one object. Each method answers undefined for a field that is absent, null or wrong. */
export interface DocumentReader {
  /** Path of the object in the document; empty for the document itself. */
  readonly path: string;
  /** Path of a field. */
  pathOf(field: string): string;
  /** True when the field is there and not null. */
  has(field: string): boolean;
  /** True when the field is there and null. */
  isNull(field: string): boolean;
  /** Notes a problem of a field. */
  refuse(field: string, reason: string): void;
  /** True when a problem of the field itself was noted. */
  refused(field: string): boolean;
  /** Notes every field that is absent or null. */
  require(...fields: readonly string[]): void;
  /** Text that stores can hold; not blank unless `min` is 0. */
  text(field: string, length: TextLength): string | undefined;
  oneOf<Word extends string>(field: string, words: readonly Word[]): Word | undefined;
  flag(field: string): boolean | undefined;
  integer(field: string, range: NumberRange): number | undefined;
  number(field: string, range: NumberRange): number | undefined;
  object(field: string): JsonObject | undefined;
  list(field: string, itemsMax: number): readonly JsonValue[] | undefined;
  /** Those items of a list that are texts and keep all rules, each once, in order; what is wrong with others is noted. */
  items(field: string, rules: ItemRules): readonly string[] | undefined;
  /** A list of texts, each once; undefined when one of them is wrong. */
  texts(
    field: string,
    limits: { readonly itemsMax: number; readonly length: TextLength },
  ): readonly string[] | undefined;
  /** A reader of an object inside this one; undefined when the field is absent, null or no object. */
  inside(field: string): DocumentReader | undefined;
}

/** A reader over an object; problems are added to the list. */
export function readDocument(object: JsonObject, problems: Violation[], path = ''): DocumentReader {
  const pathOf = (field: string): string => (path === '' ? field : `${path}.${field}`);
  const refuse = (field: string, reason: string): void => {
    problems.push({ field: pathOf(field), reason });
  };
  const given = (field: string): JsonValue | undefined =>
    Object.hasOwn(object, field) ? (object[field] ?? undefined) : undefined;
  return {
    path,
    pathOf,
    has: (field) => given(field) !== undefined,
    isNull: (field) => Object.hasOwn(object, field) && object[field] === null,
    refuse,
    refused: (field) => problems.some((problem) => problem.field === pathOf(field)),
    require: (...fields) => {
      for (const field of fields) if (given(field) === undefined) refuse(field, 'is required');
    },
    ...valueReaders(given, refuse),
    ...listReaders(given, refuse),
    inside: (field) => {
      const value = given(field);
      if (value !== undefined && !isJsonObject(value)) refuse(field, 'must be an object');
      return isJsonObject(value) ? readDocument(value, problems, pathOf(field)) : undefined;
    },
  };
}

type Given = (field: string) => JsonValue | undefined;
type Refuse = DocumentReader['refuse'];
type ValueReaders = Pick<DocumentReader, 'text' | 'oneOf' | 'flag' | 'integer' | 'number' | 'object'>;

function valueReaders(given: Given, refuse: Refuse): ValueReaders {
  const typed = <T extends JsonValue>(
    field: string,
    expected: string,
    is: (value: JsonValue) => value is T,
  ) => {
    const value = given(field);
    if (value === undefined || is(value)) return value;
    refuse(field, `must be ${expected}`);
    return undefined;
  };
  const inRange = (field: string, expected: string, range: NumberRange & { readonly whole: boolean }) => {
    const value = typed(field, expected, isNumber);
    if (value === undefined) return undefined;
    const fits = value >= range.min && value <= range.max && (!range.whole || Number.isInteger(value));
    if (!fits) refuse(field, `must be ${expected} from ${range.min} to ${range.max}`);
    return fits ? value : undefined;
  };
  return {
    text: (field, length) => {
      const text = typed(field, 'text', isText);
      const problem = text === undefined ? undefined : textProblem(text, length);
      if (problem) refuse(field, problem);
      return problem ? undefined : text;
    },
    oneOf: (field, words) => {
      const value = given(field);
      const word = words.find((each) => each === value);
      if (value !== undefined && word === undefined) refuse(field, `must be one of ${words.join(', ')}`);
      return word;
    },
    flag: (field) => typed(field, 'true or false', isFlag),
    integer: (field, range) => inRange(field, 'a whole number', { ...range, whole: true }),
    number: (field, range) => inRange(field, 'a number', { ...range, whole: false }),
    object: (field) => typed(field, 'an object', isJsonObject),
  };
}

type ListReaders = Pick<DocumentReader, 'list' | 'items' | 'texts'>;

function listReaders(given: Given, refuse: Refuse): ListReaders {
  const list = (field: string, itemsMax: number): readonly JsonValue[] | undefined => {
    const value = given(field);
    if (value === undefined) return undefined;
    const isList = Array.isArray(value);
    if (isList && value.length <= itemsMax) return value;
    refuse(field, isList ? `must have at most ${itemsMax} items` : 'must be a list');
    return undefined;
  };
  return {
    list,
    items: (field, rules) => {
      const { itemsMin = 0, itemsMax, problemOf } = rules;
      const items = list(field, itemsMax);
      if (items && items.length < itemsMin) {
        refuse(field, `must have at least ${itemsMin} item${itemsMin > 1 ? 's' : ''}`);
      }
      return items && soundItems(items, { field, refuse, problemOf });
    },
    texts: (field, { itemsMax, length }) => {
      const items = list(field, itemsMax);
      const problemOf = (item: string): string | undefined => textProblem(item, length);
      const sound = items && soundItems(items, { field, refuse, problemOf });
      return sound?.length === items?.length ? sound : undefined;
    },
  };
}

interface ItemPlace extends Pick<ItemRules, 'problemOf'> {
  readonly refuse: Refuse;
  readonly field: string;
}

function soundItems(items: readonly JsonValue[], place: ItemPlace): readonly string[] {
  const { field, refuse, problemOf } = place;
  const firstAt = new Map<string, number>();
  for (const [at, item] of items.entries()) {
    const path = `${field}[${at}]`;
    if (!isText(item)) {
      refuse(path, 'must be text');
      continue;
    }
    const first = firstAt.get(item);
    const problem = first === undefined ? problemOf(item) : `repeats ${field}[${first}]`;
    if (problem) refuse(path, problem);
    else firstAt.set(item, at);
  }
  return [...firstAt.keys()];
}

/** Throws Fault `invalid_argument` with the first 100 problems when there are any. */
export function refuseProblems(problems: readonly Violation[]): void {
  if (problems.length > 0) throw invalidArgument(problems.slice(0, violationsMax));
}

/** What is wrong with a text; undefined when nothing is. */
export function textProblem(text: string, { min, max }: TextLength): string | undefined {
  if (!isPlainText(text)) return notPlainText;
  if (min > 0 && text.trim() === '') return 'must not be blank';
  const length = [...text].length;
  if (length < min) return `must have at least ${min} characters`;
  return length > max ? `must have at most ${max} characters` : undefined;
}

const isText = (value: JsonValue): value is string => typeof value === 'string';
const isNumber = (value: JsonValue): value is number => typeof value === 'number';
const isFlag = (value: JsonValue): value is boolean => typeof value === 'boolean';
