import type { AttributeSpec, LinkRecord, Schema } from './attributes.ts';
import type { Comparator } from './compare/comparator.ts';
import { dateComparator } from './compare/date.ts';
import { identifierComparator, nikComparator, passportComparator, phoneComparator } from './compare/identifier.ts';
import { nameComparator } from './compare/name.ts';
import { areaComparator, categoryComparator, numberComparator, sexComparator, textComparator } from './compare/value.ts';
import { normaliseName } from './normalise/name.ts';
import { normaliseNik } from './normalise/nik.ts';

/** An attribute with its comparator. */
export interface Attribute {
  readonly spec: AttributeSpec;
  readonly comparator: Comparator<unknown>;
  /** Index of the attribute that encodes this one; -1 for none. */
  readonly encodedIn: number;
}

/** A record with its values normalised; the raw ones stay in `record`. */
export interface Prepared {
  readonly record: LinkRecord;
  /** One per attribute; null where the record says nothing. */
  readonly cells: readonly unknown[];
  /** Bit i set: cell i was read out of the identifier that encodes it, for want of a value of its own. */
  readonly derived: number;
}

/** Level of an attribute that one of the two records lacks. */
export const MISSING = 255;

function comparatorOf(spec: AttributeSpec): Comparator<unknown> {
  switch (spec.form) {
    case 'nik': return nikComparator();
    case 'passport': return passportComparator();
    case 'area': return areaComparator();
    case 'sex': return sexComparator();
    case undefined: break;
  }
  switch (spec.kind) {
    case 'identifier': return identifierComparator();
    case 'name': return nameComparator();
    case 'text': return textComparator();
    case 'date': return dateComparator();
    case 'category': return categoryComparator();
    case 'phone': return phoneComparator();
    case 'number': return numberComparator();
  }
}

/** What a NIK says of an attribute that it encodes, as if written by hand. */
function readFromNik(spec: AttributeSpec, niks: readonly string[]): string | null {
  for (const raw of niks) {
    const nik = normaliseNik(raw);
    if (nik === null) continue;
    if (spec.form === 'area') return nik.district.length === 6 ? nik.district : null;
    if (spec.form === 'sex') return nik.sex;
    if (spec.kind === 'date' && nik.birth) {
      const { year, month, day } = nik.birth;
      return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
    }
  }
  return null;
}

/** Prepares and compares records by one schema. Holds nothing but caches of word closeness. */
export class Comparison {
  readonly attributes: readonly Attribute[];
  readonly schema: Schema;

  constructor(schema: Schema) {
    if (schema.length > 30) throw new Error(`at most 30 attributes can be compared; the schema has ${schema.length}`);
    this.schema = schema;
    const indexOf = (name: string | undefined) => (name === undefined ? -1 : schema.findIndex((other) => other.name === name));
    this.attributes = schema.map((spec) => ({ spec, comparator: comparatorOf(spec), encodedIn: indexOf(spec.encodedIn) }));
  }

  prepare(record: LinkRecord): Prepared {
    const { values } = record;
    const extra = new Map<string, string>();
    for (const { name, patronymicTo } of this.schema) {
      const raw = values[name];
      if (patronymicTo === undefined || raw === undefined) continue;
      const patronymic = normaliseName(raw.join(' '))?.patronymic ?? [];
      if (patronymic.length > 0) extra.set(patronymicTo, patronymic.join(' '));
    }
    let derived = 0;
    const cells = this.attributes.map(({ spec, comparator, encodedIn }, index) => {
      const own = values[spec.name];
      const added = extra.get(spec.name);
      const written = own !== undefined ? own : added !== undefined ? [added] : [];
      const cell = written.length > 0 ? comparator.prepare(written) : null;
      if (cell !== null || encodedIn < 0) return cell;
      const read = readFromNik(spec, values[this.schema[encodedIn]!.name] ?? []);
      if (read === null) return null;
      derived |= 1 << index;
      return comparator.prepare([read]);
    });
    return { record, cells, derived };
  }

  /** Levels of all attributes, written to `out` from `offset`; {@link MISSING} where either record says nothing. */
  compare(a: Prepared, b: Prepared, out: Uint8Array, offset = 0): void {
    for (let i = 0; i < this.attributes.length; i++) {
      const x = a.cells[i];
      const y = b.cells[i];
      const attribute = this.attributes[i]!;
      if (x === null || x === undefined || y === null || y === undefined) {
        out[offset + i] = MISSING;
        continue;
      }
      // What was read out of a NIK is compared with the NIK itself, not twice.
      const twice = attribute.encodedIn >= 0 && ((a.derived | b.derived) >> i) & 1 && a.cells[attribute.encodedIn] !== null && b.cells[attribute.encodedIn] !== null;
      out[offset + i] = twice ? MISSING : attribute.comparator.compare(x, y);
    }
  }
}
