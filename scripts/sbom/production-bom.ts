// Makes of npm's bill of all packages that of production, in a form that is the same for the same lock file, on any machine and at any time. npm's own
// `--omit=dev` leaves out packages that production and development share.
import { v5 } from 'uuid';

/** A package in a bill, as far as it matters here. */
interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

interface Dependency {
  readonly ref: string;
  readonly dependsOn?: readonly string[];
}

/** A bill in CycloneDX 1.5, as npm writes it. */
export interface Bom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly Dependency[];
  readonly [field: string]: unknown;
}

/** Names of serial numbers, which say which bill is the same as which. */
const serialNamespace = 'd3b4ee22-8e0c-5b0a-9a44-6f0c4c1f5a77';

/** What a package.json says of its package. */
export interface Manifest {
  readonly name: string;
  /** Names and versions of what production needs. */
  readonly dependencies: Readonly<Record<string, string>>;
}

/** A package-lock.json, as far as it matters here. */
export interface LockFile {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly dev?: boolean }>>;
}

/** What the bill is made from. */
export interface BomSources {
  readonly manifest: Manifest;
  readonly lock: LockFile;
}

const development = 'cdx:npm:package:development';

/** The bill of this application: packages of production and who needs whom, in order, without time and place of its making. */
export function productionBom(bom: Bom, { manifest, lock }: BomSources): Bom {
  const { name, dependencies: wanted } = manifest;
  // npm's bill has a package of one version once, and calls it one of development where the first of its places is.
  const production = productionPackages(lock);
  const components = bom.components
    .filter((component) => production.has(component['bom-ref']))
    .map(({ properties, ...component }): Component => {
      const kept = properties?.filter((it) => it.name !== development);
      return kept?.length ? { ...component, properties: kept } : component;
    })
    .toSorted((a, b) => compare(a['bom-ref'], b['bom-ref']));
  const component = { ...bom.metadata.component, type: 'application', name };
  const own = component['bom-ref'];
  const refs = new Set([own, ...components.map((it) => it['bom-ref'])]);
  const isNeeded = (by: string, ref: string): boolean =>
    refs.has(ref) && (by !== own || wanted[ref.slice(0, ref.lastIndexOf('@'))] !== undefined);
  const dependencies = bom.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn = [] }) => ({
      ref,
      dependsOn: dependsOn.filter((it) => isNeeded(ref, it)).toSorted(compare),
    }))
    .toSorted((a, b) => compare(a.ref, b.ref));
  const { bomFormat, specVersion } = bom;
  const content = { metadata: { lifecycles: [{ phase: 'build' }], component }, components, dependencies };
  const serialNumber = `urn:uuid:${v5(JSON.stringify(content), serialNamespace)}`;
  const $schema = `http://cyclonedx.org/schema/bom-${specVersion}.schema.json`;
  return { $schema, bomFormat, specVersion, serialNumber, version: 1, ...content };
}

/** `name@version` of all that production has somewhere. */
function productionPackages({ packages }: LockFile): ReadonlySet<string> {
  const places = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);
  return new Set(places.map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`));
}

/** By code units: the order of the alphabet depends on the machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
