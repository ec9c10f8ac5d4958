import type { Day } from '../../domain/time.ts';
import type { Dimension, StatisticsEntity } from '../dimension.ts';
import type { Dictionaries } from '../facts/dictionaries.ts';
import { spansHold } from '../facts/spans.ts';

/** What SQL over the facts is made for. */
export interface Scene {
  readonly entity: StatisticsEntity;
  readonly dictionaries: Dictionaries;
  /** The day for which is asked. */
  readonly day: Day;
}

/** The number of a text in a dictionary as SQL, null where it has none. */
export function codeOf({ dictionaries }: Pick<Scene, 'dictionaries'>, dictionary: string, text: string): number | null {
  const place = dictionaries[dictionary]?.indexOf(text) ?? -1;
  return place < 0 ? null : place;
}

/** SQL of a number from 0 on, and of -1 where there is none: `greatest` passes over null, and takes half the time of `coalesce`. */
export function orMinusOne(sql: string): string {
  return `greatest(${sql}, -1)`;
}

/** SQL that is true where a column of codes has one of them. */
export function oneOf(sql: string, codes: readonly number[]): string {
  return codes.length === 0 ? 'false' : `(${orMinusOne(sql)} in (${codes.join(', ')}))`;
}

/**
 * SQL of the catalogue made ready: `$day` is the day asked for, `$within(name)` whether it lies in one of the spans kept under a name, `$is(dimension,TEXT,...)` whether a
 * dimension has one of the texts, `$code(dictionary,TEXT)` the number of a text.
 */
export function ready(sql: string, scene: Scene): string {
  return sql
    .replace(/\$is\((\w+),([\w,]+)\)/g, (_, name: string, texts: string) => oneOf(`"${name}"`, codesOf(dimensionOf(scene.entity, name), scene, (text) => texts.split(',').includes(text))))
    .replace(/\$code\((\w+),(\w+)\)/g, (_, dictionary: string, text: string) => `${codeOf(scene, dictionary, text) ?? 'null'}`)
    .replace(/\$within\((\w+)\)/g, (_, name: string) => spansHold(name, scene.day))
    .replaceAll('$day', `date '${scene.day}'`);
}

export function dimensionOf(entity: StatisticsEntity, name: string): Dimension {
  const found = entity.dimensions.find((dimension) => dimension.name === name);
  if (!found) throw new TypeError(`There is no dimension ${name}.`);
  return found;
}

/** The texts that a dimension can have, by their numbers. */
export function textsOf(dimension: Dimension, { dictionaries }: Pick<Scene, 'dictionaries'>): readonly string[] {
  if ('dictionary' in dimension.type) return dictionaries[dimension.type.dictionary] ?? [];
  return dimension.type.kind === 'band' ? dimension.type.values : [];
}

/** The numbers of the texts of a dimension that pass. */
export function codesOf(dimension: Dimension, scene: Pick<Scene, 'dictionaries'>, pass: (text: string) => boolean): number[] {
  return textsOf(dimension, scene).flatMap((text, code) => (pass(text) ? [code] : []));
}
