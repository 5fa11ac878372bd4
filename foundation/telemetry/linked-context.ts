// A context that is a link to the one it was made from. Each span makes one, and the API's own copies all that is in it for that.
import { type Context, ROOT_CONTEXT } from '@opentelemetry/api';

const deleted = Symbol('deleted');

class LinkedContext implements Context {
  readonly #base: Context;
  readonly #key: symbol;
  readonly #value: unknown;

  constructor(base: Context, key: symbol, value: unknown) {
    this.#base = base;
    this.#key = key;
    this.#value = value;
  }

  getValue(key: symbol): unknown {
    if (key !== this.#key) return this.#base.getValue(key);
    return this.#value === deleted ? undefined : this.#value;
  }

  /** A value that takes the place of the last one is a link as long as that. */
  setValue(key: symbol, value: unknown): Context {
    return new LinkedContext(key === this.#key ? this.#base : this, key, value);
  }

  deleteValue(key: symbol): Context {
    return new LinkedContext(this, key, deleted);
  }
}

const noKey = Symbol('none');
const linkedRoot: Context = new LinkedContext(ROOT_CONTEXT, noKey, undefined);

/** What a context without values is to be replaced by, so that the ones made from it are links; any other is itself. */
export function linked(context: Context): Context {
  return context === ROOT_CONTEXT ? linkedRoot : context;
}
