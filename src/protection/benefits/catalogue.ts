import type { CoveragePhase, Programme } from '../../domain/coverage.ts';
import { accidentBenefits, benefitsBeforeAfter, benefitsDuring, deathBenefit } from '../laws.ts';
import type { LegalBasis, Text } from '../rule.ts';
import type { CaseSubject } from './subjects.ts';

/** A benefit that a case may entitle to. Codes are the hub's own; the law has names and no codes. No amounts: those of the single benefits were not found. */
export interface Benefit {
  readonly code: string;
  readonly programme: Programme;
  /** Phases of cover under which the law grants it; empty where the sources do not say. */
  readonly phases: readonly CoveragePhase[];
  readonly legalBasis: LegalBasis;
  readonly title: Text;
  /** What must be true besides, which the hub cannot see; null where the case says all. */
  readonly condition: Text | null;
  /** What a case must be about. */
  readonly subjects: readonly CaseSubject[];
}

const workAccident: Text = { id: 'Bila akibat kecelakaan kerja.', en: 'Where a work accident caused it.' };
const notWorkAccident: Text = { id: 'Bila bukan akibat kecelakaan kerja.', en: 'Where no work accident caused it.' };
const accident: readonly CaseSubject[] = ['WORK_ACCIDENT', 'ACCIDENT_UNSPECIFIED'];
const always: readonly CoveragePhase[] = ['BEFORE', 'DURING', 'AFTER'];

/** Services of JKK that the sources name without an article. */
const services: LegalBasis = {
  instrument: 'Permenaker 4/2023',
  article: null,
  says: { id: 'Pelayanan JKK: perawatan, pendampingan, dan pelatihan.', en: 'Services of JKK: treatment, escort and training.' },
};

/** Which benefits which cases may lead to. Pairing cases with benefits is the hub's own reading of the benefits' names. */
export const benefits: readonly Benefit[] = [
  {
    code: 'JKK_DEATH', programme: 'JKK', phases: always, legalBasis: accidentBenefits, condition: workAccident, subjects: ['DEATH_ACCIDENT', 'DEATH_UNSPECIFIED'],
    title: { id: 'Santunan kematian akibat kecelakaan', en: 'Death by accident' },
  },
  {
    code: 'JKM_DEATH', programme: 'JKM', phases: always, legalBasis: deathBenefit, condition: notWorkAccident, subjects: ['DEATH_ILLNESS', 'DEATH_ACCIDENT', 'DEATH_UNSPECIFIED'],
    title: { id: 'Santunan kematian bagi ahli waris', en: 'Death benefit to the heirs' },
  },
  {
    code: 'JKM_SCHOLARSHIP', programme: 'JKM', phases: always, legalBasis: deathBenefit, subjects: ['DEATH_ILLNESS', 'DEATH_ACCIDENT', 'DEATH_UNSPECIFIED'],
    condition: { id: 'Bila ada anak; paling banyak dua anak.', en: 'Where there are children; for two at most.' }, title: { id: 'Beasiswa anak', en: 'Scholarships for children' },
  },
  {
    code: 'JHT_LUMP_SUM', programme: 'JHT', phases: [], subjects: ['DEATH_ILLNESS', 'DEATH_ACCIDENT', 'DEATH_UNSPECIFIED'], condition: null, title: { id: 'Tabungan JHT dan hasilnya', en: 'Savings of JHT with their yield' },
    legalBasis: {
      instrument: 'Permenaker 4/2023', article: 'art. 1',
      says: { id: 'JHT dibayarkan sekaligus saat pensiun, meninggal, atau cacat total.', en: 'JHT is paid as a lump sum at retirement age, death or total disability.' },
    },
  },
  {
    code: 'JKK_TREATMENT', programme: 'JKK', phases: [], legalBasis: services, condition: workAccident, subjects: accident,
    title: { id: 'Perawatan dan pengobatan', en: 'Treatment' },
  },
  {
    code: 'JKK_DISABILITY', programme: 'JKK', phases: always, legalBasis: accidentBenefits, subjects: accident,
    condition: { id: 'Bila kecelakaan kerja mengakibatkan cacat sebagian, cacat fungsi, atau cacat total.', en: 'Where a work accident left partial, functional or total disability.' },
    title: { id: 'Santunan cacat', en: 'Disability' },
  },
  {
    code: 'JKK_AIDS', programme: 'JKK', phases: always, legalBasis: accidentBenefits, condition: workAccident, subjects: accident,
    title: { id: 'Alat bantu (orthese, prothese)', en: 'Aids (orthese, prothese)' },
  },
  {
    code: 'JKK_LOCAL_TRANSPORT', programme: 'JKK', phases: ['DURING'], legalBasis: benefitsDuring, condition: workAccident, subjects: accident,
    title: { id: 'Biaya transportasi lokal', en: 'Local transport' },
  },
  {
    code: 'JKK_REPATRIATION_ACCIDENT', programme: 'JKK', phases: ['DURING'], legalBasis: benefitsDuring, condition: workAccident, subjects: accident,
    title: { id: 'Pemulangan akibat kecelakaan', en: 'Repatriation after an accident' },
  },
  {
    code: 'JKK_TRANSPORT_REFUND', programme: 'JKK', phases: ['BEFORE', 'AFTER'], legalBasis: benefitsBeforeAfter, condition: workAccident, subjects: accident,
    title: { id: 'Penggantian biaya transportasi', en: 'Refund of transport' },
  },
  {
    code: 'JKK_REPATRIATION_PROBLEM', programme: 'JKK', phases: ['DURING'], legalBasis: benefitsDuring, subjects: ['REPATRIATION'],
    condition: { id: 'Bila ia PMI bermasalah.', en: 'Where she is a worker in trouble (PMI bermasalah).' }, title: { id: 'Pemulangan PMI bermasalah', en: 'Repatriation of a worker in trouble' },
  },
  {
    code: 'JKK_CONTRARY_TO_CONTRACT', programme: 'JKK', phases: ['DURING'], legalBasis: benefitsDuring, condition: null, subjects: ['CONTRARY_TO_CONTRACT'],
    title: { id: 'Penempatan tidak sesuai perjanjian kerja', en: 'Placed contrary to contract' },
  },
  {
    code: 'JKK_DISMISSAL', programme: 'JKK', phases: ['DURING'], legalBasis: benefitsDuring, condition: null, subjects: ['DISMISSAL'],
    title: { id: 'Pemutusan hubungan kerja', en: 'Dismissal' },
  },
  {
    code: 'JKK_RAPE', programme: 'JKK', phases: always, legalBasis: accidentBenefits, subjects: ['RAPE', 'VIOLENCE_UNSPECIFIED'],
    condition: { id: 'Bila terjadi pemerkosaan.', en: 'Where it was rape.' }, title: { id: 'Santunan korban pemerkosaan', en: 'Benefit for victims of rape' },
  },
];
