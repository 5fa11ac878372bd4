// Names that this process resolves as a test says, in the place of the machine's resolver; all others as ever.
import dns from 'node:dns/promises';
import { syncBuiltinESMExports } from 'node:module';

/** Resolves these names by what each says when it is looked up, until it is restored. */
export function namesResolvedBy(answers: Readonly<Record<string, () => readonly string[]>>): {
  restore(): void;
} {
  const before = dns.lookup;
  const set = (lookup: typeof dns.lookup): void => {
    dns.lookup = lookup;
    syncBuiltinESMExports();
  };
  const looked = async (name: string, ...options: unknown[]): Promise<unknown> => {
    const addresses = answers[name]?.();
    if (!addresses) return Reflect.apply(before, dns, [name, ...options]);
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  set(looked as typeof dns.lookup);
  return { restore: () => set(before) };
}
