import { personEvidence } from '../input.ts';
import { claimants, compareNiks, nikOf } from '../identity.ts';
import { claimPapers } from '../laws.ts';
import { gap, ok, type Rule, unknown } from '../rule.ts';

/** Her cover stands under a NIK that other agencies' records of her do not carry, and that is no slip of the pen. */
export const coverUnderOtherNik: Rule = {
  id: 'COVER_UNDER_OTHER_NIK',
  severity: 'CRITICAL',
  legalBasis: claimPapers,
  needs: ['IDENTITY', 'SOCIAL_SECURITY'],
  title: { id: 'Kepesertaan tercatat dengan NIK orang lain', en: 'Cover stands under another person’s NIK' },
  actor: 'BPJS_KETENAGAKERJAAN',
  action: {
    id: 'Pastikan siapa yang dilindungi; perbaiki NIK peserta agar pekerja atau ahli warisnya dapat mengajukan klaim.',
    en: 'Establish who is covered; correct the member’s NIK so that the worker or her heirs can claim.',
  },
  assess(input) {
    const { insured, others } = claimants(input);
    if (insured.length === 0) return [];
    const members = insured.flatMap((held) => (nikOf(held.value) === null ? [] : [{ held, nik: nikOf(held.value)! }]));
    const known = others.flatMap((held) => (nikOf(held.value) === null ? [] : [{ held, nik: nikOf(held.value)! }]));
    const foreign = members.flatMap((member) => known.filter(({ nik }) => compareNiks(member.nik, nik) === 'OTHER').map(({ held }) => [member.held, held] as const));
    if (foreign.length > 0) return [gap([...new Set(foreign.flat())].map(personEvidence))];
    const silent = input.unknown.has('PLACEMENT') || input.unknown.has('HEALTH_INSURANCE') || input.unknown.has('STAY') || input.unknown.has('CASE');
    if (members.length === 0 || known.length === 0 || silent) {
      return [unknown(insured.map(personEvidence), { id: 'NIK peserta tidak dapat dibandingkan dengan semua catatan lain.', en: 'The member’s NIK could not be compared with all other records.' })];
    }
    return [ok([...members, ...known].map(({ held }) => personEvidence(held)))];
  },
};
