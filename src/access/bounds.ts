import { z } from 'zod';
import type { AreaCode } from '../domain/person.ts';
import type { AgencyName } from '../domain/record.ts';

/**
 * How far a caller's scopes reach. Each bound narrows: a caller with several sees what is inside all of them. Left out: not bounded in that direction.
 * An empty list lets nothing through.
 */
export interface Bounds {
  /** Codes of missions, such as `KJRI_HONG_KONG`: placements in their charge, their cases and reports of stay. */
  readonly missions?: readonly string[];
  /** Kemendagri codes of any level (`35`, `35.07`): workers who come from there, by the word of any agency. */
  readonly areas?: readonly AreaCode[];
  /** Agency's numbers of placement companies: their placements. */
  readonly p3mis?: readonly string[];
  /** Agencies for which the caller acts, where cases are handed over. Narrows nothing else: it does not say whom one may see. */
  readonly agencies?: readonly AgencyName[];
}

/** Bounds that say whom and what one may see. */
const ofSight = ['missions', 'areas', 'p3mis'] as const;
const boundNames = [...ofSight, 'agencies'] as const;

export const unbounded: Bounds = {};

const code = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/);
const list = (item: z.ZodType<string>) => z.array(item).max(200).readonly().optional();
/** What is stored with a key, or comes in a claim. */
export const boundsForm: z.ZodType<Bounds> = z.strictObject({
  missions: list(z.string().regex(/^[A-Z][A-Z0-9_]{2,63}$/)),
  areas: list(z.string().regex(/^\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?$/)),
  p3mis: list(code),
  agencies: list(z.string().regex(/^[A-Z][A-Z0-9_]{1,63}$/)),
});

/** Whether there is somebody, or a fact of somebody, whom the bounds leave out. */
export function isBounded(bounds: Bounds): boolean {
  return ofSight.some((name) => bounds[name] !== undefined);
}

/** Whether the area lies in one of the others, or is one of them. */
export function areaWithin(area: AreaCode, areas: readonly AreaCode[]): boolean {
  return areas.some((bound) => area === bound || area.startsWith(`${bound}.`));
}

/** Whether the inner bounds reach nowhere that the outer ones do not. */
export function boundsWithin(inner: Bounds, outer: Bounds): boolean {
  return boundNames.every((name) => {
    const [mine, theirs] = [inner[name], outer[name]];
    if (theirs === undefined) return true;
    if (mine === undefined) return false;
    return mine.every((value) => (name === 'areas' ? areaWithin(value, theirs) : theirs.includes(value)));
  });
}
