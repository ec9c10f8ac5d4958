import type { Dimension, DimensionType, Label, Measure, MeasureKind, Rests, Sensitivity, StatisticsEntity } from './dimension.ts';
import { type Entity, type Field, fieldsOf } from './fields.ts';

/*
 * The catalogue of the statistics: one entry for each dimension and measure. The types of the schema, the columns of the facts and the list that `catalogue` answers
 * are made from it. What the index can filter lists by (fields.ts) is taken from there.
 */

interface More {
  readonly sensitivity?: Sensitivity;
  readonly rests?: readonly Rests[];
}

const label = (id: string, en: string): Label => ({ id, en });

/** A dimension that is kept in the facts. */
function kept(name: string, type: DimensionType, stored: string, said: Label, { sensitivity = 'PLAIN', rests = [] }: More = {}): Dimension {
  return { name, label: said, type, sensitivity, rests, stored, sql: `"${name}"` };
}

/** A dimension that follows from what is kept. */
function made(name: string, type: DimensionType, sql: string, said: Label, { sensitivity = 'PLAIN', rests = [] }: More = {}): Dimension {
  return { name, label: said, type, sensitivity, rests, sql };
}

function measure(name: string, is: MeasureKind, said: Label, { sensitivity = 'PLAIN', rests = [], stored }: More & Pick<Measure, 'stored'> = {}): Measure {
  return { name, label: said, sensitivity, rests, is, ...(stored && { stored }) };
}

/** Dictionaries that several entities share, by the name of the field; others have one each. */
function typeOf(entity: Entity, field: Field): DimensionType | null {
  switch (field.kind) {
    case 'enum':
      return { kind: 'enum', dictionary: field.values!, of: field.values! };
    case 'country':
      return { kind: 'code', dictionary: 'country', scalar: 'CountryCode' };
    case 'currency':
      return { kind: 'code', dictionary: 'currency', scalar: 'CurrencyCode' };
    case 'text':
      return { kind: 'code', dictionary: ['mission', 'region', 'district', 'job', 'p3miId', 'p3miName'].includes(field.name) ? field.name : field.name === 'caseMission' ? 'mission' : `${entity}.${field.name}`, scalar: 'String' };
    case 'boolean':
      return { kind: 'flag' };
    case 'date':
      return { kind: 'day' };
    case 'integer':
      return { kind: 'number' };
    case 'set':
      return { kind: 'set', dictionary: field.name };
    default:
      return null;
  }
}

/** The fields of the index as dimensions; amounts are measures only. */
function ofFields(entity: Exclude<Entity, 'worker'>, sensitivity: Sensitivity = 'PLAIN'): Dimension[] {
  return fieldsOf[entity].flatMap((field) => {
    const type = typeOf(entity, field);
    const said = label(field.label, field.description.replace(/\.$/, ''));
    return type ? [kept(field.name, type, `f."${field.column}"`, said, { sensitivity })] : [];
  });
}

/** Areas of one level: those of another would be places of cells in which nobody is. */
const area = (dictionary: string): DimensionType => ({ kind: 'code', dictionary, scalar: 'AreaCode' });
const flag: DimensionType = { kind: 'flag' };
const number: DimensionType = { kind: 'number' };

/** A band of the listed values, each with its names. */
function band(values: Readonly<Record<string, Label>>): DimensionType {
  return { kind: 'band', values: Object.keys(values), labels: Object.values(values) };
}

const ages = [18, 25, 35, 45, 55];
const ageBands = band({
  'UNDER_18': label('di bawah 18', 'under 18'), '18_24': label('18–24', '18–24'), '25_34': label('25–34', '25–34'), '35_44': label('35–44', '35–44'), '45_54': label('45–54', '45–54'), '55_UP': label('55 ke atas', '55 and over'),
});
const ageOn = `case when "bornOn" is null then null ${ages.map((age, i) => `when "bornOn" > $day - interval ${age} year then ${i}`).join(' ')} else ${ages.length} end`;

