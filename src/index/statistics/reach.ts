import type { Grant } from '../../access/scopes.ts';
import { seesEveryCase, seesEveryPlacement, sensitiveCategories } from '../../access/sight.ts';
import { placedNames } from '../catalogue.ts';
import type { Rests } from '../dimension.ts';
import type { Entity } from '../fields.ts';
import { oneOf } from './expression.ts';

/** What SQL about the reach of a caller needs to know of the facts. */
export interface Ground {
  readonly entity: Entity;
  /** SQL that reads the facts of an entity that were known at the moment asked for. */
  source(entity: Entity): string;
  /** Numbers of texts of a dictionary. */
  codes(dictionary: string, texts: Iterable<string>): number[];
}

/** SQL that is true of the facts that the caller's scopes and bounds reach: the same rules as `access/sight.ts`, over facts. */
export function reachSql({ bounds, scopes }: Grant, ground: Ground): string {
  const { entity } = ground;
  const { areas, missions, p3mis } = bounds;
  const parts: string[] = [];
  const ofMissions = missions && oneOf('mission', ground.codes('mission', missions));
  const ofCompanies = p3mis && oneOf('"p3miId"', ground.codes('p3miId', p3mis));
  const plain = (category = 'category') => (scopes.has('case:sensitive') ? null : `not ${oneOf(category, ground.codes('CaseCategory', sensitiveCategories))}`);
  const all = (...conditions: (string | null | undefined)[]) => conditions.filter((one) => typeof one === 'string').join(' and ') || 'true';

  if (entity === 'placement') parts.push(all(ofMissions, ofCompanies));
  if (entity === 'case') parts.push(all(ofMissions, plain()));
  if (entity === 'stay') parts.push(all(ofMissions));
  if (entity === 'gap') {
    const ofCase = missions && `("caseMission" is null or ${oneOf('"caseMission"', ground.codes('mission', missions))})`;
    parts.push(all(`(not "onPlacement" or (${all(ofMissions, ofCompanies)}))`, ofCase, plain('"caseCategory"')));
  }
  const has = (other: Entity, condition: string) => `serial in (select serial from ${ground.source(other)} where ${condition})`;
  if (areas) {
    const ranges = areas.map((area) => [area.replaceAll('.', '').padEnd(10, '0'), area.replaceAll('.', '').padEnd(10, '9')] as const);
    const inside = (column: string) => ranges.map(([low, high]) => `${column} between ${low} and ${high}`).join(' or ') || 'false';
    parts.push(`coalesce(${inside('area1')} or ${inside('area2')} or ("areaMore" is not null and len(list_filter("areaMore", lambda area: ${inside('area')})) > 0), false)`);
  }
  // The worker whom a fact is about must be seen herself: by a placement, or else a case or report, inside the bounds.
  if (p3mis && entity !== 'placement') parts.push(has('placement', all(ofMissions, ofCompanies)));
  else if (missions && !['placement', 'case', 'stay'].includes(entity)) parts.push(`(${has('placement', all(ofMissions))} or ${has('case', all(ofMissions, plain()))} or ${has('stay', all(ofMissions))})`);
  return parts.length === 0 ? 'true' : parts.map((part) => `(${part})`).join(' and ');
}

/** What stands in the place of the facts for a caller to whom some of their values are hidden: of gaps, what they say of a placement outside the bounds. */
export function maskedSql(source: string, { bounds: { missions, p3mis } }: Grant, { entity, codes }: Pick<Ground, 'entity' | 'codes'>): string {
  if (entity !== 'gap' || !(missions || p3mis)) return source;
  const inside = [missions && oneOf('mission', codes('mission', missions)), p3mis && oneOf('"p3miId"', codes('p3miId', p3mis))].filter((one) => typeof one === 'string').join(' and ');
  return `(select * replace (${placedNames.map((name) => `case when ${inside} then "${name}" end as "${name}"`).join(', ')}) from ${source})`;
}

/** Whether the caller may use what is made from all of a worker's facts of a kind: else it would tell of those beyond the reach. */
export function mayRestOn(grant: Grant, rests: Rests): boolean {
  if (rests === 'PLACEMENT') return seesEveryPlacement(grant);
  return rests === 'CASE' ? seesEveryCase(grant) : grant.bounds.missions === undefined;
}
