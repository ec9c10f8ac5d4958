import type { Case } from '../../domain/case.ts';
import { caseEvidence, coverageEvidence, type Evidence, type Held, personEvidence, placementEvidence, type ProtectionInput } from '../input.ts';
import type { Text } from '../rule.ts';

export const paperKinds = ['MEMBERSHIP_CARD', 'PASSPORT', 'STATEMENT', 'MEDICAL_REPORT', 'RECEIPTS', 'BANK_ACCOUNT'] as const;
/** The papers that the law names for claims (Permenaker 4/2023 art. 50). Which benefit needs which of them is not in the sources read. */
export type PaperKind = (typeof paperKinds)[number];

/** A paper with what the hub can already point to. */
export interface Paper {
  readonly kind: PaperKind;
  readonly title: Text;
  /** Records that hold it or its number; empty where the hub can point to none. */
  readonly evidence: readonly Evidence[];
  /** True where an agency that may hold it did not answer, or the caller may not read it. */
  readonly unknown: boolean;
}

const titles: Record<PaperKind, Text> = {
  MEMBERSHIP_CARD: { id: 'Kartu peserta', en: 'Membership card' },
  PASSPORT: { id: 'Paspor', en: 'Passport' },
  STATEMENT: { id: 'Surat keterangan pemberi kerja, perwakilan, KDEI, atau dinas tenaga kerja', en: 'Statement by employer, mission, KDEI or labour office' },
  MEDICAL_REPORT: { id: 'Keterangan medis', en: 'Medical report' },
  RECEIPTS: { id: 'Kuitansi', en: 'Receipts' },
  BANK_ACCOUNT: { id: 'Rekening bank', en: 'Bank account' },
};

/** The papers of a claim from the case. The mission that handles the case can make the statement, so its file stands for it. */
export function papersFor(input: ProtectionInput, held: Held<Case>): Paper[] {
  const passports = [
    ...input.placements.filter(({ value }) => value.passport !== null).map(placementEvidence),
    ...input.persons.filter(({ value }) => value.identifiers.some(({ kind }) => kind === 'PASSPORT')).map(personEvidence),
  ];
  const evidence: Record<PaperKind, Evidence[]> = {
    MEMBERSHIP_CARD: input.coverages.filter(({ value }) => value.status !== 'SUPERSEDED').map(coverageEvidence),
    PASSPORT: passports,
    STATEMENT: [caseEvidence(held)],
    // No agency of the hub holds these.
    MEDICAL_REPORT: [],
    RECEIPTS: [],
    BANK_ACCOUNT: [],
  };
  const blind: Partial<Record<PaperKind, boolean>> = {
    MEMBERSHIP_CARD: input.unknown.has('SOCIAL_SECURITY'),
    PASSPORT: passports.length === 0 && (input.unknown.has('PLACEMENT') || input.unknown.has('IDENTITY')),
  };
  return paperKinds.map((kind) => ({ kind, title: titles[kind], evidence: evidence[kind], unknown: blind[kind] ?? false }));
}
