import type { HealthMembership } from '../domain/health.ts';
import type { Day } from '../domain/time.ts';
import { addDays } from '../domain/time.ts';
import type { Held, ProtectionInput } from './input.ts';

/**
 * The JKN membership as known for the day. BPJS Kesehatan answers for one service date; an answer is taken for another day only up to
 * `healthStatusDays` after it, or where a later answer for the same card bounds it, as in a history. Null where no answer tells.
 */
export function healthOn({ health, options }: Pick<ProtectionInput, 'health' | 'options'>, day: Day): Held<HealthMembership> | null {
  const earlier = health.filter(({ value }) => value.serviceDate <= day).toSorted((a, b) => (a.value.serviceDate < b.value.serviceDate ? 1 : -1));
  // An active card decides, whatever other cards say.
  const told = earlier.filter((held, k) => {
    const newest = earlier.findIndex((other) => other.value.card === held.value.card) === k;
    if (!newest) return false;
    return addDays(held.value.serviceDate, options.healthStatusDays) >= day || health.some(({ value }) => value.card === held.value.card && value.serviceDate > day);
  });
  return told.find(({ value }) => value.active) ?? told[0] ?? null;
}
