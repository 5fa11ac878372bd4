// Middles of the counties of the United States from their shapes (Census Bureau, public domain, as us-atlas carries them).
import { readJson } from './source-files.ts';
import { centroidOf, middleOf, type Point } from './sphere.ts';

type Arcs = readonly number[];

interface Topology {
  readonly arcs: readonly (readonly (readonly [number, number])[])[];
  readonly transform: { readonly scale: Point; readonly translate: Point };
  readonly objects: { readonly counties: { readonly geometries: readonly Shape[] } };
}

type Shape = { readonly id: string } & (
  | { readonly type: 'Polygon'; readonly arcs: readonly Arcs[] }
  | { readonly type: 'MultiPolygon'; readonly arcs: readonly (readonly Arcs[])[] }
);

/** The middle of each county by its five-digit code, the state's two digits first. */
export function readCountyMiddles(): Map<string, Point> {
  const topology = readJson<Topology>('us-atlas/counties-10m.json');
  const lines = topology.arcs.map((arc) => unpackLine(arc, topology.transform));
  return new Map(
    topology.objects.counties.geometries.flatMap((shape) => {
      const polygons = shape.type === 'Polygon' ? [shape.arcs] : shape.arcs;
      const rings = polygons.map(([outer = []]) =>
        outer.flatMap((arc) => (arc >= 0 ? (lines[arc] ?? []) : [...(lines[~arc] ?? [])].reverse())),
      );
      const middle = middleOf(rings.map(centroidOf));
      return middle === undefined ? [] : [[shape.id, middle] as const];
    }),
  );
}

/** TopoJSON keeps each position as its difference to the one before. */
function unpackLine(
  arc: readonly (readonly [number, number])[],
  { scale, translate }: Topology['transform'],
): Point[] {
  let [x, y] = [0, 0];
  return arc.map(([dx, dy]) => {
    x += dx;
    y += dy;
    return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
  });
}
