import { addMonths } from '../../domain/time.ts';
import { healthEvidence, type ProtectionInput } from '../input.ts';
import { dayAfter } from '../cover/intervals.ts';
import { healthOn } from '../health.ts';
import { healthSuspension } from '../laws.ts';
import { type Finding, gap, ok, type Rule, unknown } from '../rule.ts';
import { isAbroad, journeysOf } from '../situation.ts';

/** In Indonesia without active JKN. A suspension while abroad is lawful, and for a month after coming home. */
export const healthInactive: Rule = {
  id: 'HEALTH_INSURANCE_INACTIVE',
  severity: 'WARNING',
  legalBasis: healthSuspension,
  needs: ['PLACEMENT', 'HEALTH_INSURANCE'],
  title: { id: 'JKN tidak aktif di Indonesia', en: 'Health insurance (JKN) not active in Indonesia' },
  actor: 'BPJS_KESEHATAN',
  action: {
    id: 'Bantu pekerja melapor ke BPJS Kesehatan dan melanjutkan pembayaran; setelah kembali dari luar negeri paling lambat satu bulan.',
    en: 'Help the worker to report to BPJS Kesehatan and resume paying; after a return from abroad within a month.',
  },
  assess(input) {
    const { asOf, situation } = input;
    if (situation.phase === 'DECEASED') return [];
    const held = healthOn(input, asOf);
    const evidence = held ? [healthEvidence(held)] : input.health.map(healthEvidence);
    if (!held && input.health.length > 0) return [unknown(evidence, { id: 'Status JKN hanya diketahui untuk hari lain.', en: 'The JKN status is known for another day only.' })];
    if (held?.value.active) return [ok(evidence)];
    const abroad = isAbroad(input);
    if (abroad === null) return [unknown(evidence, { id: 'Tidak diketahui apakah ia berada di Indonesia.', en: 'Whether she is in Indonesia is not known.' })];
    if (abroad) return abroadFinding(held?.value.inactiveReason ?? null, evidence);
    const returned = lastReturn(input);
    if (held?.value.inactiveReason === 'SUSPENDED_ABROAD' && returned !== null) {
      const deadline = addMonths(returned, 1);
      if (asOf <= deadline) return [ok(evidence, { until: deadline, note: { id: 'Penghentian sementara masih sah; wajib melapor paling lambat satu bulan setelah kembali.', en: 'The suspension is still lawful; she must report within a month of her return.' } })];
      return [gap(evidence, { since: dayAfter(deadline) })];
    }
    if (!held) return [gap(evidence, { note: { id: 'Tidak tercatat sebagai peserta JKN.', en: 'Not on record as a member of JKN.' } })];
    return [gap(evidence, { since: held.value.serviceDate, note: { id: 'Tidak aktif sejak tanggal ini atau sebelumnya.', en: 'Not active since this day or earlier.' } })];
  },
};

function abroadFinding(reason: string | null, evidence: Finding['evidence']): Finding[] {
  if (reason === 'SUSPENDED_ABROAD') return [ok(evidence, { note: { id: 'Penghentian sementara selama di luar negeri adalah sah.', en: 'Suspension while abroad is lawful.' } })];
  // Not a member, in arrears or inactive for another reason: no gap in Indonesia, and whether she could have suspended is not ours to say.
  return [];
}

function lastReturn({ placements, asOf }: ProtectionInput): string | null {
  return journeysOf(placements).map(({ returnedOn }) => returnedOn).filter((day) => day !== null && day <= asOf).toSorted().at(-1) ?? null;
}
