// The trained category models, read from the files that lie beside this one: `data/category-NAME.json`, made by scripts/train-category.ts.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from '../../../foundation/cache/once.ts';
import type { CategoryModel } from '../core/category/category-model.ts';
import { modelOf } from '../core/category/model-document.ts';
import type { JsonValue } from '../core/skill.ts';

/** Models by name. */
export type CategoryModels = ReadonlyMap<string, CategoryModel>;

const folder = join(import.meta.dirname, 'data');
const fileName = /^category-[a-z0-9-]+\.json$/;

/**
 * Loads all models, in the order of their names, once in a process; takes some milliseconds for each and blocks, so it belongs into the start
 * of a process. A damaged file throws.
 */
export const loadCategoryModels: () => CategoryModels = once(() => {
  const files = readdirSync(folder)
    .filter((name) => fileName.test(name))
    .sort();
  return new Map(
    files.map((name) => readModel(join(folder, name))).map((model) => [model.facts.name, model]),
  );
});

function readModel(path: string): CategoryModel {
  return modelOf(JSON.parse(readFileSync(path, 'utf8')) as JsonValue);
}
