// Where a secret is kept. A setting describes it; `read-secret.ts` reads it.

/** A secret's place. `setting` is the name of the setting that says so, for messages. */
export type SecretSource =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string; readonly setting: string }
  | { readonly kind: 'secrets_manager'; readonly arn: string; readonly setting: string };

/** A secret that cannot be read, or is not what it should be. The message names the setting, and holds nothing of the secret. */
export class SecretError extends Error {
  constructor(setting: string, problem: string, cause?: unknown) {
    super(`${setting}: ${problem}`, { cause });
    this.name = 'SecretError';
  }
}
