import { dayOf, dayText, yearOf } from './calendar.ts';
import type { Life, Makers } from './lives.ts';
import { manner, strikes } from './mismatches.ts';
import type { Hand, Mismatch } from './mismatches.ts';
import { usesBin } from './names.ts';
import { formerProvince } from './origins.ts';
import type { Papers } from './papers.ts';
import { chanceAt, hash } from './random.ts';
import { abbreviate, dataPageLength, mistype, mistypeNik, respell, spreadsheet, truncate, withoutMarks, withoutSexBit, writePhone } from './spelling.ts';
import { tags } from './tags.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { PersonClaim } from '../../domain/person.ts';

/** How an agency writes people down. Shares are assumptions. */
export interface Form {
  /** Names after the passport (no marks, no titles), or after the identity card. */
  readonly nameFrom: 'PASSPORT' | 'CARD';
  readonly capitals: boolean;
  readonly lacksNik: number;
  readonly lacksPhone: number;
  /** 1 where the form does not ask. */
  readonly lacksMother: number;
  readonly lacksBirthplace: number;
  readonly lacksArea: number;
  readonly area: 'DISTRICT' | 'REGENCY';
}

export const forms = {
  BP2MI: { nameFrom: 'CARD', capitals: true, lacksNik: 0.005, lacksPhone: 0.12, lacksMother: 0.4, lacksBirthplace: 0.02, lacksArea: 0.02, area: 'DISTRICT' },
  SOCIAL: { nameFrom: 'CARD', capitals: true, lacksNik: 0.01, lacksPhone: 0.25, lacksMother: 0.2, lacksBirthplace: 0.1, lacksArea: 0.4, area: 'REGENCY' },
  HEALTH: { nameFrom: 'CARD', capitals: true, lacksNik: 0.01, lacksPhone: 0.45, lacksMother: 1, lacksBirthplace: 1, lacksArea: 1, area: 'REGENCY' },
  MISSION: { nameFrom: 'PASSPORT', capitals: false, lacksNik: 0.3, lacksPhone: 0.35, lacksMother: 1, lacksBirthplace: 0.15, lacksArea: 0.3, area: 'REGENCY' },
} as const satisfies Record<string, Form>;

/** The life that is being written down, and what has gone wrong so far. */
export interface Subject {
  readonly makers: Makers;
  readonly life: Life;
  readonly yearsAdded: number;
  readonly occurred: Set<Mismatch>;
}

export interface Entry {
  readonly form: Form;
  readonly hand: Hand;
  readonly papers: Papers;
  /** Passports on the record. */
  readonly passports: readonly string[];
  /** The agency's own numbers of the record and the like. */
  readonly own: readonly Identifier[];
  /** Country abroad, where the record has to do with one. */
  readonly country: string | null;
}

/** Where bin and binti are put before the father's name. Others are general knowledge beside Malaysia. */
const binCountries = new Set(['MY', 'BN', 'SA', 'AE', 'QA', 'KW', 'OM', 'JO', 'BH']);

export function writePerson(subject: Subject, entry: Entry): PersonClaim {
  const { makers, life, occurred } = subject;
  const { seed } = makers;
  const { index } = life;
  const { form, hand, papers } = entry;
  const has = (lacks: number, kind: number) => lacks < 1 && chanceAt(seed, (index * 8 + hand) * 16 + kind, tags.claims) >= lacks;
  const hit = (mismatch: Mismatch) => strikes(seed, index, mismatch, hand);
  const how = (mismatch: Mismatch) => manner(seed, index, mismatch, hand);
  const note = (mismatch: Mismatch) => occurred.add(mismatch);

  const { name, alias } = writeName(subject, entry);
  const identifiers: Identifier[] = [...entry.own];
  const raw: { kind: Identifier['kind']; text: string }[] = [];
  const kept = papers.borrowed ? { value: papers.nik } : writeNik(papers.nik, life.sex === 'FEMALE', hit, how, note);
  if (!has(form.lacksNik, 1)) note('NIK_MISSING');
  else if ('value' in kept) identifiers.push({ kind: 'NIK', value: kept.value });
  else raw.push({ kind: 'NIK', text: kept.text });

  for (const number of entry.passports) {
    // An O in the second place would make another passport's number of it, not an unreadable one.
    const spoilt = number.slice(0, 2) + number.slice(2).replace('0', 'O');
    if (form.nameFrom === 'PASSPORT' && spoilt !== number && hit('PASSPORT_UNREADABLE')) {
      raw.push({ kind: 'PASSPORT', text: spoilt });
      note('PASSPORT_UNREADABLE');
    } else identifiers.push({ kind: 'PASSPORT', value: number });
  }

  let sex: PersonClaim['sex'] = life.sex;
  let dateOfBirth: string | null = dayText(birth(subject, entry));
  if (hit('VALUE_MISSING')) {
    if (how('VALUE_MISSING') % 3 === 0) dateOfBirth = null;
    else sex = null;
    note('VALUE_MISSING');
  }
  let phone: string | null = null;
  if (has(form.lacksPhone, 2)) {
    let number = life.phone;
    if (hit('PHONE_CHANGED')) {
      number = number.slice(0, 3) + String(hash(seed, index * 8 + hand, tags.claims) % 100_000_000).padStart(8, '0');
      note('PHONE_CHANGED');
    }
    phone = writePhone(number, hash(seed, index * 8 + hand, tags.claims) >>> 3);
  }
  let motherName: string | null = null;
  if (has(form.lacksMother, 3)) {
    let words = [...papers.mother.words];
    if (hit('MOTHER_SPELLING')) {
      const changed = how('MOTHER_SPELLING') % 2 === 0 ? respell(words, how('MOTHER_SPELLING') >>> 1) : mistype(words, how('MOTHER_SPELLING') >>> 1);
      if (changed.join(' ') !== words.join(' ')) note('MOTHER_SPELLING');
      words = changed;
    }
    motherName = inCase(words.join(' '), form.capitals);
  }
  return {
    name, alias, sex, dateOfBirth, placeOfBirth: has(form.lacksBirthplace, 4) ? inCase(papers.placeOfBirth, form.capitals) : null, motherName, phone,
    area: has(form.lacksArea, 5) ? writeArea(subject, entry) : null, identifiers, raw,
  };
}

