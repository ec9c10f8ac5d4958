import type { Case } from '../../src/domain/case.ts';
import { type Coverage, covers } from '../../src/domain/coverage.ts';
import { type Day, daysBetween } from '../../src/domain/time.ts';

export interface World {
  readonly seed: number;
  readonly today: Day;
}

/** Kinds of case that entitle to a benefit, by the words of the world's missions, with the programmes that pay. */
const entitling: readonly (readonly [gap: string, applies: (one: Case) => boolean, programmes: readonly string[]])[] = [
  ['DEATH_OR_ACCIDENT_UNCLAIMED', ({ category }) => category === 'MENINGGAL', ['JKK', 'JKM']],
  ['DEATH_OR_ACCIDENT_UNCLAIMED', ({ subcategory }) => subcategory === 'KECELAKAAN_KERJA', ['JKK']],
  ['DISMISSAL_UNCLAIMED', ({ subcategory }) => subcategory === 'PHK_SEPIHAK', ['JKK']],
  ['CONTRARY_TO_CONTRACT_UNCLAIMED', ({ subcategory }) => subcategory === 'PEKERJAAN_TIDAK_SESUAI', ['JKK']],
];

/** True gaps that hang on cases: open for too long, or entitling to a benefit that nobody claimed. */
export function claimed({ cases, rows, today }: { cases: readonly Case[]; rows: readonly Coverage[]; today: Day }): string[] {
  const gaps: string[] = [];
  for (const one of cases) {
    const open = one.status === 'IN_PROCESS' || one.status === 'WAITING_VERIFICATION';
    const age = daysBetween(one.openedOn, today);
    if (open && age > 180) gaps.push('CASE_OVERDUE');
    if (open && age > 90 && (one.subcategory === 'GAJI_TIDAK_DIBAYAR' || one.subcategory === 'GAJI_ABK')) gaps.push('WAGES_UNPAID');
    if (one.status === 'REJECTED') continue;
    for (const [gap, applies, programmes] of entitling) {
      if (!applies(one)) continue;
      const paying = rows.filter((row) => programmes.includes(row.programme));
      const filed = paying.some((row) => row.claims.some((claim) => claim.caseNumber === one.number));
      if (!filed && paying.some((row) => covers(row, one.openedOn))) gaps.push(gap);
    }
  }
  return gaps;
}

