// What a setting's text may be: each kind says in words what it expects and turns text into a value. It never sees where the text came from.
import { type Network, networkOf } from '../net/address.ts';

/** How one setting is understood. `parse` answers undefined for text that is not of this kind. */
export interface ValueKind<T> {
  /** What a correct value looks like, as it completes "must be …". */
  readonly expected: string;
  readonly parse: (text: string) => T | undefined;
  /** True when the value may hold a secret: then no message repeats it. */
  readonly secret: boolean;
  /** True when the text may stand in a file instead. */
  readonly orFile?: boolean | undefined;
}

/** Where a setting's text may stand besides the environment. */
export interface TextPlace {
  /** True: a second setting, `<name>_FILE`, may name a file that holds the text; a line break at its end is no part of it. */
  readonly orFile?: boolean;
}

/** Limits of a text setting, in UTF-16 code units. */
export interface TextLimits extends TextPlace {
  readonly lengthMin?: number;
  readonly lengthMax?: number;
  readonly secret?: boolean;
}

/** Limits of an integer setting, both included. */
export interface IntegerLimits {
  readonly min?: number;
  readonly max?: number;
}

/** Schemes that a URL may have, with the colon (`https:`); absence allows any. */
export interface UrlLimits {
  readonly protocols?: readonly string[];
  readonly secret?: boolean;
}

/** How a JSON setting is checked: `parse` answers undefined or throws for a value that is not as expected. */
export interface JsonShape<T> extends TextPlace {
  readonly expected: string;
  readonly parse: (value: unknown) => T | undefined;
}

/** Any text within its length limits. */
export function textKind({
  lengthMin = 1,
  lengthMax = 65_536,
  secret = false,
  orFile,
}: TextLimits = {}): ValueKind<string> {
  return {
    expected: `text of ${lengthMin} to ${lengthMax} characters`,
    parse: (text) => (text.length >= lengthMin && text.length <= lengthMax ? text : undefined),
    secret,
    orFile,
  };
}

/** A whole decimal number within its limits; the limits default to the safe integers. */
export function integerKind(limits: IntegerLimits = {}): ValueKind<number> {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = limits;
  const parse = (text: string): number | undefined => {
    const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  };
  return { expected: `an integer from ${min} to ${max}`, parse, secret: false };
}

/** `true`, `1`, `yes`, `on` or `false`, `0`, `no`, `off`, in any case. */
export const flagKind: ValueKind<boolean> = {
  expected: 'true or false',
  parse: (text) => {
    if (/^(true|1|yes|on)$/i.test(text)) return true;
    return /^(false|0|no|off)$/i.test(text) ? false : undefined;
  },
  secret: false,
};

/** An absolute URL, kept as text. Its value is never repeated in a message, since it may hold a password. */
export function urlKind({ protocols }: UrlLimits = {}): ValueKind<string> {
  const schemes = protocols ? ` (${protocols.map((protocol) => `${protocol}//…`).join(' or ')})` : '';
  const parse = (text: string): string | undefined => {
    const url = URL.parse(text);
    return url && (!protocols || protocols.includes(url.protocol)) ? text : undefined;
  };
  return { expected: `an absolute URL${schemes}`, parse, secret: true };
}

/** Comma-separated texts; blanks around them and empty ones are dropped. At least one must remain. */
export const listKind: ValueKind<readonly string[]> = {
  expected: 'a comma-separated list',
  parse: (text) => {
    const parts = text.split(',').map((part) => part.trim());
    const kept = parts.filter((part) => part !== '');
    return kept.length > 0 ? kept : undefined;
  },
  secret: false,
};

/** Comma-separated networks such as `10.0.0.0/8`, or single addresses. At least one must be given. */
export const networksKind: ValueKind<readonly Network[]> = {
  expected: 'a comma-separated list of networks such as 10.0.0.0/8',
  parse: (text) => {
    const networks = listKind.parse(text)?.map(networkOf);
    return networks?.every((network) => network !== undefined) ? networks : undefined;
  },
  secret: false,
};

/** One of a closed list of texts. */
export function oneOfKind<T extends string>(choices: readonly T[]): ValueKind<T> {
  return {
    expected: `one of ${choices.join(', ')}`,
    parse: (text) => choices.find((choice) => choice === text),
    secret: false,
  };
}

/** A JSON value of a given shape. Its value is never repeated in a message. */
export function jsonKind<T>(shape: JsonShape<T>): ValueKind<T> {
  const parse = (text: string): T | undefined => {
    try {
      return shape.parse(JSON.parse(text));
    } catch {
      return undefined;
    }
  };
  return { expected: `JSON: ${shape.expected}`, parse, secret: true, orFile: shape.orFile };
}
