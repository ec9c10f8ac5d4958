import type { InputRef } from '@pothos/core';
import { comparatorsOf } from '../../index/lists/compare.ts';
import type { EnumName, Field, FieldKind } from '../../index/fields.ts';
import type { Where } from '../../index/lists/where.ts';
import { CategoryEnum, KindEnum, StatusEnum, StayKindEnum } from '../case/case.ts';
import { builder } from '../builder.ts';
import { CoverageStatusEnum, PaymentStatusEnum, PhaseEnum, ProgrammeEnum } from '../coverage/coverage.ts';
import { InactiveReasonEnum, SegmentEnum } from '../health/health.ts';
import { EmployerKindEnum, ProcedureEnum, SchemeEnum, SectorEnum, StageEnum } from '../placement/placement.ts';
import { ActorEnum, SeverityEnum } from '../protection/finding.ts';
import { SexEnum } from '../worker/worker.ts';

/** The schema's enums by name. */
export const enums: Readonly<Record<EnumName, InputRef<string>>> = {
  Sex: SexEnum,
  Scheme: SchemeEnum,
  Procedure: ProcedureEnum,
  PlacementStage: StageEnum,
  Sector: SectorEnum,
  EmployerKind: EmployerKindEnum,
  Programme: ProgrammeEnum,
  CoveragePhase: PhaseEnum,
  CoverageStatus: CoverageStatusEnum,
  PaymentStatus: PaymentStatusEnum,
  CaseCategory: CategoryEnum,
  CaseKind: KindEnum,
  CaseStatus: StatusEnum,
  InactiveReason: InactiveReasonEnum,
  HealthSegment: SegmentEnum,
  StayKind: StayKindEnum,
  Severity: SeverityEnum,
  ProtectionActor: ActorEnum,
};

type Scalar = 'Date' | 'Int' | 'Decimal' | 'Boolean' | 'String' | 'CountryCode' | 'CurrencyCode' | 'AreaCode';
/** Name of the filter, its values' type, and what it compares. */
const kinds: Readonly<Record<Exclude<FieldKind, 'enum' | 'set'>, readonly [name: string, type: Scalar, what: string]>> = {
  date: ['Date', 'Date', 'days'],
  integer: ['Int', 'Int', 'whole numbers'],
  decimal: ['Decimal', 'Decimal', 'exact numbers'],
  boolean: ['Boolean', 'Boolean', 'yes and no'],
  text: ['Text', 'String', 'texts'],
  country: ['Country', 'CountryCode', 'countries'],
  currency: ['Currency', 'CurrencyCode', 'currencies'],
  area: ['Area', 'AreaCode', 'areas of Indonesia'],
};

const says: Readonly<Record<string, string>> = {
  eq: 'Is this.',
  ne: 'Is not this, or has no value.',
  in: 'Is one of these, at most 100; none of an empty list.',
  notIn: 'Is none of these, at most 100, or has no value.',
  lt: 'Is less, or earlier.',
  lte: 'Is this, less, or earlier.',
  gt: 'Is more, or later.',
  gte: 'Is this, more, or later.',
  between: 'Lies between these, both ends included.',
  isNull: 'True: has no value. False: has one.',
  has: 'Is one of them.',
  contains: 'Contains this text, large or small letters; `%` and `_` are plain characters.',
  startsWith: 'Starts with this text, large or small letters; `%` and `_` are plain characters.',
};

const made = new Map<string, InputRef<Where>>();

function filterType(name: string, kind: FieldKind, type: Scalar | InputRef<string>, what: string): InputRef<Where> {
  const known = made.get(name);
  if (known) return known;
  const range =
    kind === 'enum' || !comparatorsOf[kind].includes('between')
      ? null
      : builder.inputRef<Where>(`${name}Range`).implement({
          description: `From one end to the other, both included: ${what}.`,
          fields: (t) => ({
            from: t.field({ type: type as 'Date', required: true, description: 'The least, or first.' }),
            to: t.field({ type: type as 'Date', required: true, description: 'The most, or last.' }),
          }),
        });
  const filter = builder.inputRef<Where>(`${name}Filter`).implement({
    description: `Compares ${what}. Several comparators must all hold. What has no value meets only \`ne\`, \`notIn\` and \`isNull: true\`.`,
    fields: (t) =>
      Object.fromEntries(
        comparatorsOf[kind].map((comparator) => {
          const description = kind === 'area' && comparator === 'in' ? 'Is, or lies in, one of these provinces, regencies or districts, at most 100.' : says[comparator]!;
          if (comparator === 'isNull') return [comparator, t.boolean({ description })];
          if (comparator === 'between') return [comparator, t.field({ type: range!, description })];
          // The builder knows scalars by name; which one it is decides nothing here.
          const of = type as 'Date';
          return [comparator, comparator === 'in' || comparator === 'notIn' ? t.field({ type: [of], description }) : t.field({ type: of, description })];
        }),
      ),
  });
  made.set(name, filter);
  return filter;
}

/** The input by which a field is filtered; one for each kind of value, and for each enum. */
export function filterFor({ kind, values }: Field): InputRef<Where> {
  if (kind === 'enum') return filterType(values!, kind, enums[values!], `values of \`${values}\``);
  if (kind === 'set') return filterType(`${values!}Set`, kind, enums[values!], `sets of values of \`${values}\``);
  const [name, type, what] = kinds[kind];
  return filterType(name, kind, type, what);
}
