// The registry lets a domain choose a category model by name, and the agents service has the models: both must know the same ones.
import { describe, expect, it } from '@jest/globals';
import { loadCategoryModels } from '../services/agents/store/category-models.ts';
import { categoryModelNames } from '../services/registry/core/category-model-names.ts';

describe('the category models', () => {
  it('that a domain may choose are those that the agents service has', () => {
    expect([...categoryModelNames].sort()).toEqual([...loadCategoryModels().keys()].sort());
  });
});
