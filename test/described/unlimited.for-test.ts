// Settings of a gateway that refuses nobody for asking too much, for tests that ask a lot.

import { withoutRates } from '../e2e/test-mesh.ts';

/** Switches off what counts requests and streams, and what sheds load. */
export const unlimited = {
  ...{ ...withoutRates, RATE_WRONG_CREDENTIALS_PER_MIN: '0' },
  ...{ EVENT_STREAMS_MAX: '0', REQUESTS_MAX: '0', SHED_LOOP_DELAY_MS: '0', CLOSE_GRACE_MS: '0' },
} as const;
