import type { LegalBasis } from './rule.ts';

/*
 * The provisions that rules rest on, each once. Only what was read in a source is given as law; where a source quotes an instrument without the article, the
 * article is null. None of them was checked against later amendments.
 */

export const mandatoryCover: LegalBasis = {
  instrument: 'Permenaker 4/2023',
  article: 'art. 6',
  says: { id: 'Calon PMI dan PMI adalah peserta; JKK dan JKM wajib.', en: 'Candidates and workers are participants; JKK and JKM are mandatory.' },
};

export const beforeCover: LegalBasis = {
  instrument: 'Permenaker 4/2023',
  article: null,
  says: {
    id: 'Pelindungan sebelum bekerja berlaku paling lama lima bulan sejak pendaftaran dan pembayaran; jika belum berangkat, wajib mendaftar dan membayar kembali.',
    en: 'Cover before work holds for at most five months from registration and payment; who has not left by then registers and pays again.',
  },
};

export const duringCover: LegalBasis = {
  instrument: 'Permenaker 4/2023',
  article: null,
  says: {
    id: 'Pelindungan selama bekerja berlaku sejak meninggalkan Indonesia sampai akhir perjanjian kerja, ditambah paling lama satu bulan.',
    en: 'Cover during work holds from leaving Indonesia to the end of the contract and at most one month more.',
  },
};

export const extension: LegalBasis = {
  instrument: 'Permenaker 4/2023',
  article: 'art. 18',
  says: { id: 'Perpanjangan perjanjian kerja: iuran Rp13.500 per bulan, dibayar sekaligus.', en: 'Extension of the contract: 13,500 rupiah per month, paid all at once.' },
};

export const oldAge: LegalBasis = {
  instrument: 'Permenaker 4/2023',
  article: null,
  says: { id: 'JHT bersifat sukarela, Rp50.000 sampai Rp600.000 per bulan.', en: 'JHT is voluntary, 50,000 to 600,000 rupiah per month.' },
};

export const healthSuspension: LegalBasis = {
  instrument: 'Perpres 64/2020',
  article: 'art. 37',
  says: {
    id: 'Peserta JKN yang tinggal di luar negeri enam bulan berturut-turut atau lebih dapat menghentikan kepesertaan sementara; setelah kembali wajib melapor dan membayar paling lambat satu bulan.',
    en: 'A JKN member who lives abroad for six consecutive months or more may suspend; back in Indonesia she must report and resume paying within a month.',
  },
};

export const documents: LegalBasis = {
  instrument: 'UU 18/2017',
  article: 'art. 13',
  says: { id: 'PMI wajib memiliki dokumen, antara lain paspor, visa kerja, perjanjian penempatan, dan perjanjian kerja.', en: 'A worker must have her documents, among them passport, work visa, placement agreement and employment contract.' },
};

export const contractContents: LegalBasis = {
  instrument: 'UU 18/2017',
  article: 'art. 15',
  says: { id: 'Perjanjian kerja memuat upah dan cara pembayarannya.', en: 'The employment contract states wage and payment.' },
};

export const oneChannel: LegalBasis = {
  instrument: 'MoU Indonesia - Malaysia, 1 April 2022',
  article: null,
  says: { id: 'One Channel System adalah satu-satunya jalur sah bagi pekerja rumah tangga ke Malaysia.', en: 'The One Channel System is the only lawful channel for domestic workers to Malaysia.' },
};

export const claimPapers: LegalBasis = {
  instrument: 'Permenaker 4/2023',
  article: 'art. 50',
  says: {
    id: 'Klaim disertai kartu peserta, paspor, surat keterangan pemberi kerja, perwakilan, KDEI atau dinas tenaga kerja, keterangan medis, kuitansi, dan rekening bank.',
    en: 'A claim comes with membership card, passport, a statement by employer, mission, KDEI or labour office, medical report, receipts and bank account.',
  },
};

export const benefitsBeforeAfter: LegalBasis = {
  instrument: 'Permenaker 4/2023',
  article: 'art. 27',
  says: { id: 'Manfaat JKK sebelum dan setelah bekerja.', en: 'Benefits of JKK before and after work.' },
};

export const benefitsDuring: LegalBasis = {
  instrument: 'Permenaker 4/2023',
  article: 'art. 34',
  says: { id: 'Manfaat JKK selama bekerja.', en: 'Benefits of JKK during work.' },
};

/** Articles 27 and 34 together, for what is owed in every phase. */
export const accidentBenefits: LegalBasis = {
  instrument: 'Permenaker 4/2023',
  article: 'art. 27, 34',
  says: { id: 'Manfaat JKK sebelum, selama, dan setelah bekerja.', en: 'Benefits of JKK before, during and after work.' },
};

export const deathBenefit: LegalBasis = {
  instrument: 'Permenaker 4/2023',
  article: null,
  says: { id: 'JKM: kematian bukan akibat kecelakaan kerja, manfaat dibayarkan kepada ahli waris.', en: 'JKM: death not by work accident; the benefit goes to the heirs.' },
};

export const ownStandard: LegalBasis = {
  instrument: null,
  article: null,
  says: { id: 'Standar layanan hub sendiri, bukan ketentuan hukum.', en: 'The hub’s own service standard, not a rule of law.' },
};

export const otherRules: LegalBasis = {
  instrument: null,
  article: null,
  says: { id: 'Jaminan kesehatan PMI diatur dalam ketentuan lain (JKN).', en: 'Health insurance of migrant workers is left to other rules (JKN).' },
};
