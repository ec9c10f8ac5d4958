import { allHands, hands, manner, strikes } from './mismatches.ts';
import type { Hand } from './mismatches.ts';
import type { Makers } from './lives.ts';
import { sinceSplit } from './origins.ts';
import { borrowerOfFriend, borrowersOf } from './papers.ts';
import { beforeSlip, mistypeNik } from './spelling.ts';
import { placeholderNik } from './writer.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { AgencyName } from '../../domain/record.ts';

/**
 * From an identifier back to the people who may carry it. Numbers lead to their owner by the inverse of the permutation that made them; a wrong
 * number leads there through what could have made it wrong. What is found are candidates: the caller compares their records.
 */

/** A placeholder is on many records, and an agency answers with some of them: so many people at most. */
export const placeholderLimit = 20;

const handsOf: Readonly<Record<AgencyName, readonly Hand[]>> = {
  BP2MI: [hands.BP2MI, hands.BP2MI_AGAIN], BPJS_KETENAGAKERJAAN: [hands.SOCIAL, hands.SOCIAL_LATER], BPJS_KESEHATAN: [hands.HEALTH], PERWAKILAN: [hands.MISSION, hands.MISSION_LATER],
};

/** The person and everyone who uses her papers. */
function withBorrowers(makers: Makers, index: number): number[] {
  return [index, ...borrowersOf(makers.seed, index)];
}

/** Owner of a NIK as it was given out, also under a province code from before a split. */
function ownersOf(makers: Makers, nik: string): number[] {
  return sinceSplit(nik).flatMap((written) => {
    const read = makers.niks.read(written);
    if (!read) return [];
    if (read.owner === 'friend') return [borrowerOfFriend(read.index)];
    return withBorrowers(makers, read.owner === 'twin' ? read.index ^ 1 : read.index);
  });
}

function byNik(makers: Makers, nik: string): number[] {
  const found = ownersOf(makers, nik);
  for (const original of beforeSlip(nik)) {
    for (const written of sinceSplit(original)) {
      const read = makers.niks.read(written);
      if (!read || read.owner === 'friend') continue;
      const index = read.owner === 'twin' ? read.index ^ 1 : read.index;
      const slipped = (hand: Hand) => strikes(makers.seed, index, 'NIK_TYPO', hand) && mistypeNik(original, manner(makers.seed, index, 'NIK_TYPO', hand)) === nik;
      if (allHands.some(slipped)) found.push(index);
    }
  }
  return found;
}

/** People whose NIK the agency may have as a placeholder, lowest first; the caller stops when it has enough. */
export function* withPlaceholder(makers: Makers, agency: AgencyName, size: number): Generator<number> {
  const writers = handsOf[agency] ?? [];
  for (let index = 0; index < size; index++) if (writers.some((hand) => strikes(makers.seed, index, 'NIK_PLACEHOLDER', hand))) yield index;
}

/** Candidates for an identifier, each once, in no order; some may lie outside the world. */
export function candidates(makers: Makers, { kind, value }: Identifier): ReadonlySet<number> {
  if (kind === 'NIK') return new Set(byNik(makers, value));
  const owner = makers.numbers.read(kind, value);
  if (owner === null) return new Set();
  return new Set(kind === 'PASSPORT' ? [...withBorrowers(makers, owner), borrowerOfFriend(owner)] : [owner]);
}

export function isPlaceholderNik({ kind, value }: Identifier): boolean {
  return kind === 'NIK' && value === placeholderNik;
}
