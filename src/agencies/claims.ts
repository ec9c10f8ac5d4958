import type { IdentifierKind, Identifier } from '../domain/identifier.ts';
import { canonical } from '../domain/identifier.ts';
import type { PersonClaim } from '../domain/person.ts';

type Numbers = Pick<PersonClaim, 'identifiers' | 'raw'>;

/**
 * The numbers of a wire record sorted out: canonical ones, each once, and as written those that are not of their kind's form.
 * An empty text is no number.
 */
export function sortOut(written: readonly (readonly [kind: IdentifierKind, text: string | null | undefined])[]): Numbers {
  const identifiers: Identifier[] = [];
  const raw: { kind: IdentifierKind; text: string }[] = [];
  for (const [kind, text] of written) {
    if (text === null || text === undefined || text.trim() === '') continue;
    const identifier = canonical(kind, text);
    if (identifier === null) raw.push({ kind, text });
    else if (!identifiers.some((known) => known.kind === kind && known.value === identifier.value)) identifiers.push(identifier);
  }
  return { identifiers, raw };
}

/** All numbers of one kind as an agency would write them: the canonical ones first, then the damaged ones. */
export function textsOf(person: Numbers, kind: IdentifierKind): string[] {
  return [
    ...person.identifiers.filter((id) => id.kind === kind).map((id) => id.value),
    ...person.raw.filter((id) => id.kind === kind).map((id) => id.text),
  ];
}

/** The numbers of one kind that a mock is asked for; what is not of the kind's form finds nobody. */
export function readAll(kind: IdentifierKind, texts: readonly string[] = []): Identifier[] {
  return texts.map((text) => canonical(kind, text)).filter((identifier) => identifier !== null);
}
