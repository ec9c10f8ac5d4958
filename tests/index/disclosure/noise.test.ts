import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { designNoise, greatestEntropy, noiseTableFile, parameters, withNoiseTable } from '../../../scripts/noise-table.ts';
import { seeded } from '../../../src/identity/random.ts';
import { noiseOf, noiseTable, smoothNoiseOf, spread } from '../../../src/index/disclosure/noise.ts';

const keys = 2n ** 32n;
const moment = (noise: readonly (readonly [number, number])[], k: number) => noise.reduce((sum, [value, many]) => sum + BigInt(many) * BigInt(value) ** BigInt(k), 0n);
const entropy = (p: readonly number[]) => -p.reduce((sum, x) => sum + (x > 0 ? x * Math.log(x) : 0), 0);

describe('the noise table', () => {
  it('is the one designed for its parameters (else: npm run schema)', () => {
    const committed = readFileSync(new URL('../../../src/index/disclosure/noiseTable.json', import.meta.url), 'utf8');
    expect(committed).toBe(noiseTableFile(designNoise(parameters)));
  });

  it('stands in docs/analysis.md as it is (else: npm run schema)', () => {
    const page = readFileSync(new URL('../../../docs/analysis.md', import.meta.url), 'utf8');
    expect(page).toBe(withNoiseTable(page, noiseTable));
  });

  it.each(noiseTable.rows.map((row) => [row.count, row] as const))('has bias zero and the stated variance, exactly, for %i', (_count, { noise }) => {
    expect([moment(noise, 0), moment(noise, 1), moment(noise, 2)]).toEqual([keys, 0n, 4n * keys]);
    expect([parameters.variance, parameters.threshold]).toEqual([4, 5]);
  });

  it('makes no count of one to four out of any, and deviates no more than stated, but to zero', () => {
    expect(noiseTable.rows.map(({ count }) => count)).toEqual([5, 6, 7, 8, 9, 10, 11]);
    for (const { count, noise } of noiseTable.rows) {
      for (const [value] of noise) {
        expect(count + value === 0 || count + value >= 5).toBe(true);
        expect(Math.abs(value)).toBeLessThanOrEqual(6);
      }
    }
  });

  it('has the greatest entropy: any other distribution with its mean and variance has less', () => {
    for (const { noise } of noiseTable.rows) {
      const values = noise.map(([value]) => value);
      const best = greatestEntropy(values, 4);
      fc.assert(
        fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: values.length, maxLength: values.length }), (raw) => {
          // A direction that changes neither sum, nor mean, nor variance.
          const basis = [values.map(() => 1), values, values.map((v) => v * v)].reduce<number[][]>((kept, vector) => {
            const rest = kept.reduce((left, b) => left.map((x, i) => x - dot(left, b) * b[i]!), [...vector]);
            return [...kept, rest.map((x) => x / Math.sqrt(dot(rest, rest)))];
          }, []);
          const away = basis.reduce((left, b) => left.map((x, i) => x - dot(left, b) * b[i]!), raw);
          const size = Math.sqrt(dot(away, away));
          fc.pre(size > 1e-3);
          const step = Math.min(...best.map((p, i) => p / (Math.abs(away[i]!) + 1e-12))) / 2;
          const other = best.map((p, i) => p + step * away[i]!);
          expect(entropy(other)).toBeLessThan(entropy(best));
        }),
        { numRuns: 50 },
      );
    }
  });
});

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}

describe('noise', () => {
  it.each([5, 6, 7, 8, 11, 200])('is on average nothing and varies as stated over cells of %i', (count) => {
    const random = seeded(count);
    const drawn = Array.from({ length: 40_000 }, () => noiseOf(count, Math.floor(random() * 2 ** 32), 'persons'));
    const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
    const variance = drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / drawn.length;
    // Four standard errors of each: 2 / √40000 of the mean, √(kurtosis - 1) · 4 / √40000 of the variance.
    expect(Math.abs(mean)).toBeLessThan(0.04);
    expect(Math.abs(variance - 4)).toBeLessThan(0.2);
  });

  it('is the same for one cell always, and another for another figure of it', () => {
    const random = seeded(7);
    const cells = Array.from({ length: 2_000 }, () => Math.floor(random() * 2 ** 32));
    for (const key of cells) expect(noiseOf(30, key, 'persons')).toBe(noiseOf(1_000_000, key, 'persons'));
    const same = cells.filter((key) => noiseOf(30, key, 'persons') === noiseOf(30, key, 'facts')).length / cells.length;
    // By chance alone they agree in the sum of the squared probabilities, 14 %.
    expect(same).toBeGreaterThan(0.11);
    expect(same).toBeLessThan(0.17);
  });

  it('of amounts has no steps, no bias, and the variance of the table and 1/12', () => {
    const random = seeded(3);
    const drawn = Array.from({ length: 40_000 }, () => smoothNoiseOf(Math.floor(random() * 2 ** 32)));
    const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
    expect(Math.abs(mean)).toBeLessThan(0.04);
    expect(Math.abs(drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / drawn.length - 4 - 1 / 12)).toBeLessThan(0.2);
    expect(new Set(drawn.map((x) => (x % 1).toFixed(6))).size).toBeGreaterThan(30_000);
  });

  it('uses every key: spreading is one to one', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }), (a, b) => { expect(spread(a) === spread(b)).toBe(a === b); }));
    expect(new Set(Array.from({ length: 100_000 }, (_, i) => spread(i))).size).toBe(100_000);
  });
});
