// A test file that cannot be read.
import { it } from '@jest/globals';

it('is never run', () => {});
throw new Error('it cannot be read');
