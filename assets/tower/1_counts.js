// Paths through the rows of a tower. Counts are BigInt, and therefore exact.

const nothing = (row) => new Array(row.n).fill(0n);

const oneOf = (row, unit) => {
  const counts = nothing(row);
  counts[unit] = 1n;
  return counts;
};

/** Paths from every unit of every row up to `start`, counts at the units of row `end`. */
function pulled(rows, end, start) {
  const counts = rows.map(() => null);
  counts[end] = start;
  for (let row = end; row > 0; row--) {
    const here = counts[row];
    if (!here) continue;
    for (const { below, targets, sources, times } of rows[row].taps) {
      const sums = (counts[below] ??= nothing(rows[below]));
      for (let tap = 0; tap < targets.length; tap++) {
        const count = here[targets[tap]];
        if (count && sources[tap] >= 0) sums[sources[tap]] += times ? count * times[tap] : count;
      }
    }
  }
  return counts.map((known, row) => known ?? nothing(rows[row]));
}

/** Paths to every unit of every row on from `start`, counts at the units of row `begin`. */
function pushed(rows, begin, start) {
  const counts = rows.map(() => null);
  counts[begin] = start;
  for (let row = begin + 1; row < rows.length; row++) {
    for (const { below, targets, sources, times } of rows[row].taps) {
      const there = counts[below];
      if (!there) continue;
      const sums = (counts[row] ??= nothing(rows[row]));
      for (let tap = 0; tap < targets.length; tap++) {
        const count = sources[tap] >= 0 && there[sources[tap]];
        if (count) sums[targets[tap]] += times ? count * times[tap] : count;
      }
    }
  }
  return counts.map((known, row) => known ?? nothing(rows[row]));
}

/** Paths along every tap, of those that lead from `ahead` to `behind`; a list for each row's taps. */
function along(rows, ahead, behind, low = 0, high = rows.length - 1) {
  return rows.map((row, index) =>
    row.taps.map(({ below, targets, sources, times }) =>
      targets.map((target, tap) => {
        if (sources[tap] < 0 || below < low || index > high) return 0n;
        const paths = ahead[below][sources[tap]] * behind[index][target];
        return times ? paths * times[tap] : paths;
      }),
    ),
  );
}

/** A tower of some of the rows, with its counts to the goal: all outputs, or one. */
class Tower {
  constructor(rows, goal) {
    this.rows = rows;
    this.top = rows.length - 1;
    this.goal = goal;
    const end = goal === null ? rows[this.top].x.map(() => 1n) : oneOf(rows[this.top], goal);
    this.toGoal = pulled(rows, this.top, end);
    this.fromInput = pushed(rows, 0, rows[0].x.map(() => 1n));
    this.flows = along(rows, this.fromInput, this.toGoal);
  }

  has([row, unit]) {
    return row <= this.top && unit < this.rows[row].n;
  }

  /** The paths through a unit: counts between it and every other, the taps they run along, what they meet. */
  hourglass([row, unit]) {
    const start = oneOf(this.rows[row], unit);
    const below = pulled(this.rows, row, start);
    const above = pushed(this.rows, row, start);
    const between = this.rows.map((_, index) => (index <= row ? below[index] : above[index]));
    const lower = along(this.rows, this.fromInput, below, 0, row);
    const upper = along(this.rows, above, this.toGoal, row);
    const flows = lower.map((taps, index) => taps.map((part, k) => part.map((paths, tap) => paths + upper[index][k][tap])));
    const met = between.map((counts, index) => counts.map((count, at) => count > 0n && (index <= row || this.toGoal[index][at] > 0n)));
    return { between, flows, met };
  }

  /** The paths from one unit to another, or from that to this. */
  strand(one, other) {
    const [low, high] = one[0] <= other[0] ? [one, other] : [other, one];
    const ahead = pushed(this.rows, low[0], oneOf(this.rows[low[0]], low[1]));
    const behind = pulled(this.rows, high[0], oneOf(this.rows[high[0]], high[1]));
    const flows = along(this.rows, ahead, behind, low[0], high[0]);
    const within = (index) => index >= low[0] && index <= high[0];
    const met = this.rows.map((row, index) => row.x.map((_, at) => within(index) && ahead[index][at] * behind[index][at] > 0n));
    return { flows, met };
  }

  /** What a unit's number is the sum of: the numbers of the units above that read it, or below that it reads. */
  terms([row, unit], numbers, up) {
    const found = [];
    const note = (at, count, times) => {
      if (count) found.push({ at, count, times });
    };
    this.rows.forEach((reader, index) => {
      for (const { below, targets, sources, times } of reader.taps) {
        if (up ? below !== row : index !== row) continue;
        for (let tap = 0; tap < targets.length; tap++) {
          const edges = times ? times[tap] : 1n;
          if (up && sources[tap] === unit) note([index, targets[tap]], numbers[index][targets[tap]], edges);
          if (!up && targets[tap] === unit && sources[tap] >= 0) note([below, sources[tap]], numbers[below][sources[tap]], edges);
        }
      }
    });
    const merged = new Map();
    for (const { at, count, times } of found) {
      const known = merged.get(`${at}`);
      if (known) known.times += times;
      else merged.set(`${at}`, { at, count, times });
    }
    return [...merged.values()];
  }
}

/** Rows as they are used here: places written out, taps shared, edges as BigInt. */
function unpacked(body) {
  const taps = body.taps.map(({ t, p, s, m }) => ({ targets: t, positions: p, sources: s, times: m?.map(BigInt) }));
  return body.rows.map(({ name, n, x, w, taps: read }) => ({
    name,
    n,
    x: x.length === n ? x : Array.from({ length: n }, (_, unit) => x[0] + w * unit),
    spacing: w,
    taps: read.map(([below, at]) => ({ below, ...taps[at] })),
  }));
}
