import type { Case } from '../../domain/case.ts';
import type { Claim, Coverage, Programme } from '../../domain/coverage.ts';
import { addDays } from '../../domain/time.ts';
import { caseEvidence, coverageEvidence, type Held, type ProtectionInput } from '../input.ts';
import { coveragesOf, coveringOn, coverOn } from '../cover/held.ts';
import { type Finding, gap, ok, unknown } from '../rule.ts';

/** A claim with the cover it was filed under. */
export interface FiledClaim {
  readonly claim: Claim;
  readonly under: Held<Coverage>;
}

/** Claims under the programmes that name the case, and those filed since it was opened that name none and may be about it. */
export function claimsFor(input: Pick<ProtectionInput, 'coverages'>, { number, openedOn }: Case, programmes: readonly Programme[]): { named: FiledClaim[]; possible: FiledClaim[] } {
  const filed = programmes.flatMap((programme) => input.coverages.filter(({ value }) => value.programme === programme)).flatMap((under) => under.value.claims.map((claim) => ({ claim, under })));
  return { named: filed.filter(({ claim }) => claim.caseNumber === number), possible: filed.filter(({ claim }) => claim.caseNumber === null && claim.filedOn >= openedOn) };
}

/** Whether any of the programmes covered what a case is about, of which only the day of the case's opening is known. */
export function coveredAtCase(input: Pick<ProtectionInput, 'coverages' | 'options'>, { openedOn }: Case, programmes: readonly Programme[]): { state: 'COVERED' | 'NOT_COVERED' | 'UNKNOWN'; by: Held<Coverage>[] } {
  const by = programmes.flatMap((programme) => coveringOn(input, programme, openedOn));
  if (by.length > 0) return { state: 'COVERED', by };
  const earliest = addDays(openedOn, -input.options.reportingDays);
  const lately = programmes.flatMap((programme) => coveragesOf(input, programme).filter(({ value }) => value.payment.status === 'PAID' && value.window.end !== null && value.window.end >= earliest && (value.window.start ?? '') <= openedOn));
  const vague = programmes.some((programme) => coverOn(input, programme, openedOn, 'DURING') === 'UNKNOWN');
  return lately.length > 0 || vague ? { state: 'UNKNOWN', by: lately } : { state: 'NOT_COVERED', by: [] };
}

/**
 * What to say of a case that entitles to a benefit under any of the programmes. Nothing, where she was not covered: there is no benefit to claim then,
 * and the missing cover is another rule's gap. `certain: false` where the file does not tell whether it is such a case.
 */
export function benefitFinding(input: ProtectionInput, held: Held<Case>, programmes: readonly Programme[], certain: boolean): Finding[] {
  if (held.value.status === 'REJECTED' || held.value.openedOn > input.asOf) return [];
  const { named, possible } = claimsFor(input, held.value, programmes);
  const evidence = [caseEvidence(held)];
  if (named.length > 0) return [ok([...evidence, ...named.map(({ under }) => coverageEvidence(under))], { programmes })];
  const { state, by } = coveredAtCase(input, held.value, programmes);
  if (state === 'NOT_COVERED') return [];
  evidence.push(...by.map(coverageEvidence));
  if (!certain) return [unknown(evidence, { id: 'Berkas perkara tidak menyebut jenisnya dengan pasti.', en: 'The file does not say of which kind the case is.' }, { programmes })];
  if (possible.length > 0) return [unknown(evidence, { id: 'Ada klaim setelah perkara dibuka, tetapi tidak menyebut nomor perkara.', en: 'A claim was filed since the case was opened, but it names no case.' }, { programmes })];
  if (state === 'UNKNOWN') return [unknown(evidence, { id: 'Tanggal kejadian tidak tercatat; pelindungan berakhir menjelang perkara dibuka.', en: 'The day it happened is not on record, and cover ended shortly before the case was opened.' }, { programmes })];
  return [gap(evidence, { since: held.value.openedOn, programmes })];
}
