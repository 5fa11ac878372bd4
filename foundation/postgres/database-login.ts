// Which URL the connections of a pool are opened with: fixed, or found out at first use and again when the server refuses the password.

/** The URL of a pool. */
export interface DatabaseLogin {
  /** The URL that holds now; undefined before it was first found out. */
  current(): string | undefined;
  /** Finds the URL out if that did not happen yet. Throws what finding out throws; the next call tries again. */
  ready(): Promise<void>;
  /** Finds the URL out again after the server refused `refused`. True when there is another one to try. */
  renew(refused: string | undefined): Promise<boolean>;
}

/** A login whose URL is this text, or what the function answers. However many ask at once, the function is called once. */
export function createDatabaseLogin(url: string | (() => Promise<string>)): DatabaseLogin {
  if (typeof url === 'string') {
    return { current: () => url, ready: async () => undefined, renew: async () => false };
  }
  let current: string | undefined;
  let finding: Promise<void> | undefined;
  const find = (): Promise<void> => {
    finding ??= (async () => {
      try {
        current = await url();
      } finally {
        finding = undefined;
      }
    })();
    return finding;
  };
  return {
    current: () => current,
    ready: async () => {
      if (current === undefined) await find();
    },
    renew: async (refused) => {
      if (current === refused) await find();
      return current !== refused;
    },
  };
}
