// The version of the product, as its package states it.
import { readFileSync } from 'node:fs';

/** Semantic version of this build. */
export const version: string = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
).version;
