import { describe, expect, it } from 'vitest';
import { caseCategories } from '../../../src/domain/case.ts';
import { benefits } from '../../../src/protection/benefits/catalogue.ts';
import { benefitsOf } from '../../../src/protection/benefits/offers.ts';
import { caseSubjects, subjects } from '../../../src/protection/benefits/subjects.ts';
import { both, caseFile, claim, coverage, inputOf, type Sketch } from '../kit.ts';

function offers(changes: Parameters<typeof caseFile>[0], sketch: Sketch = {}) {
  const input = inputOf({ ...sketch, cases: [caseFile(changes)] });
  return benefitsOf(input, input.cases[0] ?? { value: caseFile(changes), source: { agency: 'PERWAKILAN', recordId: 'LD-1' } });
}
const states = (list: ReturnType<typeof offers>) => Object.fromEntries(list.map(({ benefit, state }) => [benefit.code, state]));
const dismissal = { subcategory: 'PHK_SEPIHAK' };
const death = { category: 'MENINGGAL', subcategory: 'MENINGGAL_SAKIT' } as const;

describe('benefits of a case', () => {
  it.each([
    [death, ['JKM_DEATH', 'JKM_SCHOLARSHIP']],
    [{ category: 'MENINGGAL', subcategory: null } as const, ['JKK_DEATH', 'JKM_DEATH', 'JKM_SCHOLARSHIP']],
    [dismissal, ['JKK_DISMISSAL']],
    [{ subcategory: 'PEKERJAAN_TIDAK_SESUAI' }, ['JKK_CONTRARY_TO_CONTRACT']],
    [{ category: 'KEKERASAN', subcategory: 'PERKOSAAN' } as const, ['JKK_RAPE']],
    [{ category: 'REPATRIASI', subcategory: 'INGIN_DIPULANGKAN' } as const, ['JKK_REPATRIATION_PROBLEM']],
    [{ subcategory: 'GAJI_TIDAK_DIBAYAR' }, []],
    [{ category: 'PIDANA', subcategory: 'PENCURIAN' } as const, []],
  ])('%o', (changes, codes) => {
    expect(offers(changes).map(({ benefit }) => benefit.code)).toEqual(codes);
  });

  it('offers after an accident what the law grants during work, and not the refund it grants before and after', () => {
    expect(states(offers({ category: 'SAKIT', subcategory: 'KECELAKAAN_KERJA' }))).toMatchObject({ JKK_TREATMENT: 'DUE', JKK_DISABILITY: 'DUE', JKK_LOCAL_TRANSPORT: 'DUE', JKK_TRANSPORT_REFUND: 'NOT_COVERED' });
  });

  it('says whether she was covered, has claimed, or nobody can tell', () => {
    expect(states(offers(dismissal))).toEqual({ JKK_DISMISSAL: 'DUE' });
    expect(states(offers(dismissal, { coverages: both({ claims: [claim()] }) }))).toEqual({ JKK_DISMISSAL: 'CLAIMED' });
    expect(states(offers(dismissal, { coverages: [coverage('JKM')] }))).toEqual({ JKK_DISMISSAL: 'NOT_COVERED' });
    expect(states(offers(dismissal, { coverages: both({ claims: [claim({ caseNumber: null })] }) }))).toEqual({ JKK_DISMISSAL: 'UNKNOWN' });
    expect(states(offers(dismissal, { unknown: ['SOCIAL_SECURITY'] }))).toEqual({ JKK_DISMISSAL: 'UNKNOWN' });
  });

  it('offers the savings of the dead only where there are any', () => {
    expect(states(offers(death, { coverages: [...both(), coverage('JHT')] }))).toMatchObject({ JHT_LUMP_SUM: 'DUE' });
    expect(states(offers(death))).not.toHaveProperty('JHT_LUMP_SUM');
  });

  it('offers nothing from a refused case', () => {
    expect(offers({ ...dismissal, status: 'REJECTED' })).toEqual([]);
  });

  it('lists the papers of art. 50 and points to those it can: card, passport, the mission’s own file', () => {
    const [offer] = offers(dismissal);
    expect(offer!.papers.map(({ kind, evidence }) => [kind, evidence.length > 0])).toEqual([
      ['MEMBERSHIP_CARD', true], ['PASSPORT', true], ['STATEMENT', true], ['MEDICAL_REPORT', false], ['RECEIPTS', false], ['BANK_ACCOUNT', false],
    ]);
    expect(offers(dismissal, { unknown: ['SOCIAL_SECURITY'] })[0]!.papers[0]).toMatchObject({ kind: 'MEMBERSHIP_CARD', evidence: [], unknown: true });
  });

  it('invents no deadline', () => {
    expect(offers(dismissal)[0]!.deadline).toBeNull();
  });

  it('every subject that a benefit hangs on can come from a case', () => {
    const words = ['MENINGGAL_KECELAKAAN', 'MENINGGAL_SAKIT', 'KECELAKAAN_KERJA', 'PHK_SEPIHAK', 'PEKERJAAN_TIDAK_SESUAI', 'GAJI_TIDAK_DIBAYAR', 'PERKOSAAN', null];
    const reached = new Set(caseCategories.flatMap((category) => words.flatMap((subcategory) => [...subjects({ category, subcategory })])));
    expect([...reached].toSorted()).toEqual([...caseSubjects].toSorted());
    expect(new Set(benefits.map(({ code }) => code)).size).toBe(benefits.length);
  });
});