/** What every fact tells of its worker. */
const ofWorker: readonly Dimension[] = [
  kept('sex', { kind: 'enum', dictionary: 'Sex', of: 'Sex' }, 'w.sex', label('Jenis kelamin', 'Sex'), { sensitivity: 'PERSONAL' }),
  made('ageGroup', ageBands, ageOn, label('Kelompok umur', 'Age on the day'), { sensitivity: 'PERSONAL' }),
  kept('province', area('province'), 'w.province', label('Provinsi asal', 'Province of origin')),
  kept('regency', area('regency'), 'w.regency', label('Kabupaten/kota asal', 'Regency or city of origin')),
  kept('district', area('originDistrict'), 'w.district', label('Kecamatan asal', 'District of origin'), { sensitivity: 'PERSONAL' }),
  kept('agencies', { kind: 'set', dictionary: 'agencies' }, 'w.agencies', label('Lembaga yang memiliki catatan', 'Agencies that hold a record of the worker'), { rests: ['PLACEMENT', 'CASE', 'STAY'] }),
  kept('healthStatus', { kind: 'code', dictionary: 'healthStatus', scalar: 'String' }, 'w.health_status', label('Status JKN', 'JKN membership: ACTIVE, the reason why it is not, or NOT_FOUND'), { sensitivity: 'SENSITIVE' }),
];
const called = (dimension: Dimension, was: string, name: string): Dimension => (dimension.name === was ? { ...dimension, name, sql: `"${name}"` } : dimension);
/** `district` is the one that she comes from. */
const renamed = (dimension: Dimension): Dimension => called(dimension, 'district', 'districtAbroad');

const covered = { jkk: '$within(jkk)', jkm: '$within(jkm)', jht: '$within(jht)' } as const;
const sensitive = { sensitivity: 'SENSITIVE' } as const;
const covers: readonly Dimension[] = [
  made('coveredJkk', flag, covered.jkk, label('Terlindungi JKK', 'Covered by JKK (work accident) on the day'), sensitive),
  made('coveredJkm', flag, covered.jkm, label('Terlindungi JKM', 'Covered by JKM (death) on the day'), sensitive),
  made('coveredJht', flag, covered.jht, label('Terlindungi JHT', 'Covered by JHT (old age) on the day'), sensitive),
];
const coverMeasures: readonly Measure[] = [
  measure('withJkk', { kind: 'count', sql: covered.jkk }, label('Terlindungi JKK', 'Covered by JKK (work accident) on the day'), sensitive),
  measure('withJkm', { kind: 'count', sql: covered.jkm }, label('Terlindungi JKM', 'Covered by JKM (death) on the day'), sensitive),
  measure('withJht', { kind: 'count', sql: covered.jht }, label('Terlindungi JHT', 'Covered by JHT (old age) on the day'), sensitive),
  measure('withoutCover', { kind: 'count', sql: `not (${covered.jkk} and ${covered.jkm})` }, label('Tanpa JKK atau JKM', 'Without one of JKK and JKM, which are mandatory, on the day'), sensitive),
  measure('withActiveJkn', { kind: 'count', sql: '$is(healthStatus,ACTIVE)' }, label('JKN aktif', 'With an active JKN membership'), sensitive),
];
const facts = (id: string, en: string) => measure('count', { kind: 'facts' }, label(id, en));
const people = measure('people', { kind: 'persons' }, label('Jumlah orang', 'Number of different persons'));
const abroad = '("abroadFrom" <= $day and "abroadTo" >= $day)';
const closed = `coalesce("closedOn" <= $day, "closedOn" is null and $is(status,CLOSED,REJECTED))`;
const days = (until: string, from: string) => `(${until} - ${from})`;

/** Made from all of a worker's gaps, which rest on placements and cases. */
const ofGaps = { ...sensitive, rests: ['PLACEMENT', 'CASE'] } as const;
const gapOpen = '("openFrom" <= $day and "openTo" >= $day)';
/** Of the placement that a gap concerns. */
const placedDimensions: readonly Dimension[] = [
  kept('p3miName', { kind: 'code', dictionary: 'p3miName', scalar: 'String' }, 'f.p3mi_name', label('Nama P3MI', 'Name of the company of the placement concerned')),
  kept('scheme', { kind: 'enum', dictionary: 'Scheme', of: 'Scheme' }, 'f.scheme', label('Skema penempatan', 'Scheme of the placement concerned')),
  kept('procedure', { kind: 'enum', dictionary: 'Procedure', of: 'Procedure' }, 'f.procedure', label('Prosedur', 'Procedure of the placement concerned')),
  kept('sector', { kind: 'enum', dictionary: 'Sector', of: 'Sector' }, 'f.sector', label('Sektor', 'Sector of the placement concerned')),
  kept('job', { kind: 'code', dictionary: 'job', scalar: 'String' }, 'f.job', label('Jabatan', 'Job of the placement concerned')),
];
/** Dimensions of gaps that a caller sees only where the placement concerned lies inside the bounds. */
export const placedNames: readonly string[] = [...fieldsOf.gap.filter((field) => field.placed), ...placedDimensions].map(({ name }) => name);

