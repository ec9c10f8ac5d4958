import type { LinkedPair } from './link.ts';
import type { Prepared } from './prepare.ts';
import type { Evidence, Scorer } from './score.ts';
import { probabilityOf } from './score.ts';

/** One step of the waterfall from prior to final score. */
export interface Step extends Evidence {
  /** Score after this step, in bits. */
  readonly total: number;
}

/** How a pair came to its score. */
export interface Explanation {
  readonly left: string;
  readonly right: string;
  readonly model: string;
  /** Log2 odds before any evidence: how rare one person is among pairs of these two sources. */
  readonly prior: number;
  readonly steps: readonly Step[];
  readonly score: number;
  readonly probability: number;
}

/** The waterfall of a pair: prior, then each comparison, heaviest first, those with nothing to compare last. */
export function explain(scorer: Scorer, a: Prepared, b: Prepared): Explanation {
  const prior = scorer.prior(a, b);
  const ranked = scorer.evidence(a, b).toSorted((x, y) => Math.abs(y.weight) - Math.abs(x.weight) || Number(x.level === 'missing') - Number(y.level === 'missing'));
  let total = prior;
  const steps = ranked.map((evidence) => {
    total += evidence.weight;
    return { ...evidence, total };
  });
  return { left: a.record.id, right: b.record.id, model: scorer.model.version, prior, steps, score: total, probability: probabilityOf(total) };
}

const signed = (bits: number) => `${bits < 0 ? '-' : '+'}${Math.abs(bits).toFixed(1)}`.padStart(7);

/** The waterfall as text, for the command line. Holds personal data. */
export function printExplanation(explanation: Explanation, { zone, veto, refusal }: Pick<LinkedPair, 'zone' | 'veto' | 'refusal'>): string {
  const lines = explanation.steps.map(({ attribute, level, left, right, weight, rarity, encoded, total }) => {
    const notes = [...(Math.abs(rarity) >= 0.05 ? [`rarity ${signed(rarity).trim()}`] : []), ...(encoded ? ['already in the NIK'] : [])];
    const values = level === 'missing' ? `${left ?? '-'} | ${right ?? '-'}` : `${left} | ${right}`;
    return `  ${attribute.padEnd(14)} ${signed(weight)} ${signed(total)}   ${level}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}: ${values}`;
  });
  return [
    `${explanation.left} and ${explanation.right}: probability ${explanation.probability.toFixed(4)}, ${zone}${veto === null ? '' : ` (veto ${veto})`}${refusal === null ? '' : ` (kept apart: ${refusal})`}`,
    `  ${'prior'.padEnd(14)} ${signed(explanation.prior)} ${signed(explanation.prior)}`,
    ...lines,
  ].join('\n');
}
