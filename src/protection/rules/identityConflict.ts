import type { PersonClaim } from '../../domain/person.ts';
import { type Held, personEvidence } from '../input.ts';
import { claimants, compareNiks, nikOf, witnesses } from '../identity.ts';
import { claimPapers } from '../laws.ts';
import { gap, ok, type Rule, unknown } from '../rule.ts';

/** The cover's record and the papers a claim is proved with do not name the same NIK, date of birth or sex. Names are left to the review of links. */
export const identityConflict: Rule = {
  id: 'IDENTITY_CONFLICT',
  severity: 'WARNING',
  legalBasis: claimPapers,
  needs: ['IDENTITY', 'PLACEMENT', 'SOCIAL_SECURITY'],
  title: { id: 'Data diri berbeda sehingga klaim dapat ditolak', en: 'Identity differs between records, which would block a claim' },
  actor: 'BPJS_KETENAGAKERJAAN',
  action: { id: 'Perbaiki data peserta sesuai KTP dan paspor sebelum klaim diajukan.', en: 'Correct the member’s data by KTP and passport before a claim is filed.' },
  assess(input) {
    const { insured, others } = claimants(input);
    if (insured.length === 0) return [];
    const proving = witnesses(input, others);
    const pairs = insured.flatMap((member) => proving.map((other) => ({ member, other, differs: differences(member.value, other.value) })));
    const conflicts = pairs.filter(({ differs }) => differs.length > 0);
    if (conflicts.length > 0) {
      const records = new Set<Held<PersonClaim>>(conflicts.flatMap(({ member, other }) => [member, other]));
      const what = [...new Set(conflicts.flatMap(({ differs }) => differs))];
      return [gap([...records].map(personEvidence), { note: { id: `Berbeda: ${what.map((one) => words[one].id).join(', ')}.`, en: `Differs: ${what.map((one) => words[one].en).join(', ')}.` } })];
    }
    const compared = pairs.some(({ member, other }) => nikOf(member.value) !== null && nikOf(other.value) !== null);
    if (!compared || input.unknown.has('STAY') || input.unknown.has('CASE')) {
      return [unknown(insured.map(personEvidence), { id: 'Tidak semua catatan dapat dibandingkan dengan data peserta.', en: 'Not all records could be compared with the member’s data.' })];
    }
    return [ok([...insured, ...proving].map(personEvidence))];
  },
};

type Difference = 'NIK' | 'DATE_OF_BIRTH' | 'SEX';
const words: Record<Difference, { id: string; en: string }> = {
  NIK: { id: 'NIK', en: 'NIK' },
  DATE_OF_BIRTH: { id: 'tanggal lahir', en: 'date of birth' },
  SEX: { id: 'jenis kelamin', en: 'sex' },
};

function differences(a: PersonClaim, b: PersonClaim): Difference[] {
  const found: Difference[] = [];
  const [nikA, nikB] = [nikOf(a), nikOf(b)];
  // NIKs of two people are the matter of COVER_UNDER_OTHER_NIK.
  if (nikA !== null && nikB !== null && compareNiks(nikA, nikB) === 'SLIP') found.push('NIK');
  if (a.dateOfBirth !== null && b.dateOfBirth !== null && a.dateOfBirth !== b.dateOfBirth) found.push('DATE_OF_BIRTH');
  if (a.sex !== null && b.sex !== null && a.sex !== b.sex) found.push('SEX');
  return found;
}
