// A test file that runs in the same process after another one, which has changed its own limit of time.
import { it } from '@jest/globals';

it('has the usual limit', () => new Promise((resolve) => setTimeout(resolve, 150)));
