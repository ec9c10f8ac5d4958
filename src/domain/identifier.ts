/**
 * The identifiers by which a person, or one of her records, is known.
 * - `NIK`: population number, 16 digits.
 * - `PASSPORT`: ordinary passport or travel document (SPLP).
 * - `PMI_ID`: ID PMI, given by BP2MI after verification.
 * - `KPJ`: BPJS Ketenagakerjaan participant number; a person may have several.
 * - `JKN_CARD`: BPJS Kesehatan card number, 13 digits.
 * - `KTKLN`: the old worker's card number, still asked for by missions.
 * - `CASE_NUMBER`: a mission's case number.
 * - `LAPOR_DIRI`: number of a report of stay at a mission; several per person by design.
 */
export const identifierKinds = ['NIK', 'PASSPORT', 'PMI_ID', 'KPJ', 'JKN_CARD', 'KTKLN', 'CASE_NUMBER', 'LAPOR_DIRI'] as const;
export type IdentifierKind = (typeof identifierKinds)[number];

/** One identifier in its canonical form (see {@link canonical}). Always text: leading zeros matter. */
export interface Identifier {
  readonly kind: IdentifierKind;
  readonly value: string;
}

const forms: Record<IdentifierKind, { readonly form: RegExp; readonly says: string }> = {
  NIK: { form: /^\d{16}$/, says: '16 digits' },
  PASSPORT: { form: /^[A-Z]{1,2}\d{6,7}$/, says: 'one or two letters and six or seven digits' },
  PMI_ID: { form: /^[A-Z0-9-]{4,32}$/, says: '4 to 32 letters, digits or hyphens' },
  // 11 digits is usual, but 14 were seen in the field, so the number is kept as it is.
  KPJ: { form: /^\d{8,16}$/, says: '8 to 16 digits, usually 11' },
  JKN_CARD: { form: /^\d{13}$/, says: '13 digits' },
  KTKLN: { form: /^[A-Z0-9-]{4,32}$/, says: '4 to 32 letters, digits or hyphens' },
  CASE_NUMBER: { form: /^[A-Z0-9][A-Z0-9/.-]{3,63}$/, says: '4 to 64 letters, digits, slashes, dots or hyphens' },
  LAPOR_DIRI: { form: /^[A-Z0-9][A-Z0-9/.-]{3,63}$/, says: '4 to 64 letters, digits, slashes, dots or hyphens' },
};

/**
 * The canonical form of what a caller or an agency wrote: upper case, without blanks (digits also without dots and hyphens).
 * Null where the rest is not of the kind's form. Never guesses: a letter O stays a letter.
 */
export function canonical(kind: IdentifierKind, raw: string): Identifier | null {
  let value = raw.replace(/\s+/gu, '').toUpperCase();
  if (kind === 'NIK' || kind === 'KPJ' || kind === 'JKN_CARD') value = value.replace(/[.-]/g, '');
  return forms[kind].form.test(value) ? { kind, value } : null;
}

/** What a value of the kind looks like, for error messages. */
export function describeForm(kind: IdentifierKind): string {
  return forms[kind].says;
}

const zero = 0x30;

/**
 * Numbers that stand for "no number": all digits alike (`0000000000000000`, which resolves to a real-looking record in BPJS's own
 * development data), zeros with one last digit, or, among the numbers that are digits only, a run such as `1234567890123456`.
 * They must never link two records.
 */
export function isPlaceholder(id: Identifier): boolean {
  // Most numbers show by their ends that they are none.
  const { value } = id;
  const [last, second, third] = [value.charCodeAt(value.length - 1), value.charCodeAt(value.length - 2), value.charCodeAt(value.length - 3)];
  if (last !== second && !(second === zero && third === zero) && !value.startsWith('123456')) return false;
  const digits = id.value.replace(/^[A-Z]+/, '');
  if (!/^\d{6,}$/.test(digits)) return false;
  return /^(\d)\1*$/.test(digits) || /^0+\d$/.test(digits) || (digits === id.value && '12345678901234567890'.startsWith(digits));
}

/** The identifier as one string, `KIND:value`, for maps and sets in memory. Holds personal data: never log it. */
export function identifierKey(id: Identifier): string {
  return `${id.kind}:${id.value}`;
}
