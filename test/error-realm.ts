// Run before each test file. Jest gives tests a realm of their own, where errors that Node itself made are no instances of `Error`, so that
// libraries do not know them: connect-fastify, for one, then writes every stream that its reader leaves to the console as a failed handler.
// Nothing else is changed, and nothing is silenced.
import { types } from 'node:util';

const isInstance = Function.prototype[Symbol.hasInstance];

Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, value: unknown): boolean {
    return isInstance.call(this, value) || (this === Error && types.isNativeError(value));
  },
});
