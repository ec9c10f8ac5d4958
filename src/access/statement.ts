import { allPurposes, isPurpose, type Purpose } from './purposes.ts';
import type { Grant } from './scopes.ts';

/** What a request says it reads for. */
export interface Statement {
  readonly purpose: Purpose | null;
  /** The caller's own reference to the case it works on. */
  readonly caseReference: string | null;
  /** Why no identified person may be read under it, for people; null when one may. */
  readonly fault: string | null;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const referenceForm = /^[A-Za-z0-9][A-Za-z0-9 ./_-]{2,63}$/;
/** A NIK, a card or a passport: the reference goes into the audit log, where no person's number belongs. */
const personal = /\d{10}|^[A-Za-z]{1,2}\d{6,7}$/;

/** Reads `x-purpose` and `x-case-reference`. Messages name the header and what it takes, never what was sent. */
export function readStatement(headers: Headers, { purposes }: Pick<Grant, 'purposes'>): Statement {
  const text = headers['x-purpose'];
  const purpose = typeof text === 'string' && isPurpose(text.trim()) ? (text.trim() as Purpose) : null;
  const given = headers['x-case-reference'];
  const reference = typeof given === 'string' && given.trim() !== '' ? given.trim() : null;
  const validReference = reference === null || (referenceForm.test(reference) && !personal.test(reference));
  const allowed = allPurposes.filter((name) => purposes === null || purposes.has(name)).join(', ');
  const fault =
    purpose === null || (purposes !== null && !purposes.has(purpose))
      ? `A read of an identified person says what it is for: send the header x-purpose with one of ${allowed}.`
      : validReference
        ? null
        : 'The header x-case-reference takes 3 to 64 letters, digits, spaces, dots, slashes, hyphens or underscores, and no number of a person.';
  return { purpose: fault === null ? purpose : null, caseReference: fault === null ? reference : null, fault };
}