/** The branches of ILO Convention 102 that a programme for migrant workers covers, as `protection/branches.ts` pairs them; the others have none. */
const branches = [
  { value: 'MEDICAL_CARE', sql: '$is(healthStatus,ACTIVE)' },
  { value: 'SICKNESS', sql: 'false' },
  { value: 'UNEMPLOYMENT', sql: 'false' },
  { value: 'OLD_AGE', sql: covered.jht },
  { value: 'EMPLOYMENT_INJURY', sql: covered.jkk },
  { value: 'FAMILY', sql: 'false' },
  { value: 'MATERNITY', sql: 'false' },
  { value: 'INVALIDITY', sql: covered.jkk },
  { value: 'SURVIVORS', sql: covered.jkm },
];
const branchMeasure = measure('branches', { kind: 'counts', of: 'BranchName', values: branches }, label('Cabang jaminan sosial', 'Covered, fully or in part, in each branch of ILO Convention 102 on the day'), sensitive);

export const catalogue: Readonly<Record<Entity, StatisticsEntity>> = {
  worker: {
    dimensions: [
      ...ofWorker,
      ...covers,
      made('abroad', flag, '$within(abroad)', label('Sedang di luar negeri', 'Abroad under a placement on the day'), { rests: ['PLACEMENT'] }),
      made('exposed', flag, '$within(exposed)', label('Memiliki celah pelindungan', 'With a gap in protection that is open on the day, other than for information'), ofGaps),
      made('criticallyExposed', flag, '$within(critical)', label('Memiliki celah kritis', 'With a critical gap in protection that is open on the day'), ofGaps),
      kept('placements', number, 'w.placements', label('Jumlah penempatan', 'Number of placements'), { rests: ['PLACEMENT'] }),
      kept('cases', number, 'w.cases', label('Jumlah kasus', 'Number of cases'), { ...sensitive, rests: ['CASE'] }),
      kept('stays', number, 'w.stays', label('Jumlah lapor diri', 'Number of reports of stay'), { rests: ['STAY'] }),
    ],
    measures: [
      facts('Jumlah pekerja', 'Number of workers'),
      ...coverMeasures,
      branchMeasure,
      measure('withGap', { kind: 'count', sql: '$within(exposed)' }, label('Memiliki celah pelindungan', 'With a gap in protection that is open on the day, other than for information'), ofGaps),
      measure('withCriticalGap', { kind: 'count', sql: '$within(critical)' }, label('Memiliki celah kritis', 'With a critical gap in protection that is open on the day'), ofGaps),
      measure('nowAbroad', { kind: 'count', sql: '$within(abroad)' }, label('Sedang di luar negeri', 'Abroad under a placement on the day'), { rests: ['PLACEMENT'] }),
      measure('age', { kind: 'quantity', unit: 'YEARS', sql: `date_sub('year', "bornOn", $day)` }, label('Umur', 'Age on the day'), { sensitivity: 'PERSONAL' }),
    ],
    profile: ['sex', 'province', 'healthStatus', 'agencies'],
  },
  placement: {
    dimensions: [
      ...ofWorker,
      ...ofFields('placement').map(renamed),
      ...covers,
      made('abroad', flag, abroad, label('Sedang ditempatkan', 'Abroad under it on the day')),
      kept('jkkEndsEarly', flag, 'f.jkk_last < f.contract_end', label('JKK berakhir sebelum kontrak', 'JKK covers a part of the contract and ends before it'), sensitive),
    ],
    measures: [
      facts('Jumlah penempatan', 'Number of placements'),
      people,
      measure('nowAbroad', { kind: 'count', sql: abroad }, label('Sedang ditempatkan', 'Abroad under it on the day')),
      ...coverMeasures,
      branchMeasure,
      measure('endingEarly', { kind: 'count', sql: 'coalesce("jkkEndsEarly", false)' }, label('JKK berakhir sebelum kontrak', 'JKK covers a part of the contract and ends before it'), sensitive),
      measure('cases', { kind: 'sum', sql: 'coalesce("caseCount", 0)' }, label('Kasus selama penempatan', 'Cases opened under it'), { ...sensitive, rests: ['CASE', 'PLACEMENT'], stored: { caseCount: 'f.case_count' } }),
      measure('wageCases', { kind: 'sum', sql: 'coalesce("wageCaseCount", 0)' }, label('Kasus gaji tidak dibayar', 'Cases of unpaid wages opened under it'), { ...sensitive, rests: ['CASE', 'PLACEMENT'], stored: { wageCaseCount: 'f.wage_case_count' } }),
      measure('wage', { kind: 'money', sql: '"wageCents"', currency: '"wageCurrency"' }, label('Upah per bulan', 'Agreed wage per month'), { ...sensitive, stored: { wageCents: 'round(f.wage_amount * 100)::bigint' } }),
      measure('process', { kind: 'quantity', unit: 'DAYS', sql: days('"departedOn"', '"registeredOn"') }, label('Lama proses', 'Days from registration to departure')),
      measure('contract', { kind: 'quantity', unit: 'DAYS', sql: `${days('"contractEnd"', '"contractStart"')} + 1` }, label('Lama kontrak', 'Days of the contract')),
      measure('timeAbroad', { kind: 'quantity', unit: 'DAYS', sql: `case when "abroadFrom" <= $day then ${days('least("abroadTo", $day)', '"abroadFrom"')} + 1 end` }, label('Lama di luar negeri', 'Days abroad until the day')),
    ],
    profile: ['scheme', 'procedure', 'sector', 'country', 'mission', 'healthStatus', 'caseCount', 'wageCaseCount'],
  },
  coverage: {
    dimensions: [
      ...ofWorker,
      ...ofFields('coverage', 'SENSITIVE'),
      made('active', flag, 'coalesce("coversFrom" <= $day and ("coversTo" is null or "coversTo" >= $day), false)', label('Berlaku', 'Covers the day'), sensitive),
    ],
    measures: [
      facts('Jumlah kepesertaan', 'Number of periods of cover'),
      people,
      measure('activeNow', { kind: 'count', sql: 'coalesce("coversFrom" <= $day and ("coversTo" is null or "coversTo" >= $day), false)' }, label('Berlaku', 'Covering the day'), sensitive),
      measure('unpaid', { kind: 'count', sql: '$is(paymentStatus,UNPAID,PARTIAL)' }, label('Belum lunas', 'Not paid in full'), sensitive),
      measure('benefitClaims', { kind: 'sum', sql: 'coalesce("claims", 0)' }, label('Klaim manfaat', 'Benefits claimed'), sensitive),
      measure('contributions', { kind: 'money', sql: '"paidCents"', currency: '$code(currency,IDR)' }, label('Iuran dibayar', 'Contributions paid'), { ...sensitive, stored: { paidCents: 'round(f.paid * 100)::bigint' } }),
      measure('owed', { kind: 'money', sql: '"owedCents"', currency: '$code(currency,IDR)' }, label('Iuran terutang', 'Contributions owed'), { ...sensitive, stored: { owedCents: 'round(f.owed * 100)::bigint' } }),
      measure('timeToPay', { kind: 'quantity', unit: 'DAYS', sql: days('"paidOn"', '"registeredOn"') }, label('Waktu sampai bayar', 'Days from registration to payment'), sensitive),
    ],
    profile: ['programme', 'phase', 'status', 'paymentStatus', 'paidCents', 'owedCents'],
  },
  case: {
    dimensions: [
      ...ofWorker,
      ...ofFields('case', 'SENSITIVE').map(renamed),
      made('open', flag, `not ${closed}`, label('Masih terbuka', 'Open on the day'), sensitive),
      kept('coveredAtOpening', flag, 'f.covered_at_opening', label('Terlindungi JKK saat dibuka', 'Covered by JKK on the day it was opened'), sensitive),
      kept('scheme', { kind: 'enum', dictionary: 'Scheme', of: 'Scheme' }, 'f.scheme', label('Skema penempatan', 'Scheme of the placement at its opening'), { rests: ['PLACEMENT'] }),
      kept('procedure', { kind: 'enum', dictionary: 'Procedure', of: 'Procedure' }, 'f.procedure', label('Prosedur', 'Procedure of the placement at its opening'), { rests: ['PLACEMENT'] }),
      kept('sector', { kind: 'enum', dictionary: 'Sector', of: 'Sector' }, 'f.sector', label('Sektor', 'Sector of the placement at its opening'), { rests: ['PLACEMENT'] }),
      kept('job', { kind: 'code', dictionary: 'job', scalar: 'String' }, 'f.job', label('Jabatan', 'Job of the placement at its opening'), { rests: ['PLACEMENT'] }),
      kept('p3miId', { kind: 'code', dictionary: 'p3miId', scalar: 'String' }, 'f.p3mi_id', label('Nomor P3MI', 'Company of the placement at its opening'), { rests: ['PLACEMENT'] }),
    ],
    measures: [
      facts('Jumlah kasus', 'Number of cases'),
      people,
      measure('openNow', { kind: 'count', sql: `not ${closed}` }, label('Masih terbuka', 'Open on the day'), sensitive),
      measure('coveredThen', { kind: 'count', sql: 'coalesce("coveredAtOpening", false)' }, label('Terlindungi JKK saat dibuka', 'Covered by JKK on the day it was opened'), sensitive),
      measure('timeToClose', { kind: 'quantity', unit: 'DAYS', sql: `case when "closedOn" <= $day then ${days('"closedOn"', '"openedOn"')} end` }, label('Waktu penyelesaian', 'Days from opening to closing, of those closed by the day'), sensitive),
      measure('timeOpen', { kind: 'quantity', unit: 'DAYS', sql: `case when not ${closed} then ${days('$day', '"openedOn"')} end` }, label('Lama terbuka', 'Days open until the day, of those still open'), sensitive),
      measure('claimed', { kind: 'money', sql: '"claimedCents"', currency: '"currency"' }, label('Jumlah tuntutan', 'Money claimed for workers'), { ...sensitive, stored: { claimedCents: 'round(f.claimed_amount * 100)::bigint' } }),
      measure('recovered', { kind: 'money', sql: '"recoveredCents"', currency: '"currency"' }, label('Jumlah dipulihkan', 'Money recovered for workers'), { ...sensitive, stored: { recoveredCents: 'round(f.recovered_amount * 100)::bigint' } }),
    ],
    profile: ['mission', 'country', 'category', 'subcategory', 'status', 'coveredAtOpening'],
  },
  health: {
    dimensions: [...ofWorker, ...ofFields('health', 'SENSITIVE')],
    measures: [facts('Jumlah kepesertaan JKN', 'Number of JKN memberships'), people, measure('activeMembers', { kind: 'count', sql: 'coalesce("active", false)' }, label('Aktif', 'Active'), sensitive)],
    profile: ['active', 'inactiveReason', 'segment', 'wardClass'],
  },
  stay: {
    dimensions: [...ofWorker, ...ofFields('stay').map(renamed), kept('placed', flag, 'f.placed', label('Dalam penempatan', 'Reported while abroad under a placement'), { rests: ['PLACEMENT'] })],
    measures: [
      facts('Jumlah lapor diri', 'Number of reports of stay'),
      people,
      measure('outsidePlacement', { kind: 'count', sql: 'not coalesce("placed", false)' }, label('Di luar penempatan', 'Reported while not abroad under any placement'), { rests: ['PLACEMENT'] }),
      measure('timeToVerify', { kind: 'quantity', unit: 'DAYS', sql: days('"verifiedOn"', '"reportedOn"') }, label('Waktu verifikasi', 'Days from report to verification')),
    ],
    profile: ['mission', 'country', 'placed'],
  },
  gap: {
    dimensions: [
      ...ofWorker,
      // On facts, `since` is the first day on which one is.
      ...ofFields('gap', 'SENSITIVE').map((dimension) => called(dimension, 'since', 'sinceOn')),
      ...placedDimensions,
      made('open', flag, gapOpen, label('Masih terbuka', 'Open on the day: begun and not over'), sensitive),
      made('ahead', flag, '("openFrom" > $day)', label('Akan datang', 'Found, and to begin after the day'), sensitive),
    ],
    measures: [
      facts('Jumlah celah pelindungan', 'Number of gaps on record'),
      people,
      measure('openNow', { kind: 'count', sql: gapOpen }, label('Masih terbuka', 'Open on the day: begun and not over'), sensitive),
      measure('aheadNow', { kind: 'count', sql: '"openFrom" > $day' }, label('Akan datang', 'Found, and to begin after the day'), sensitive),
      measure('timeOpen', { kind: 'quantity', unit: 'DAYS', sql: `case when ${gapOpen} then ${days('$day', '"openFrom"')} end` }, label('Lama terbuka', 'Days open until the day, of those still open'), sensitive),
      measure('timeToClose', { kind: 'quantity', unit: 'DAYS', sql: `case when "openTo" < $day and "openTo" >= "openFrom" then ${days('"openTo"', '"openFrom"')} + 1 end` }, label('Lama sampai selesai', 'Days from its first to its last, of those over by the day'), sensitive),
    ],
    profile: ['rule', 'severity', 'actor', 'sex'],
  },
};
