// What a redirect asks for, after the rules of the Fetch standard, with less passed on: on the way to another origin only header fields that
// say nothing about the caller. It judges no URL.

/** One request of a chain of redirects. */
export interface Hop {
  readonly url: string;
  readonly method: string;
  /** By name, in any case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const redirects: readonly number[] = [301, 302, 303, 307, 308];
const toAnyOrigin: readonly string[] = ['accept', 'accept-language', 'content-type', 'user-agent'];

/** The request that an answer redirects to, its URL without a fragment; undefined for an answer that redirects nowhere. */
export function redirectedHop(hop: Hop, status: number, location: string | null): Hop | undefined {
  if (!redirects.includes(status) || location === null) return undefined;
  const url = URL.parse(location, hop.url);
  // A place that is no URL is passed on as it is, so that whoever judges URLs refuses it.
  if (!url) return { ...hop, url: location };
  url.hash = '';
  const isSame = url.origin === new URL(hop.url).origin;
  const isGet = status === 303 ? hop.method !== 'HEAD' : status < 303 && hop.method === 'POST';
  const method = isGet ? 'GET' : hop.method;
  const kept = Object.entries(hop.headers).filter(([name]) => {
    const lower = name.toLowerCase();
    return (isSame || toAnyOrigin.includes(lower)) && !(isGet && lower === 'content-type');
  });
  return { url: url.href, method, headers: Object.fromEntries(kept), body: isGet ? undefined : hop.body };
}
