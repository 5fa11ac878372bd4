// The committed file of places is the one that its record tells of. That the sources give it byte for byte is checked by
// `node scripts/build-gazetteer.ts --check`, which needs them installed.
import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { placesPath } from '../services/agents/store/gazetteer.ts';
import { recordOf, recordPath } from './build-gazetteer.ts';

it('records the hash of the committed file of places and the versions of its sources', async () => {
  const record = JSON.parse(await readFile(recordPath, 'utf8'));
  expect(recordOf(await readFile(placesPath))).toEqual(record);
});
