// Designs the noise table of disclosure control and writes it to src/index/disclosure/noiseTable.json, and into docs/analysis.md: `npm run schema`.
import { readFileSync, writeFileSync } from 'node:fs';
import type { NoiseTable } from '../src/index/disclosure/noise.ts';

/** What the table is designed for. */
export interface NoiseParameters {
  /** Counts below it are never shown, nor made by noise. */
  readonly threshold: number;
  /** Variance of the noise, the same for every count from the threshold on. */
  readonly variance: number;
  /** Most that noise adds or takes away; a small count may also be taken to zero. */
  readonly deviation: number;
}

/** Threshold of the issue; the rest chosen so that a step of one person disappears in the noise (standard deviation 2). */
export const parameters: NoiseParameters = { threshold: 5, variance: 4, deviation: 6 };

/** Keys that there are: probabilities are counts of them. */
const keys = 2 ** 32;

/** Noise that a count may get: what leads to zero, or to the threshold or more. */
function noises(count: number, { threshold, deviation }: NoiseParameters): number[] {
  const all = Array.from({ length: 2 * deviation + 1 }, (_, i) => i - deviation);
  return all.filter((noise) => count + noise === 0 || count + noise >= threshold);
}

/** The distribution of greatest entropy with mean 0 and the variance: `exp(a + b v + c v²)` on the noises, b and c by Newton's method. */
export function greatestEntropy(values: readonly number[], variance: number): number[] {
  let [b, c] = [0, -1 / (2 * variance)];
  const weights = (b: number, c: number) => {
    const logs = values.map((v) => b * v + c * v * v);
    const top = Math.max(...logs);
    const raw = logs.map((log) => Math.exp(log - top));
    const sum = raw.reduce((all, w) => all + w, 0);
    return raw.map((w) => w / sum);
  };
  const moment = (p: readonly number[], k: number) => p.reduce((all, w, i) => all + w * values[i]! ** k, 0);
  const miss = (p: readonly number[]) => Math.hypot(moment(p, 1), moment(p, 2) - variance);
  for (let round = 0; round < 500; round++) {
    const p = weights(b, c);
    const [m1, m2, m3, m4] = [moment(p, 1), moment(p, 2), moment(p, 3), moment(p, 4)];
    if (miss(p) < 1e-13) break;
    const [bb, bc, cc] = [m2 - m1 * m1, m3 - m1 * m2, m4 - m2 * m2];
    const det = bb * cc - bc * bc;
    const [db, dc] = [(cc * -m1 - bc * (variance - m2)) / det, (bb * (variance - m2) - bc * -m1) / det];
    // Half steps until it comes nearer, so that a far start does not run away.
    let step = 1;
    while (step > 1e-6 && miss(weights(b + step * db, c + step * dc)) > miss(p)) step /= 2;
    [b, c] = [b + step * db, c + step * dc];
  }
  const found = weights(b, c);
  if (miss(found) > 1e-9) throw new Error(`There is no distribution on ${values.join(', ')} with mean 0 and variance ${variance}.`);
  return found;
}

/** Whole numbers of keys for the probabilities, with sum, mean and variance exactly right. */
export function inKeys(values: readonly number[], probabilities: readonly number[], variance: number): number[] {
  const counts = probabilities.map((p) => Math.round(p * keys));
  const at = (v: number) => values.indexOf(v);
  const moment = (k: number) => counts.reduce((all, count, i) => all + BigInt(count) * BigInt(values[i]!) ** BigInt(k), 0n);
  const add = (v: number, many: bigint) => (counts[at(v)]! += Number(many));
  // At 1 the mean is put right; then 1, -2, 1 around 1 changes the variance alone, by 2; at 0 only the sum is left to change.
  add(1, -moment(1));
  const missing = BigInt(variance) * BigInt(keys) - moment(2);
  if (missing % 2n !== 0n) throw new Error('The variance cannot be met exactly.');
  add(0, missing / 2n);
  add(1, -missing);
  add(2, missing / 2n);
  add(0, BigInt(keys) - moment(0));
  if (moment(0) !== BigInt(keys) || moment(1) !== 0n || moment(2) !== BigInt(variance) * BigInt(keys) || counts.some((count) => count < 0)) throw new Error('Rounding failed.');
  return counts;
}

/** One row for each count from the threshold on, the last for all that are larger. */
export function designNoise(wanted: NoiseParameters): NoiseTable {
  const rows = [];
  for (let count = wanted.threshold; count <= wanted.threshold + wanted.deviation; count++) {
    const values = noises(count, wanted);
    const many = inKeys(values, greatestEntropy(values, wanted.variance), wanted.variance);
    rows.push({ count, noise: values.map((value, i) => [value, many[i]!] as const).filter(([, keys]) => keys > 0) });
  }
  return { ...wanted, rows };
}

/** The table as JSON, a row a line. */
export function noiseTableFile(table: NoiseTable): string {
  const { rows, ...stated } = table;
  const head = JSON.stringify(stated, null, 2).slice(0, -2);
  return `${head},\n  "rows": [\n${rows.map((row) => `    ${JSON.stringify(row)}`).join(',\n')}\n  ]\n}\n`;
}

/** The table for people: probabilities in percent. */
export function noiseTablePage(table: NoiseTable): string[] {
  const { deviation } = table;
  const columns = Array.from({ length: 2 * deviation + 1 }, (_, i) => i - deviation);
  const cell = (many: number | undefined) => (many === undefined ? '' : ((many / keys) * 100).toFixed(many / keys < 0.001 ? 3 : 1));
  const last = table.rows.length - 1;
  return [
    `| Count | ${columns.map((noise) => (noise > 0 ? `+${noise}` : noise === 0 ? '0' : `−${-noise}`)).join(' | ')} |`,
    `|---|${columns.map(() => '---').join('|')}|`,
    ...table.rows.map((row, i) => `| ${row.count}${i === last ? ' and more' : ''} | ${columns.map((noise) => cell(row.noise.find(([value]) => value === noise)?.[1])).join(' | ')} |`),
  ];
}

const marks = ['<!-- noise table -->', '<!-- /noise table -->'] as const;

/** docs/analysis.md with the table as the code has it. */
export function withNoiseTable(page: string, table: NoiseTable): string {
  const [start, end] = [page.indexOf(marks[0]), page.indexOf(marks[1])];
  if (start < 0 || end < start) throw new Error('docs/analysis.md has no place for the noise table.');
  return `${page.slice(0, start + marks[0].length)}\n${noiseTablePage(table).join('\n')}\n${page.slice(end)}`;
}

if (import.meta.main) {
  const table = designNoise(parameters);
  writeFileSync(new URL('../src/index/disclosure/noiseTable.json', import.meta.url), noiseTableFile(table));
  const page = new URL('../docs/analysis.md', import.meta.url);
  writeFileSync(page, withNoiseTable(readFileSync(page, 'utf8'), table));
}
