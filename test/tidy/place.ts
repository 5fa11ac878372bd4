// Where a file lies: its house and its room, read from its path alone.

/** `house` is `services/<name>`, or the first folder of the path, or `proto/gen`, or '' at the root. */
export interface Place {
  readonly house: string;
  /** The folder in the house, or the stem of a file that lies directly in it; in `proto/gen` the path below it. */
  readonly room: string;
}

const generated = 'proto/gen';

/** The place of a path relative to the root. `app.test.ts` lies in the room `app`, as `app.ts` does. */
export function placeOf(path: string): Place {
  if (path.startsWith(`${generated}/`)) return { house: generated, room: path.slice(generated.length + 1) };
  const segments = path.split('/');
  const depth = segments[0] === 'services' && segments.length > 2 ? 2 : 1;
  if (segments.length === 1) return { house: '', room: stem(path) };
  return { house: segments.slice(0, depth).join('/'), room: stem(segments[depth] ?? '') };
}

/** True for the house of one service. */
export function isService(house: string): boolean {
  return house.startsWith('services/');
}

/** The name of a file or folder up to its first dot. */
export function stem(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1).replace(/(?<=.)\..*$/, '');
}
