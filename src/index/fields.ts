/*
 * What the rows of the index can be filtered and sorted by, one entry per field. The inputs of the schema, the conditions in SQL and the catalogue of the
 * statistics are all made from these.
 */

/** Kinds of things that the index has rows of. */
export const entities = ['worker', 'placement', 'coverage', 'case', 'health', 'stay', 'gap'] as const;
export type Entity = (typeof entities)[number];

/** Enums of the schema, by name, that fields have values of. */
export type EnumName =
  | 'Sex' | 'Scheme' | 'Procedure' | 'PlacementStage' | 'Sector' | 'EmployerKind' | 'Programme' | 'CoveragePhase' | 'CoverageStatus' | 'PaymentStatus'
  | 'CaseCategory' | 'CaseKind' | 'CaseStatus' | 'InactiveReason' | 'HealthSegment' | 'StayKind'
  | 'Severity' | 'ProtectionActor';

/** What a field's values are, which decides how it can be compared. `area` is a Kemendagri code that areas lie in, `set` an array of words of an enum. */
export type FieldKind = 'date' | 'integer' | 'decimal' | 'boolean' | 'text' | 'country' | 'currency' | 'area' | 'enum' | 'set';

export interface Field {
  /** As the schema calls it. */
  readonly name: string;
  /** Of the entity's table. */
  readonly column: string;
  readonly kind: FieldKind;
  /** For the kinds `enum` and `set`. */
  readonly values?: EnumName;
  /** English, a sentence for the schema. */
  readonly description: string;
  /** Short name in Indonesian. */
  readonly label: string;
  /** Whether lists can be sorted by it. */
  readonly sortable: boolean;
  /** Whether it is of the placement that a gap concerns, and no more to be seen than that is. */
  readonly placed?: true;
}

const field = (name: string, kind: FieldKind, label: string, description: string, sortable = false): Field => ({ name, column: snake(name), kind, label, description, sortable });
const sorted = (name: string, kind: FieldKind, label: string, description: string): Field => field(name, kind, label, description, true);
const ofEnum = (name: string, values: EnumName, label: string, description: string): Field => ({ ...field(name, 'enum', label, description), values });
const inColumn = (column: string, of: Field): Field => ({ ...of, column });
const placed = (of: Field): Field => ({ ...of, placed: true });

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const place: readonly Field[] = [
  field('country', 'country', 'Negara', 'Country.'),
  field('region', 'text', 'Negara bagian', 'State, emirate or province abroad, in the agency’s words.'),
  field('district', 'text', 'Distrik', 'District or city abroad, in the agency’s words.'),
];

