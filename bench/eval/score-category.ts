// Scores category models: what the committed model of a set answers to the texts alone, against the labels that citizens chose. The model
// is that of the file's name: category_boston_vz.dev.jsonl is judged by boston-vz.

import { judgeCategory } from '../../services/agents/core/category/category-model.ts';
import { type CategoryModels, loadCategoryModels } from '../../services/agents/store/category-models.ts';
import { classFigures } from './class-figures.ts';
import type { Metric, Row, Scorer } from './scorer.ts';

/**
 * macro_f1 and accuracy over all rows; macro_f1_cv is the cross-validated figure in the model's file, which is the one to read when
 * the rows are those that the model was trained on. A file of no model's set throws.
 */
export const scoreCategory: Scorer = async (rows, file) => scoreWith(loadCategoryModels(), rows, file);

/** The same with given models. */
export function scoreWith(models: CategoryModels, rows: readonly Row[], file: string): readonly Metric[] {
  const model = models.get(modelNameOf(file));
  if (!model)
    throw new Error(`no category model for this set; there are models for ${[...models.keys()].join(', ')}`);
  const cases = rows.map((row, at) => ({
    gold: textOf(row, 'label', at),
    answer: judgeCategory(textOf(row, 'text', at), model).label,
  }));
  const { macroF1, accuracy } = classFigures(cases);
  const { crossValidation, trainingTexts } = model.facts;
  return [
    { metric: 'macro_f1', value: macroF1, n: cases.length },
    { metric: 'accuracy', value: accuracy, n: cases.length },
    { metric: 'macro_f1_cv', value: crossValidation.macroF1, n: trainingTexts },
  ];
}

/** `category_boston_vz.dev.jsonl` is of the set boston-vz. */
function modelNameOf(file: string): string {
  const [set = ''] = file.replace(/^category_/, '').split('.');
  return set.replaceAll('_', '-');
}

function textOf(row: Row, field: string, at: number): string {
  const value = row[field];
  if (typeof value !== 'string') throw new Error(`row ${at + 1} lacks ${field}`);
  return value;
}
