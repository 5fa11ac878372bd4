// The trained recogniser of names, read from the file beside this one. `scripts/train-entities.ts` writes that file.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { once } from '../../../foundation/cache/once.ts';
import { decodeModel } from '../core/entity/recognizer/model-bytes.ts';
import { createNameRecognizer, type RecognizeNames } from '../core/entity/recognizer/name-recognizer.ts';

/** Where the model lies. */
export const entityModelFile = new URL('entity-model.bin.gz', import.meta.url);

/**
 * Loads the recogniser, once in a process; blocks for two to four tenths of a second and keeps some 30 MB, so it belongs into the start of
 * a process. A missing or damaged file throws the error of the file system, the unpacker or the reader.
 */
export const loadNameRecognizer: () => RecognizeNames = once(() =>
  createNameRecognizer(decodeModel(gunzipSync(readFileSync(entityModelFile)))),
);