export const fieldsOf: Readonly<Record<Entity, readonly Field[]>> = {
  worker: [
    sorted('name', 'text', 'Nama', 'Full name as an agency wrote it.'),
    ofEnum('sex', 'Sex', 'Jenis kelamin', 'Sex as registered.'),
    sorted('dateOfBirth', 'date', 'Tanggal lahir', 'Date of birth.'),
    field('origin', 'area', 'Daerah asal', 'Province, regency or district that she comes from.'),
  ],
  placement: [
    ofEnum('scheme', 'Scheme', 'Skema penempatan', 'Placement scheme.'),
    ofEnum('procedure', 'Procedure', 'Prosedur', 'Whether the legal procedure was followed.'),
    ofEnum('stage', 'PlacementStage', 'Tahap', 'How far it has come.'),
    ...place,
    field('mission', 'text', 'Perwakilan', 'Code of the mission in charge, such as `KBRI_KUALA_LUMPUR`; where the record names none, by the missions’ jurisdictions.'),
    field('p3miId', 'text', 'Nomor P3MI', 'The agency’s number of the placement company.'),
    field('p3miName', 'text', 'Nama P3MI', 'Name of the placement company.'),
    ofEnum('employerKind', 'EmployerKind', 'Jenis pemberi kerja', 'Legal entity, household or vessel.'),
    ofEnum('sector', 'Sector', 'Sektor', 'Formal or informal.'),
    field('job', 'text', 'Jabatan', 'Job title as recorded.'),
    sorted('contractStart', 'date', 'Awal perjanjian kerja', 'First day of the contract.'),
    sorted('contractEnd', 'date', 'Akhir perjanjian kerja', 'Last day of the contract.'),
    sorted('contractMonths', 'integer', 'Lama perjanjian kerja (bulan)', 'Agreed length of the contract, whole months.'),
    sorted('wageAmount', 'decimal', 'Upah', 'Agreed wage per month, in `wageCurrency`.'),
    field('wageCurrency', 'currency', 'Mata uang upah', 'Currency of the wage.'),
    sorted('registeredOn', 'date', 'Tanggal pendaftaran', 'Day of registration.'),
    sorted('departedOn', 'date', 'Tanggal keberangkatan', 'Day she left Indonesia.'),
    sorted('arrivedOn', 'date', 'Tanggal tiba', 'Day she arrived abroad.'),
    sorted('returnedOn', 'date', 'Tanggal kepulangan', 'Day she was back in Indonesia.'),
    sorted('passportValidUntil', 'date', 'Masa berlaku paspor', 'Last day on which the passport of the placement is valid.'),
    field('oneChannelSystem', 'boolean', 'One Channel System', 'For domestic workers in Malaysia: placed through the One Channel System.'),
  ],
  coverage: [
    ofEnum('programme', 'Programme', 'Program', 'Programme.'),
    ofEnum('phase', 'CoveragePhase', 'Masa pelindungan', 'Phase of work it is for.'),
    ofEnum('status', 'CoverageStatus', 'Status kepesertaan', 'Administrative status as the agency states it.'),
    sorted('registeredOn', 'date', 'Tanggal pendaftaran', 'Day of registration.'),
    sorted('windowStart', 'date', 'Awal masa pelindungan', 'First day on which the programme would pay, if paid for.'),
    sorted('windowEnd', 'date', 'Akhir masa pelindungan', 'Last day on which the programme would pay, if paid for.'),
    ofEnum('paymentStatus', 'PaymentStatus', 'Status iuran', 'Whether the contribution was paid.'),
    sorted('owed', 'decimal', 'Iuran terutang (Rp)', 'Contribution owed, rupiah.'),
    sorted('paid', 'decimal', 'Iuran dibayar (Rp)', 'Contribution paid, rupiah.'),
    sorted('paidOn', 'date', 'Tanggal bayar', 'Day of payment.'),
    field('contractMonths', 'integer', 'Lama perjanjian kerja (bulan)', 'Length of the contract that the contribution was counted for, months.'),
    field('claims', 'integer', 'Jumlah klaim', 'How many benefits were claimed under it.'),
    sorted('coversFrom', 'date', 'Berlaku sejak', 'First day on which it covers: paid for and inside its window.'),
    sorted('coversTo', 'date', 'Berlaku sampai', 'Last day on which it covers.'),
  ],
  case: [
    field('mission', 'text', 'Perwakilan', 'Code of the mission that handles it.'),
    ofEnum('category', 'CaseCategory', 'Kategori kasus', 'Category.'),
    field('subcategory', 'text', 'Subkategori', 'The agency’s finer kind, such as `GAJI_TIDAK_DIBAYAR`.'),
    ofEnum('kind', 'CaseKind', 'Jenis kasus', 'General or special.'),
    ofEnum('status', 'CaseStatus', 'Status kasus', 'How far it has come.'),
    ...place,
    sorted('openedOn', 'date', 'Tanggal dibuka', 'Day it was opened.'),
    sorted('closedOn', 'date', 'Tanggal ditutup', 'Day it was closed.'),
    sorted('claimedAmount', 'decimal', 'Jumlah tuntutan', 'Money claimed for the worker, in `currency`.'),
    sorted('recoveredAmount', 'decimal', 'Jumlah dipulihkan', 'Money recovered so far, in `currency`.'),
    field('currency', 'currency', 'Mata uang', 'Currency of both amounts.'),
  ],
  health: [
    field('active', 'boolean', 'Aktif', 'Whether the membership was active when BPJS Kesehatan last told.'),
    ofEnum('inactiveReason', 'InactiveReason', 'Alasan tidak aktif', 'Why it is not active.'),
    ofEnum('segment', 'HealthSegment', 'Segmen', 'Who pays.'),
    field('wardClass', 'text', 'Kelas rawat', 'Ward class entitled to, `1` to `3`.'),
    inColumn('start_on', field('start', 'date', 'Awal kepesertaan', 'First day of membership.')),
    inColumn('end_on', field('end', 'date', 'Akhir kepesertaan', 'Last day of membership.')),
  ],
  stay: [
    ofEnum('kind', 'StayKind', 'Jenis lapor diri', 'Arrival, move, return or family member.'),
    field('mission', 'text', 'Perwakilan', 'Code of the mission it was made to.'),
    ...place,
    field('reportedOn', 'date', 'Tanggal lapor', 'Day of the report.'),
    field('verifiedOn', 'date', 'Tanggal verifikasi', 'Day the mission verified it.'),
  ],
  gap: [
    field('rule', 'text', 'Aturan', 'Id of the rule that found it, such as `COVER_MISSING`; docs/protection.md describes each.'),
    ofEnum('severity', 'Severity', 'Tingkat', 'How much hangs on it.'),
    ofEnum('actor', 'ProtectionActor', 'Pihak yang bertindak', 'Who should act on it.'),
    { ...field('programmes', 'set', 'Program', 'Programmes that it is about.'), values: 'Programme' },
    sorted('since', 'date', 'Sejak', 'First day of the gap by the rule; it may lie ahead.'),
    sorted('until', 'date', 'Sampai', 'Last day of the gap by the rule, as things stand.'),
    sorted('foundOn', 'date', 'Tanggal ditemukan', 'Day on which the hub found it.'),
    sorted('closedOn', 'date', 'Tanggal selesai', 'Day from which the hub has not found it any more.'),
    placed(field('country', 'country', 'Negara penempatan', 'Country of the placement concerned: the one that it rests on, else the one that she was on.')),
    placed(field('mission', 'text', 'Perwakilan', 'Code of the mission in charge of the placement concerned.')),
    placed(inColumn('p3mi', field('p3miId', 'text', 'Nomor P3MI', 'The agency’s number of the company of the placement concerned.'))),
    field('caseMission', 'text', 'Perwakilan penangan kasus', 'Code of the mission that handles the case that it rests on.'),
    ofEnum('caseCategory', 'CaseCategory', 'Kategori kasus', 'Category of the case that it rests on.'),
  ],
};

/** Days on which a fact holds, asked for as one condition: `from` and `to` are columns, the last day open where it is null. */
export interface PeriodField {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly description: string;
  readonly label: string;
}

export const periodsOf: Readonly<Partial<Record<Entity, PeriodField>>> = {
  placement: { name: 'abroadOn', from: 'abroad_from', to: 'abroad_to', label: 'Berada di luar negeri pada', description: 'She was abroad under it on this day: departed (or the extension begun) and not yet back.' },
  gap: { name: 'openOn', from: 'open_from', to: 'open_to', label: 'Terbuka pada', description: 'It was open on this day: begun, where the rule tells since when, else found; and neither over by the rule nor closed by then.' },
  coverage: { name: 'activeOn', from: 'covers_from', to: 'covers_to', label: 'Berlaku pada', description: 'It covers this day: paid by then, inside its window, not superseded.' },
};

/** What a worker has of each kind, by the name that conditions on workers call it by. */
export const partsOf = {
  placements: 'placement',
  coverages: 'coverage',
  cases: 'case',
  healthMemberships: 'health',
  stays: 'stay',
  gaps: 'gap',
} as const satisfies Record<string, Exclude<Entity, 'worker'>>;
export type PartName = keyof typeof partsOf;
