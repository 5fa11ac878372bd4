// The rates of a caller as answers tell them: the fields `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers (structured
// fields, RFC 9651), and the sentence of a refusal.
import { daySeconds, type RateAccount, type RateKind, type Rates } from './rate-account.ts';

/** Names of the policies in the fields and in problems; `credentials` is that of wrong credentials, which no field tells. */
export type RatePolicy = 'per-second' | 'per-day' | 'per-address' | 'api-key' | 'credentials';

/** The name of one of the rates. */
export function policyOf({ window }: Rates, kind: RateKind): RatePolicy {
  if (kind === 'bucket') return 'per-second';
  if (window?.ofAddress) return 'per-address';
  return window?.seconds === daySeconds ? 'per-day' : 'api-key';
}

/**
 * The fields of an answer, for an account as it stands now; none without a rate. A bucket is told as its burst in the time that fills it. `t`
 * says when all of it is back.
 */
export function rateFields(rates: Rates, account: RateAccount): Readonly<Record<string, string>> {
  const { bucket, window } = rates;
  const items: { readonly policy: string; readonly left: string }[] = [];
  const add = (
    kind: RateKind,
    [quota, seconds]: readonly number[],
    [left, wait]: readonly number[],
  ): void => {
    const name = `"${policyOf(rates, kind)}"`;
    items.push({
      policy: `${name};q=${quota};w=${seconds}`,
      left: `${name};r=${whole(left)};t=${Math.max(1, Math.ceil(wait ?? 0))}`,
    });
  };
  if (bucket) {
    const { burst, perSecond } = bucket;
    add(
      'bucket',
      [burst, Math.ceil(burst / perSecond)],
      [account.tokens, (burst - account.tokens) / perSecond],
    );
  }
  if (window) {
    const leftS = (account.windowEndsMs - account.filledMs) / 1000;
    add('window', [window.quota, window.seconds], [window.quota - account.counted, leftS]);
  }
  if (items.length === 0) return {};
  return {
    'ratelimit-policy': items.map(({ policy }) => policy).join(', '),
    ratelimit: items.map(({ left }) => left).join(', '),
  };
}

/** The fields of an answer that several rates stand behind. */
export function joinedFields(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  const joined = [...names].map((name) => [
    name,
    [one[name], other[name]].filter((part) => part !== undefined).join(', '),
  ]);
  return Object.fromEntries(joined);
}

function whole(value: number | undefined): number {
  return Math.max(0, Math.floor(value ?? 0));
}

/** The sentence of a refusal by this rate. */
export function rateSentence(rates: Rates, kind: RateKind): string {
  const { bucket, window } = rates;
  if (kind === 'bucket')
    return `You may make ${bucket?.perSecond} requests a second, and ${bucket?.burst} at once`;
  if (window?.ofAddress) return `${window.quota} requests a minute may come from an address`;
  const isDay = window?.seconds === daySeconds;
  return isDay
    ? `You may make ${window?.quota} requests a day, which begins at midnight UTC`
    : `This API key may make ${window?.quota} requests a minute`;
}
