import type { AttributeValue } from '@opentelemetry/api';

/** No run of digits or form of a passport, alone or within more, that could be somebody's number. */
const impersonal = (text: string): boolean => !/\d{6,}|[A-Z]\d{4,}|^[A-Za-z]{1,2}\d{4,}$/.test(text);
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const word = (value: AttributeValue) => typeof value === 'string' && /^[A-Za-z_][A-Za-z0-9_]{0,39}$/.test(value) && impersonal(value);
const count = (value: AttributeValue) => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 100_000;

/**
 * The one list of what leaves with a span: attributes by name, each with the form of its values. What is not on it, or not of its form, is left out,
 * whoever set it. None can hold what a caller or an agency wrote.
 */
export const spanAttributes: Readonly<Record<string, (value: AttributeValue) => boolean>> = {
  'http.request.method': word,
  'http.route': (value) => typeof value === 'string' && /^[a-z/]{1,40}$/.test(value),
  'http.response.status_code': count,
  'graphql.operation.type': word,
  'db.system.name': word,
  'db.operation.name': word,
  'error.type': word,
  'payung.request.id': (value) => typeof value === 'string' && /^[A-Za-z0-9._-]{1,128}$/.test(value) && (uuid.test(value) || impersonal(value)),
  'payung.document.hash': (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
  'payung.outcome': word,
  'payung.caller.kind': word,
  'payung.agency': word,
  'payung.agency.operation': word,
  'payung.agency.attempts': count,
};

/** A NIK by its form, district and date of birth included: hexadecimal ids can hold one. By chance, one random id in some three thousand looks so. */
const nik = /(?=[1-9]\d{5}(?:0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])(?:0[1-9]|1[0-2])\d{6})/;

/** Whether a caller's ids of trace and span may be taken over. */
export function mayFollow({ traceId, spanId }: { readonly traceId: string; readonly spanId: string }): boolean {
  return !nik.test(traceId) && !nik.test(spanId);
}

/** Only the attributes of the list, with values of their forms. */
export function redacted<T extends AttributeValue | undefined>(attributes: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(attributes).filter(([name, value]) => value !== undefined && Object.hasOwn(spanAttributes, name) && spanAttributes[name]!(value)));
}

/** The name of a span if it is one that the hub gives. */
export function redactedName(name: string): string {
  return /^((GET|POST) [a-z/]{1,40}|query|mutation|subscription|none|postgresql (run|transaction)|[A-Z][A-Z0-9_]{0,39} [A-Za-z]{1,40})$/.test(name) && !/\d{4}/.test(name) ? name : 'span';
}
