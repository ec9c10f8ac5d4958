import { describeArea } from '../../areas/areas.ts';
import { missionByCode } from '../../domain/missions.ts';
import type { DimensionType, Label } from '../../index/dimension.ts';
import { rules } from '../../protection/rules/index.ts';

const yesNo: readonly Label[] = [{ id: 'tidak', en: 'no' }, { id: 'ya', en: 'yes' }];
const none: Label = { id: 'tidak diketahui', en: 'not known' };
// Made when first asked for: it takes a tenth of a second.
let names: { readonly id: Intl.DisplayNames; readonly en: Intl.DisplayNames } | undefined;
const countryNames = () => (names ??= { id: new Intl.DisplayNames(['id'], { type: 'region' }), en: new Intl.DisplayNames(['en'], { type: 'region' }) });

const titleOf = new Map<string, Label>(rules.map(({ id, title }) => [id, title]));
const same = (text: string): Label => ({ id: text, en: text });

function areaName(code: string): string {
  const area = describeArea(code);
  return (area?.district ?? area?.regency ?? area?.province)?.name ?? code;
}

/** How a value of a dimension is called. Enums keep their words: the schema describes them. */
export function labelOf(type: DimensionType, value: string | number | boolean | null): Label {
  if (value === null) return none;
  if (typeof value === 'boolean') return yesNo[Number(value)]!;
  if (typeof value === 'number') return same(String(value));
  if (type.kind === 'band') return type.labels[type.values.indexOf(value)] ?? same(value);
  if (type.kind !== 'code') return same(value.replaceAll('+', ' + '));
  if (type.scalar === 'AreaCode') return same(areaName(value));
  if (type.scalar === 'CountryCode') return { id: countryNames().id.of(value) ?? value, en: countryNames().en.of(value) ?? value };
  if (type.dictionary === 'gap.rule') return titleOf.get(value) ?? same(value);
  const mission = type.dictionary === 'mission' ? missionByCode(value) : null;
  return same(mission ? `${mission.kind} ${mission.city}` : value);
}
