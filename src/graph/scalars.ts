import { GraphQLError, type ValueNode } from 'graphql';
import { canonical, describeForm, isPlaceholder } from '../domain/identifier.ts';
import { isDay } from '../domain/time.ts';
import { builder } from './builder.ts';

/** What is wrong with an input, without the input: it may be a NIK. */
function refuse(what: string): GraphQLError {
  return new GraphQLError(what, { extensions: { code: 'BAD_USER_INPUT' } });
}

/** A scalar of text: `read` gives the value to use or null when it is none, `form` says what one looks like. */
function textScalar(name: 'NIK' | 'Date' | 'DateTime' | 'CountryCode' | 'CurrencyCode' | 'Decimal' | 'AreaCode', description: string, form: string, read: (text: string) => string | null, specifiedByUrl?: string): void {
  const parse = (value: unknown): string => {
    const parsed = typeof value === 'string' ? read(value) : null;
    if (parsed === null) throw refuse(`${name} must be ${form}.`);
    return parsed;
  };
  builder.scalarType(name, {
    description,
    ...(specifiedByUrl ? { specifiedByURL: specifiedByUrl } : {}),
    extensions: { plainText: true },
    serialize: (value) => value,
    parseValue: parse,
    parseLiteral: (node: ValueNode) => parse(node.kind === 'StringValue' ? node.value : undefined),
  });
}

textScalar('NIK', 'Indonesian population number (nomor induk kependudukan): 16 digits as text. Blanks, dots and hyphens are ignored on input.', describeForm('NIK'), (text) => {
  const nik = canonical('NIK', text);
  return nik && !isPlaceholder(nik) ? nik.value : null;
});
textScalar('Date', 'A calendar day as `yyyy-MM-dd`, without time or zone.', 'a day that exists, as yyyy-MM-dd', (text) => (isDay(text) ? text : null), 'https://scalars.graphql.org/andimarek/local-date.html');
textScalar('DateTime', 'A moment as RFC 3339 text, in answers always in UTC with milliseconds.', 'RFC 3339 with a zone, such as 2026-11-22T07:30:00Z', (text) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : null,
'https://scalars.graphql.org/andimarek/date-time.html');
textScalar('CountryCode', 'A country as ISO 3166-1 alpha-2 code, such as `MY`.', 'two capital letters of ISO 3166-1', (text) => (/^[A-Z]{2}$/.test(text) ? text : null), 'https://www.iso.org/iso-3166-country-codes.html');
textScalar('CurrencyCode', 'A currency as ISO 4217 code, such as `IDR`.', 'three capital letters of ISO 4217', (text) => (/^[A-Z]{3}$/.test(text) ? text : null), 'https://www.iso.org/iso-4217-currency-codes.html');
textScalar('Decimal', 'An exact decimal number as text, such as `1500.00`.', 'digits with at most one point', (text) => (/^-?\d{1,15}(\.\d{1,6})?$/.test(text) ? text : null));
textScalar('AreaCode', 'A Kemendagri area code: province `35`, regency `35.07`, district `35.07.10` or village `35.07.10.2001`.', 'a Kemendagri code such as 35.07', (text) =>
  /^\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?$/.test(text) ? text : null);
