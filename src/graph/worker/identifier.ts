import type { IdentifierKind } from '../../domain/identifier.ts';
import type { AgencyName } from '../../domain/record.ts';
import { AgencyNameEnum } from '../agency/name.ts';
import { builder } from '../builder.ts';
import { describedEnum } from '../enums.ts';

export const IdentifierKindEnum = describedEnum<IdentifierKind>('IdentifierKind', 'Kind of a number by which a person is known.', {
  NIK: 'Population number (nomor induk kependudukan).',
  PASSPORT: 'Passport or travel document (SPLP).',
  PMI_ID: 'ID PMI, given by BP2MI.',
  KPJ: 'BPJS Ketenagakerjaan membership number (nomor kartu peserta).',
  JKN_CARD: 'BPJS Kesehatan card number.',
  KTKLN: 'The old worker’s card number.',
  CASE_NUMBER: 'A mission’s case number.',
  LAPOR_DIRI: 'A mission’s number of a report of stay.',
});

/** A number and the agencies on whose records it stands. */
export interface WorkerIdentifier {
  readonly kind: IdentifierKind;
  readonly value: string;
  readonly agencies: readonly AgencyName[];
}

export const WorkerIdentifierType = builder.objectRef<WorkerIdentifier>('WorkerIdentifier').implement({
  description: 'A number by which a worker is known, as the linked records carry it. Numbers that differ between agencies are all shown.',
  fields: (t) => ({
    kind: t.expose('kind', { type: IdentifierKindEnum, nullable: false, description: 'Kind of number.' }),
    value: t.exposeString('value', { nullable: false, description: 'The number.' }),
    agencies: t.expose('agencies', { type: [AgencyNameEnum], nullable: false, description: 'Agencies on whose records it stands.' }),
  }),
});
