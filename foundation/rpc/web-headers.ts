// Header fields of Node's HTTP/2 as the Headers that Connect's parts work with. Pseudo-headers are no fields.
import type { IncomingHttpHeaders } from 'node:http2';

/** The fields in lower case; several of one name are one, as Node joins them. */
export function webHeaders(headers: IncomingHttpHeaders): Headers {
  const result = new Headers();
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !name.startsWith(':')) result.append(name, String(value));
  }
  return result;
}
