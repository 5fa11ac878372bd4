// The callers of a deployment: typed clients whose requests leave a line each, so that a failed test can show what it asked.
import { type ApiClient, createClient } from '../../clients/api/api-client.ts';

/** The most lines that are kept of one test. */
export const linesMax = 50;

/** Makes clients of one deployment. */
export interface Callers {
  /** The client of this credential, or of nobody. */
  client(credential: string | undefined): ApiClient;
  /** The newest lines since the last time that they were taken: method, path, status and trace, never a body or a credential. */
  takeLines(): readonly string[];
}

/** Clients of the deployment at this address. They send again once what may be sent again. */
export function createCallers(url: string, signal: AbortSignal): Callers {
  let lines: string[] = [];
  const note = (line: string): void => {
    lines = [...lines.slice(1 - linesMax), line];
  };
  const kept = new Map<string, ApiClient>();
  const fetchNoted = async (request: Request): Promise<Response> => {
    const what = `${request.method} ${new URL(request.url).pathname}`;
    try {
      const response = await fetch(request);
      const [, trace] = /^00-([0-9a-f]{32})-/.exec(response.headers.get('traceresponse') ?? '') ?? [];
      note(`${what} ${response.status}${trace ? ` trace ${trace}` : ''}`);
      return response;
    } catch (error) {
      note(`${what} no answer`);
      throw error;
    }
  };
  return {
    client: (credential) => {
      const name = credential ?? '';
      const made =
        kept.get(name) ??
        createClient({ baseUrl: url, credential, retriesMax: 1, fetch: fetchNoted, signal });
      kept.set(name, made);
      return made;
    },
    takeLines: () => {
      const taken = lines;
      lines = [];
      return taken;
    },
  };
}
