// Encrypts by default: a URL to another machine that does not say how gets `sslmode=verify-full`.
import type { DatabaseTls } from '../config/database-config.ts';

const parametersOfTls = ['sslmode', 'ssl', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation'];

/**
 * The URL with its encryption spelled out. What the URL itself says stands, in the driver's meaning: `require` and `verify-ca`
 * are `verify-full` there. `tls.mode` is in libpq's meaning, which the driver takes with `uselibpqcompat`.
 */
export function secureUrl(text: string, tls: DatabaseTls): string {
  const url = new URL(text);
  const { searchParams } = url;
  if (parametersOfTls.some((name) => searchParams.has(name))) return text;
  const mode = tls.mode ?? (isThisMachine(url) ? undefined : 'verify-full');
  if (mode === undefined) return text;
  searchParams.set('sslmode', mode);
  if (mode === 'disable') return url.toString();
  if (mode !== 'verify-full') searchParams.set('uselibpqcompat', 'true');
  if (tls.caFile !== undefined) searchParams.set('sslrootcert', tls.caFile);
  return url.toString();
}

/** True for a socket of the file system and for loopback. The parameter `host` goes before the URL's own, as in the driver. */
function isThisMachine({ hostname, searchParams }: URL): boolean {
  const host = searchParams.get('host') ?? decodeURIComponent(hostname);
  return host.startsWith('/') || /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}
