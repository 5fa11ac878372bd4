// Finds the least value of a smooth convex function of many numbers by L-BFGS (Nocedal and Wright, Numerical Optimization, chapter 7).

/** The function: its value at `at`, with its gradient written into `gradient`. */
export type Objective = (at: Float64Array, gradient: Float64Array) => number;

interface Step {
  readonly moved: Float64Array;
  readonly bent: Float64Array;
  /** 1 over their product. */
  readonly inverse: number;
}

const remembered = 8;
const halvingsMax = 20;
const gainMin = 1e-5;

/** Where the function is least, begun at zero, after at most so many steps; it ends early when a step gains next to nothing. */
export function minimise(objective: Objective, size: number, stepsMax: number): Float64Array {
  let at = new Float64Array(size);
  let gradient = new Float64Array(size);
  let value = objective(at, gradient);
  const steps: Step[] = [];
  for (let count = 0; count < stepsMax; count += 1) {
    const direction = directionOf(gradient, steps);
    const slope = dot(gradient, direction);
    const next = descend(objective, {
      at,
      direction,
      value,
      slope,
      length: steps.length > 0 ? 1 : 1 / Math.sqrt(slope),
    });
    const moved = difference(next.at, at);
    const bent = difference(next.gradient, gradient);
    const product = dot(moved, bent);
    if (product > 1e-10) steps.push({ moved, bent, inverse: 1 / product });
    if (steps.length > remembered) steps.shift();
    const gain = value - next.value;
    ({ at, gradient, value } = next);
    if (gain < gainMin * Math.abs(value)) break;
  }
  return at;
}

interface Start {
  readonly at: Float64Array;
  readonly direction: Float64Array;
  readonly value: number;
  readonly slope: number;
  readonly length: number;
}

/** The first of ever shorter steps against the direction that gains enough (Armijo). */
function descend(objective: Objective, { at, direction, value, slope, length }: Start) {
  const gradient = new Float64Array(at.length);
  let step = length;
  for (let halvings = 0; ; halvings += 1) {
    const next = at.map((each, place) => each - step * (direction[place] ?? 0));
    const reached = objective(next, gradient);
    if (reached <= value - 1e-4 * step * slope || halvings === halvingsMax) {
      return { at: next, gradient, value: reached };
    }
    step /= 2;
  }
}

/** The gradient as the last steps bend it: an estimate of where a Newton step would go. */
function directionOf(gradient: Float64Array, steps: readonly Step[]): Float64Array {
  const direction = Float64Array.from(gradient);
  const shares: number[] = [];
  for (const { moved, bent, inverse } of [...steps].reverse()) {
    const share = inverse * dot(moved, direction);
    shares.unshift(share);
    addTimes(direction, -share, bent);
  }
  const last = steps.at(-1);
  if (last) scale(direction, 1 / (last.inverse * dot(last.bent, last.bent)));
  for (const [place, { moved, bent, inverse }] of steps.entries()) {
    addTimes(direction, (shares[place] ?? 0) - inverse * dot(bent, direction), moved);
  }
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((each, at) => each - (b[at] ?? 0));
}

function addTimes(target: Float64Array, factor: number, other: Float64Array): void {
  for (let at = 0; at < target.length; at += 1) target[at] = (target[at] ?? 0) + factor * (other[at] ?? 0);
}

function scale(target: Float64Array, factor: number): void {
  for (let at = 0; at < target.length; at += 1) target[at] = (target[at] ?? 0) * factor;
}
