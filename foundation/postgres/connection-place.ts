// Where a connection goes, for the log: read from its URL, without who one is there and without any secret.

/** A place of a database, under the names that the log has. */
export interface ConnectionPlace {
  /** A name, an address, or the folder of a socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** How it is reached: a socket of this machine, or TCP with or without encryption. */
  readonly network: 'socket' | 'tcp' | 'tls';
}

const portDefault = 5_432;

/** The place that the driver makes of this URL; undefined for text that is no URL. */
export function connectionPlaceOf(url: string): ConnectionPlace | undefined {
  const parsed = URL.parse(url);
  if (parsed === null) return undefined;
  const { searchParams: settings } = parsed;
  const host = settings.get('host') ?? decodeURIComponent(parsed.hostname);
  const isOpen = ['disable', null].includes(settings.get('sslmode'));
  return {
    host,
    port: Number(parsed.port || settings.get('port')) || portDefault,
    database: decodeURIComponent(parsed.pathname.slice(1)),
    network: host.startsWith('/') ? 'socket' : isOpen ? 'tcp' : 'tls',
  };
}
