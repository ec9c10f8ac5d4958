import { personEvidence, placementEvidence } from '../input.ts';
import { dayAfter } from '../cover/intervals.ts';
import { documents } from '../laws.ts';
import { gap, ok, type Rule, unknown } from '../rule.ts';

/** The passport of the placement ends before its contract, or has ended while she is still abroad after it. */
export const passportExpires: Rule = {
  id: 'PASSPORT_ENDS_BEFORE_CONTRACT',
  severity: 'WARNING',
  legalBasis: documents,
  needs: ['PLACEMENT'],
  title: { id: 'Paspor berakhir sebelum perjanjian kerja', en: 'Passport ends before the contract' },
  actor: 'PERWAKILAN',
  action: { id: 'Ingatkan pekerja untuk memperpanjang paspor; di luar negeri melalui perwakilan.', en: 'Remind the worker to renew the passport; abroad, at the mission.' },
  assess(input) {
    const { situation: { phase, journey, placement }, persons, asOf } = input;
    if ((phase !== 'BEFORE' && phase !== 'DURING') || !journey || !placement) return [];
    const { contract, passport, passportValidUntil } = placement.value;
    const evidence = [placementEvidence(placement)];
    if (contract.end === null) return [unknown(evidence, { id: 'Akhir perjanjian kerja tidak tercatat.', en: 'The end of the contract is not on record.' })];
    if (passportValidUntil === null) return [unknown(evidence, { id: 'Masa berlaku paspor tidak tercatat.', en: 'The validity of the passport is not on record.' })];
    // Who is still abroad after the contract needs the passport to come home.
    const needed = phase === 'DURING' && asOf > contract.end ? asOf : contract.end;
    if (passportValidUntil >= needed) return [ok(evidence)];
    // A mission that has seen her during this journey under another passport may have seen the renewed one, whose validity no agency tells.
    const reported = new Set(input.stays.filter(({ value }) => value.reportedOn >= (journey.departedOn ?? asOf)).map(({ source }) => `${source.agency} ${source.recordId}`));
    const renewed = persons.filter(({ source, value }) => {
      const numbers = value.identifiers.filter(({ kind }) => kind === 'PASSPORT').map((identifier) => identifier.value);
      return reported.has(`${source.agency} ${source.recordId}`) && numbers.length > 0 && passport !== null && !numbers.includes(passport);
    });
    if (renewed.length > 0) {
      return [unknown([...evidence, ...renewed.map(personEvidence)], { id: 'Perwakilan mencatat paspor lain; masa berlakunya tidak diketahui.', en: 'A mission has another passport on record; its validity is not known.' })];
    }
    return [gap(evidence, { since: dayAfter(passportValidUntil), until: asOf > contract.end ? null : contract.end })];
  },
};
