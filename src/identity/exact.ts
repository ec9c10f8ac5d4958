import type { PersonClaim } from '../domain/person.ts';
import { identifierKey, isPlaceholder } from '../domain/identifier.ts';

/** A name as a set of words: upper case, letters only. Enough to tell whether two claims contradict each other, not to compare spellings. */
function words(name: string): string {
  return name.toUpperCase().replace(/[^A-Z ]/g, '').split(/ +/).filter(Boolean).toSorted().join(' ');
}

/**
 * Whether two claims agree exactly that they are about one person: they share a personal number that is no placeholder, and neither the
 * date of birth nor, where that is missing, the name says otherwise. A shared number alone is not enough: papers are borrowed and mistyped.
 */
export function agrees(a: PersonClaim, b: PersonClaim): boolean {
  const numbers = new Set(a.identifiers.filter((id) => !isPlaceholder(id)).map(identifierKey));
  if (!b.identifiers.some((id) => numbers.has(identifierKey(id)))) return false;
  const sameName = a.name !== null && b.name !== null && words(a.name) === words(b.name);
  if (a.dateOfBirth !== null && b.dateOfBirth !== null) return a.dateOfBirth === b.dateOfBirth || sameName;
  return a.name === null || b.name === null || sameName;
}
