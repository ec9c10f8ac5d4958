import { z } from 'zod';
import type { AttributeSpec, Schema } from '../attributes.ts';
import { kinds, personSchema } from '../attributes.ts';
import { FileProblem } from './problem.ts';

const columns = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);
const attribute = z.union([columns, z.strictObject({ column: columns, kind: z.enum(kinds) })]);
const attributes = z.record(z.string().min(1), attribute);

/** How a file's columns map to attributes; documented in docs/identity.md. */
const linkMap = z.strictObject({
  /** Column of the record id. */
  id: z.string().min(1),
  attributes,
  /** For inputs whose columns have other names: by file name, what differs. `null` says that the file lacks the attribute. */
  files: z.record(z.string(), z.strictObject({ id: z.string().min(1).optional(), attributes: z.record(z.string().min(1), columns.nullable()).optional() })).default({}),
  /** With several inputs: no file has anyone twice, so pairs inside one file are not compared and no cluster has two records of one. Default false. */
  linkOnly: z.boolean().default(false),
  /** Writes ids as `file:id`, for inputs that use the same ids for different records. Default false. */
  prefixIds: z.boolean().default(false),
  thresholds: z.strictObject({ link: z.number().min(0.5).max(1), review: z.number().min(0).max(1) }).optional(),
});
export type LinkMap = z.infer<typeof linkMap>;

const own = new Map(personSchema.map((spec) => [spec.name, spec]));

export function parseMap(text: string): LinkMap {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new FileProblem(`the map is not JSON: ${(error as Error).message}`);
  }
  const parsed = linkMap.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new FileProblem(`the map is not right at \`${issue!.path.join('.') || 'its top level'}\`: ${issue!.message}. It looks like {"id": "rec_id", "attributes": {"name": ["first", "last"], "dateOfBirth": "dob", "suburb": {"column": "suburb", "kind": "text"}}}`);
  }
  const map = parsed.data;
  if (Object.keys(map.attributes).length === 0) throw new FileProblem('the map names no attribute: there is nothing to compare');
  for (const [name, value] of Object.entries(map.attributes)) {
    if (typeof value === 'object' && !Array.isArray(value)) continue;
    if (!own.has(name)) {
      throw new FileProblem(`\`${name}\` is none of the linker's own attributes (${[...own.keys()].join(', ')}): say what it is, as {"column": "...", "kind": "..."} with one of the kinds ${kinds.join(', ')}`);
    }
  }
  if (map.thresholds && map.thresholds.review > map.thresholds.link) throw new FileProblem('the map\'s `thresholds.review` is above `thresholds.link`');
  return map;
}

/** The attributes that the map names, the linker's own in their own order. */
export function schemaOf(map: LinkMap): Schema {
  const declared = Object.entries(map.attributes).flatMap(([name, value]): AttributeSpec[] =>
    typeof value === 'object' && !Array.isArray(value) ? [{ name, kind: value.kind }] : []);
  const names = new Set(declared.map(({ name }) => name));
  const known = personSchema.filter(({ name }) => map.attributes[name] !== undefined && !names.has(name));
  const all = [...known, ...declared];
  return all.map(({ encodedIn, patronymicTo, ...spec }) => ({
    ...spec,
    ...(all.some(({ name }) => name === encodedIn) ? { encodedIn: encodedIn! } : {}),
    ...(all.some(({ name }) => name === patronymicTo) ? { patronymicTo: patronymicTo! } : {}),
  }));
}

/** Where one file has its values. */
export interface Layout {
  readonly id: number;
  readonly attributes: readonly { readonly name: string; readonly columns: readonly number[] }[];
}

/** Finds the map's columns in a file's header. */
export function layoutOf(map: LinkMap, file: string, header: readonly string[]): Layout {
  const special = map.files[file];
  const indexOf = (column: string, use: string): number => {
    const index = header.indexOf(column);
    if (index < 0) {
      throw new FileProblem(`${file} has no column \`${column}\`, which the map names for ${use}. Its columns are: ${header.join(', ')}. Mend the map, or say what differs in this file under "files"`);
    }
    if (header.indexOf(column, index + 1) >= 0) throw new FileProblem(`${file} has two columns \`${column}\`; rename one`);
    return index;
  };
  const attributes = Object.entries(map.attributes).flatMap(([name, value]) => {
    const override = special?.attributes?.[name];
    if (override === null) return [];
    const chosen = override ?? (typeof value === 'object' && !Array.isArray(value) ? value.column : value);
    return [{ name, columns: [chosen].flat().map((column) => indexOf(column, `\`${name}\``)) }];
  });
  return { id: indexOf(special?.id ?? map.id, 'the record id'), attributes };
}
