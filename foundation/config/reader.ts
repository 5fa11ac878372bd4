// Reads a process's settings from its environment: typed, with every problem in one error. It keeps no state, and reads only the files that
// settings with `orFile` name.
import { readFileSync } from 'node:fs';
import type { Network } from '../net/address.ts';
import {
  flagKind,
  type IntegerLimits,
  integerKind,
  type JsonShape,
  jsonKind,
  listKind,
  networksKind,
  oneOfKind,
  type TextLimits,
  textKind,
  type UrlLimits,
  urlKind,
  type ValueKind,
} from './value-kinds.ts';

/** Names and texts, such as `process.env`. An empty text counts as absent. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The value of an absent setting; without it an absent setting is a problem. */
export interface Default<T> {
  readonly default?: T;
}

/** One method per kind of value. A method whose setting is wrong notes a problem and answers a value that nobody gets to see. */
export interface Readers {
  text(name: string, options?: TextLimits & Default<string>): string;
  integer(name: string, options?: IntegerLimits & Default<number>): number;
  /** A TCP port, 0 to 65535; 0 lets the system choose. */
  port(name: string, options?: Default<number>): number;
  flag(name: string, options?: Default<boolean>): boolean;
  /** Kept as text. No message repeats it. */
  url(name: string, options?: UrlLimits & Default<string>): string;
  list(name: string, options?: Default<readonly string[]>): readonly string[];
  /** Networks of addresses, such as `10.0.0.0/8`. */
  networks(name: string, options?: Default<readonly Network[]>): readonly Network[];
  oneOf<T extends string>(name: string, choices: readonly T[], options?: Default<T>): T;
  json<T>(name: string, shape: JsonShape<T> & Default<T>): T;
  /** The same kinds for settings that may be absent. */
  readonly optional: OptionalReaders;
  /** Whether there is anything under this name, right or wrong. */
  given(name: string): boolean;
  /** Notes what is wrong between settings: a sentence that names them and holds no secret. */
  problem(sentence: string): void;
}

/** Readers whose absent setting is undefined and no problem. */
export interface OptionalReaders {
  text(name: string, options?: TextLimits): string | undefined;
  integer(name: string, options?: IntegerLimits): number | undefined;
  url(name: string, options?: UrlLimits): string | undefined;
  list(name: string): readonly string[] | undefined;
  oneOf<T extends string>(name: string, choices: readonly T[]): T | undefined;
  json<T>(name: string, shape: JsonShape<T>): T | undefined;
}

/** Everything that is wrong with the environment. The message has one line per problem and no secret. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * What `build` makes of the environment, frozen to its leaves. Throws one ConfigError that names every wrong or missing
 * setting. `build` should only read and arrange: with a problem noted, its values are placeholders and its result is dropped.
 */
export function readConfig<T>(env: Environment, build: (read: Readers) => T): T {
  const problems: string[] = [];
  const config = attempt(() => build(createReaders(env, problems)), problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return deepFreeze(config) as T;
}

/** A build that trips over a placeholder must not hide the problems that explain it. */
function attempt<T>(build: () => T, problems: readonly string[]): T | undefined {
  try {
    return build();
  } catch (error) {
    if (problems.length === 0) throw error;
    return undefined;
  }
}

function createReaders(env: Environment, problems: string[]): Readers {
  const optional = <T>(name: string, kind: ValueKind<T>): T | undefined => {
    const text = kind.orFile ? textOrFile(env, name, problems) : env[name];
    if (text === undefined || text === '') return undefined;
    const value = kind.parse(text);
    if (value === undefined)
      problems.push(`${name} must be ${kind.expected}${kind.secret ? '' : `, not "${text}"`}`);
    return value;
  };
  const required = <T>(name: string, kind: ValueKind<T>, options: Default<T> = {}): T => {
    const problemsBefore = problems.length;
    const value = optional(name, kind) ?? options.default;
    if (value === undefined && problems.length === problemsBefore) {
      const file = kind.orFile ? `, or ${name}_FILE the path of a file that holds it` : '';
      problems.push(`${name} is required: it must be ${kind.expected}${file}`);
    }
    return value as T; // undefined only with a problem noted, and then nobody gets it
  };
  return {
    text: (name, options) => required(name, textKind(options), options),
    integer: (name, options) => required(name, integerKind(options), options),
    port: (name, options) => required(name, integerKind({ min: 0, max: 65_535 }), options),
    flag: (name, options) => required(name, flagKind, options),
    url: (name, options) => required(name, urlKind(options), options),
    list: (name, options) => required(name, listKind, options),
    networks: (name, options) => required(name, networksKind, options),
    oneOf: (name, choices, options) => required(name, oneOfKind(choices), options),
    json: (name, shape) => required(name, jsonKind(shape), shape),
    optional: {
      text: (name, options) => optional(name, textKind(options)),
      integer: (name, options) => optional(name, integerKind(options)),
      url: (name, options) => optional(name, urlKind(options)),
      list: (name) => optional(name, listKind),
      oneOf: (name, choices) => optional(name, oneOfKind(choices)),
      json: (name, shape) => optional(name, jsonKind(shape)),
    },
    given: (name) => (env[name] ?? '') !== '',
    problem: (sentence) => void problems.push(sentence),
  };
}

/** The text of `<name>`, or of the file that `<name>_FILE` names; undefined with a problem noted where both are set or the file cannot be read. */
function textOrFile(env: Environment, name: string, problems: string[]): string | undefined {
  const setting = `${name}_FILE`;
  const path = env[setting] ?? '';
  if (path === '') return env[name];
  if ((env[name] ?? '') !== '') {
    problems.push(`${name} and ${setting} each say the same: set one of them`);
    return undefined;
  }
  try {
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    if (text === '') problems.push(`${setting}: the file ${path} is empty`);
    return text;
  } catch {
    problems.push(`${setting}: the file ${path} cannot be read`);
    return undefined;
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value))
    return value;
  Object.freeze(value);
  for (const part of Object.values(value)) deepFreeze(part);
  return value;
}
