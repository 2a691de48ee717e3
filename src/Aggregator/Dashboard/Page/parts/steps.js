const LENGTH = { '15m': 900_000, '1h': 3_600_000, '1d': 86_400_000 };
const MOST = 1_500;

/**
 * The timeline's points with the empty steps between them, each with `at` (a Date); one that the API did not name has no `start`. Days
 * are of the account's zone, so one can have 23 or 25 hours: what lies nearer than half a step is the same one.
 */
export function steps(points, step) {
  const length = LENGTH[step];
  const all = [];
  for (const point of points) {
    const at = new Date(point.start);
    while (all.length && all.length < MOST && at - all.at(-1).at > 1.5 * length) all.push({ at: new Date(all.at(-1).at.getTime() + length) });
    all.push({ ...point, at });
  }
  return all;
}