function inCase(text: string, capitals: boolean): string {
  return capitals ? text.toUpperCase() : text;
}

function writeName({ makers, life, occurred }: Subject, { form, hand, papers, country }: Entry): { name: string; alias: string | null } {
  const hit = (mismatch: Mismatch) => strikes(makers.seed, life.index, mismatch, hand);
  const draw = (mismatch: Mismatch) => manner(makers.seed, life.index, mismatch, hand);
  const onPassport = form.nameFrom === 'PASSPORT';
  let words = [...papers.name.words];
  const change = (mismatch: Mismatch, to: string[]) => {
    if (to.join(' ') !== words.join(' ')) occurred.add(mismatch);
    words = to;
  };
  if (hit('NAME_SPELLING')) change('NAME_SPELLING', respell(words, draw('NAME_SPELLING')));
  if (hit('NAME_TYPO')) change('NAME_TYPO', mistype(words, draw('NAME_TYPO')));
  if (words.length > 1 && hit('NAME_DROPPED')) change('NAME_DROPPED', words.toSpliced(draw('NAME_DROPPED') % words.length, 1));
  else if (words.length > 1 && hit('NAME_INITIAL')) change('NAME_INITIAL', abbreviate(words, !onPassport));
  const title = papers.name.title;
  if (title !== null && !onPassport && hit('NAME_TITLE')) change('NAME_TITLE', [title, ...words]);

  let alias: string | null = null;
  const byFather = country !== null && binCountries.has(country) && usesBin(life.province) && onPassport && hit('NAME_BIN');
  if (byFather) {
    const father = `${life.sex === 'FEMALE' ? 'Binti' : 'Bin'} ${life.father.words.join(' ')}`;
    occurred.add('NAME_BIN');
    // Some forms keep it apart, others make it part of the name.
    if (draw('NAME_BIN') % 3 === 0) alias = father;
    else words.push(...father.split(' '));
  } else if (words.length === 1 && onPassport && hit('NAME_DOUBLED')) change('NAME_DOUBLED', [words[0]!, words[0]!]);

  let name = words.join(' ');
  if (onPassport) {
    name = withoutMarks(name);
    if (name.length > dataPageLength) {
      name = truncate(name);
      occurred.add('NAME_TRUNCATED');
    }
  }
  return { name: inCase(name, form.capitals), alias: alias === null ? null : inCase(alias, form.capitals) };
}

function writeNik(
  nik: string, woman: boolean, hit: (m: Mismatch) => boolean, how: (m: Mismatch) => number, note: (m: Mismatch) => void,
): { readonly value: string } | { readonly text: string } {
  if (hit('NIK_PLACEHOLDER')) {
    note('NIK_PLACEHOLDER');
    return { value: placeholderNik };
  }
  if (hit('NIK_SPREADSHEET')) {
    note('NIK_SPREADSHEET');
    return { text: spreadsheet(nik, how('NIK_SPREADSHEET')) };
  }
  if (hit('NIK_TYPO')) {
    note('NIK_TYPO');
    return { value: mistypeNik(nik, how('NIK_TYPO')) };
  }
  if (woman && hit('NIK_SEX_BIT')) {
    note('NIK_SEX_BIT');
    return { value: withoutSexBit(nik) };
  }
  return { value: nik };
}

export const placeholderNik = '0000000000000000';

/** Day of birth as this hand writes it. */
function birth({ makers, life, yearsAdded, occurred }: Subject, { form, hand, papers, passports }: Entry): number {
  const byPassport = form.nameFrom === 'PASSPORT' || passports.length > 0;
  let born = papers.born;
  if (yearsAdded > 0 && byPassport && !papers.borrowed) {
    const text = dayText(born);
    born = dayOf(Number(text.slice(0, 4)) - yearsAdded, Number(text.slice(5, 7)), Number(text.slice(8, 10)));
    occurred.add('AGE_FALSIFIED');
  }
  const text = dayText(born);
  const [month, day] = [Number(text.slice(5, 7)), Number(text.slice(8, 10))];
  if (strikes(makers.seed, life.index, 'DATE_DEFAULT', hand)) {
    if (month !== 1 || day !== 1) occurred.add('DATE_DEFAULT');
    return dayOf(yearOf(born), 1, 1);
  }
  if (day <= 12 && day !== month && strikes(makers.seed, life.index, 'DATE_SWAPPED', hand)) {
    occurred.add('DATE_SWAPPED');
    return dayOf(yearOf(born), day, month);
  }
  return born;
}

function writeArea({ makers, life, occurred }: Subject, { form, hand }: Entry): string {
  let area = life.area;
  if (strikes(makers.seed, life.index, 'AREA_MOVED', hand)) {
    area = makers.niks.birthplace(life.index ^ 0x2a55).district.area.code;
    occurred.add('AREA_MOVED');
  } else {
    const former = formerProvince(life.province, yearOf(life.born));
    if (former !== null && form.area === 'REGENCY') return former;
  }
  return form.area === 'DISTRICT' ? area : area.slice(0, 5);
}
