import type { AgencyRecord } from '../domain/record.ts';
import type { IdentifierKind } from '../domain/identifier.ts';
import type { LinkRecord } from './attributes.ts';

/** Identifiers of a person, by the linker's attribute; numbers of a file (case, lapor diri) say nothing about who it is of. */
const attributeOf: Partial<Record<IdentifierKind, string>> = {
  NIK: 'nik',
  PASSPORT: 'passport',
  KPJ: 'kpj',
  PMI_ID: 'pmiId',
  JKN_CARD: 'jknCard',
  KTKLN: 'ktkln',
};

/** Id of an agency's record among all agencies' records. */
export function linkIdOf(record: Pick<AgencyRecord, 'agency' | 'recordId'>): string {
  return `${record.agency}:${record.recordId}`;
}

/** An agency's record as the linker compares it: the person block only, values as written, damaged identifiers included. */
export function recordOf(record: Pick<AgencyRecord, 'agency' | 'recordId' | 'person'>): LinkRecord {
  const { person } = record;
  const values: Record<string, string[]> = {};
  const add = (attribute: string | undefined, value: string | null): void => {
    if (attribute === undefined || value === null || value.trim() === '') return;
    (values[attribute] ??= []).push(value);
  };
  for (const identifier of person.identifiers) add(attributeOf[identifier.kind], identifier.value);
  for (const { kind, text } of person.raw) add(attributeOf[kind], text);
  add('name', person.name);
  add('alias', person.alias);
  add('sex', person.sex);
  add('dateOfBirth', person.dateOfBirth);
  add('placeOfBirth', person.placeOfBirth);
  add('motherName', person.motherName);
  add('phone', person.phone);
  add('area', person.area);
  return { id: linkIdOf(record), source: record.agency, values };
}
