/**
 * Two-sided p of the Mann–Whitney U test: how often chance alone would order two groups of the same
 * kind at least as clearly. It asks nothing of the shape of the distribution, which with benchmarks
 * is never a bell. Exact for every size, ties included: all ways to deal the ranks are counted.
 */
export function mannWhitney(a: number[], b: number[]): number {
  const ranks = doubledRanks([...a, ...b]);
  const observed = sum(ranks.slice(0, a.length));
  const ways = waysBySum(ranks, a.length);
  const expected = (sum(ranks) * a.length) / ranks.length;
  const distance = Math.abs(observed - expected);
  let extreme = 0;
  let all = 0;
  for (const [total, count] of ways) {
    all += count;
    if (Math.abs(total - expected) >= distance - 1e-9) extreme += count;
  }
  return extreme / all;
}

/** Twice the rank, so that ties (the mean of their ranks) stay whole numbers. */
function doubledRanks(values: number[]): number[] {
  return values.map((value) => {
    const less = values.filter((other) => other < value).length;
    const same = values.filter((other) => other === value).length;
    return 2 * less + same + 1;
  });
}

/** In how many ways `size` of the ranks can be picked, by their sum. */
function waysBySum(ranks: number[], size: number): Map<number, number> {
  const picked: Map<number, number>[] = Array.from({ length: size + 1 }, () => new Map());
  picked[0]?.set(0, 1);
  for (const rank of ranks)
    for (let count = size; count > 0; count--)
      for (const [total, ways] of picked[count - 1] ?? []) {
        const into = picked[count];
        into?.set(total + rank, (into.get(total + rank) ?? 0) + ways);
      }
  return picked[size] ?? new Map();
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
