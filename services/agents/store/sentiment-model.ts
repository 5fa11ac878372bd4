// The sentiment model, read from the file that lies beside this one; it is made by scripts/train-sentiment.ts.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from '../../../foundation/cache/once.ts';
import { sentimentModelOf } from '../core/entity/sentiment-document.ts';
import type { SentimentModel } from '../core/entity/sentiment-model.ts';
import type { JsonValue } from '../core/skill.ts';

const path = join(import.meta.dirname, 'data', 'sentiment-en.json');

/** Loads the model, once in a process; takes some milliseconds and blocks, so it belongs into the start of a process. A damaged file throws. */
export const loadSentimentModel: () => SentimentModel = once(() =>
  sentimentModelOf(JSON.parse(readFileSync(path, 'utf8')) as JsonValue),
);
