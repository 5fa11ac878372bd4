// The settings of models that a local mesh takes over from whoever starts it. Without any, agents run by rules and nothing leaves the machine.

/** Names of settings that go to the agents service as they stand. */
const taken = /^(?:MODEL_[A-Z_]+|BUILTIN_RUNTIME)$/;

/** What of an environment is about models. */
export function modelEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const settings = Object.entries(env).filter(
    (entry): entry is [string, string] => taken.test(entry[0]) && entry[1] !== undefined,
  );
  return Object.fromEntries(settings);
}
