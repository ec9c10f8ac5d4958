/** Jaro similarity raised for a common beginning (Winkler), 0 to 1. */
export function jaroWinkler(a: string, b: string): number {
  if (a === b) return 1;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length === 0) return 0;
  const reach = Math.max(0, Math.floor(long.length / 2) - 1);
  // Bit masks instead of arrays: this runs for millions of pairs. Longer texts are compared by their first 31 characters.
  const [n, m] = [Math.min(short.length, 31), Math.min(long.length, 31)];
  let shortHits = 0;
  let longHits = 0;
  let matches = 0;
  for (let i = 0; i < n; i++) {
    const code = short.charCodeAt(i);
    const end = Math.min(m - 1, i + reach);
    for (let j = Math.max(0, i - reach); j <= end; j++) {
      if ((longHits >> j) & 1 || long.charCodeAt(j) !== code) continue;
      shortHits |= 1 << i;
      longHits |= 1 << j;
      matches++;
      break;
    }
  }
  if (matches === 0) return 0;
  let transposed = 0;
  let j = 0;
  for (let i = 0; i < n; i++) {
    if (!((shortHits >> i) & 1)) continue;
    while (!((longHits >> j) & 1)) j++;
    if (short.charCodeAt(i) !== long.charCodeAt(j)) transposed++;
    j++;
  }
  const jaro = (matches / n + matches / m + (matches - transposed / 2) / matches) / 3;
  let prefix = 0;
  while (prefix < 4 && prefix < n && short.charCodeAt(prefix) === long.charCodeAt(prefix)) prefix++;
  return jaro + prefix * 0.1 * (1 - jaro);
}

/**
 * Typing errors between two texts: insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). Stops counting
 * beyond `limit` (at most 30) and then gives `limit + 1`.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (a === b) return 0;
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let start = 0;
  let endA = a.length;
  let endB = b.length;
  while (start < endA && start < endB && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  while (endA > start && endB > start && a.charCodeAt(endA - 1) === b.charCodeAt(endB - 1)) {
    endA--;
    endB--;
  }
  const n = endA - start;
  const m = endB - start;
  if (n === 0 || m === 0) return Math.min(n + m, limit + 1);
  // Only cells within `limit` of the diagonal can stay within it; everything else counts as too far.
  const far = limit + 1;
  const width = 2 * limit + 1;
  let [before, previous, row] = [rows[0].fill(far), rows[1].fill(far), rows[2]];
  for (let k = limit; k < width; k++) previous[k] = k - limit;
  for (let i = 1; i <= n; i++) {
    const charA = a.charCodeAt(start + i - 1);
    let least = far;
    for (let k = 0; k < width; k++) {
      const j = i + k - limit;
      let cost = far;
      if (j >= 0 && j <= m) {
        if (k + 1 < width) cost = Math.min(cost, previous[k + 1]! + 1);
        if (j > 0) {
          const charB = b.charCodeAt(start + j - 1);
          cost = Math.min(cost, previous[k]! + (charA === charB ? 0 : 1));
          if (k > 0) cost = Math.min(cost, row[k - 1]! + 1);
          if (i > 1 && j > 1 && charA === b.charCodeAt(start + j - 2) && a.charCodeAt(start + i - 2) === charB) cost = Math.min(cost, before[k]! + 1);
        }
      }
      row[k] = cost;
      if (cost < least) least = cost;
    }
    if (least >= far) return far;
    [before, previous, row] = [previous, row, before];
  }
  return Math.min(previous[m - n + limit]!, far);
}

/** Scratch rows: this runs tens of millions of times, and allocation would be most of it. */
const rows = [new Uint8Array(64), new Uint8Array(64), new Uint8Array(64)] as const;
