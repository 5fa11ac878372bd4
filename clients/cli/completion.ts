// Scripts that let shells complete the command, made from its tree of commands. They know words and nothing of what is in the platform.

/** Shells that are known. */
export const shellNames = ['bash', 'zsh', 'fish'] as const;

/** One of them. */
export type ShellName = (typeof shellNames)[number];

/** A command with those below it. */
export interface Word {
  readonly name: string;
  readonly description: string;
  readonly options: readonly { readonly name: string; readonly description: string }[];
  readonly words: readonly Word[];
}

interface Place {
  /** Words from the root to here, joined by slashes; empty at the root. */
  readonly path: string;
  readonly word: Word;
}

/** The script of a shell for the command at the root. */
export function completionScript(shell: ShellName, root: Word): string {
  const places = placesOf(root, '');
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](root, places);
}

function placesOf(word: Word, path: string): readonly Place[] {
  return [{ path, word }, ...word.words.flatMap((each) => placesOf(each, `${path}/${each.name}`))];
}

// Both find the command that stands on the line so far, and offer what can follow it.
function walk(places: readonly Place[]): string {
  const known = places.flatMap(({ path }) => (path === '' ? [] : [path]));
  return `    case "$place/$word" in
      ${known.join('|')}) place="$place/$word" ;;
    esac`;
}

function choices(places: readonly Place[], root: Word): string {
  const global = root.options.map(({ name }) => name);
  return places
    .map(({ path, word }) => {
      const names = [
        ...word.words.map(({ name }) => name),
        ...word.options.map(({ name }) => name),
        ...global,
      ];
      return `    '${path}') offered='${[...new Set(names)].join(' ')}' ;;`;
    })
    .join('\n');
}

function bashScript(root: Word, places: readonly Place[]): string {
  return `_${root.name}() {
  local place='' offered='' word at
  for ((at = 1; at < COMP_CWORD; at++)); do
    word="\${COMP_WORDS[at]}"
${walk(places)}
  done
  case "$place" in
${choices(places, root)}
  esac
  COMPREPLY=($(compgen -W "$offered" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _${root.name} ${root.name}`;
}

function zshScript(root: Word, places: readonly Place[]): string {
  return `#compdef ${root.name}
_${root.name}() {
  local place='' offered='' word
  for word in "\${words[@]:1:$((CURRENT - 2))}"; do
${walk(places)}
  done
  case "$place" in
${choices(places, root)}
  esac
  compadd -- \${=offered}
  _files
}
compdef _${root.name} ${root.name}`;
}

function fishScript(root: Word, places: readonly Place[]): string {
  const lines = places.flatMap(({ path, word }) => {
    const steps = path.split('/').slice(1);
    const next = word.words.map(({ name }) => name);
    const seen = steps.map((step) => `__fish_seen_subcommand_from ${step}`);
    const unseen = next.length > 0 ? [`not __fish_seen_subcommand_from ${next.join(' ')}`] : [];
    const condition = [...seen, ...unseen].join('; and ');
    const when = condition === '' ? '' : ` -n '${condition}'`;
    return [
      ...word.words.map(
        (each) => `complete -c ${root.name} -f${when} -a ${each.name} -d '${quoted(each.description)}'`,
      ),
      ...word.options.map(
        ({ name, description }) =>
          `complete -c ${root.name}${path === '' ? '' : when} -l ${name.slice(2)} -d '${quoted(description)}'`,
      ),
    ];
  });
  return lines.join('\n');
}

function quoted(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
}
