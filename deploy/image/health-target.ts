// Where a probe asks: read from its argument, or from the settings of the process beside which it runs. It asks nobody.
import { UsageError } from '../../local/terminal/run-command.ts';

/** Whom to ask, and how. Without a protocol the process may be of either kind: the gateway, or a service. */
export interface HealthTarget {
  readonly protocol: 'http' | 'grpc' | undefined;
  /** `host:port`. */
  readonly address: string;
}

const portDefault = '8080';
const everyAddress = ['', '0.0.0.0', '::', '[::]'];

/** `http://host:port` is a gateway and `host:port` a service; UsageError for anything else. */
export function targetOf(argument: string): HealthTarget {
  const protocol = argument.startsWith('http://') ? 'http' : 'grpc';
  const address = protocol === 'http' ? argument.slice('http://'.length).replace(/\/$/, '') : argument;
  const url = /[/?#@\s]/.test(address) ? null : URL.parse(`http://${address}`);
  if (url === null || !/:\d{1,5}$/.test(address))
    throw new UsageError(`The address must be host:port or http://host:port, not "${argument}"`);
  return { protocol, address };
}

/** The process of this container by its own `HOST` and `PORT` [8080]; where it listens on every address, the loopback one. */
export function ownTarget({
  HOST = '',
  PORT = '',
}: Readonly<Record<string, string | undefined>>): HealthTarget {
  const host = everyAddress.includes(HOST) ? '127.0.0.1' : HOST;
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return { ...targetOf(`${name}:${PORT === '' ? portDefault : PORT}`), protocol: undefined };
}
