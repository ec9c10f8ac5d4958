import { Refused } from '../store/database.ts';
import { isNetwork } from './addresses.ts';
import { boundsForm } from './bounds.ts';
import type { NewKey } from './keys.ts';
import { isPurpose } from './purposes.ts';
import { isScope } from './scopes.ts';
import { mostOfAnyLimit, type OwnLimits, ownLimitsForm } from './terms.ts';

export const keyFaults = ['NAME', 'SCOPE', 'BOUNDS', 'PURPOSE', 'NETWORK', 'EXPIRY', 'LIMIT', 'OVERLAP', 'NOT_FOUND', 'ENDED', 'ALREADY_ROTATED', 'NOT_HELD'] as const;
export type KeyFaultCode = (typeof keyFaults)[number];

/** Why something cannot be done with a key: the caller's to mend. */
export class KeyFault extends Refused {
  override readonly name = 'KeyFault';
  readonly code: KeyFaultCode;
  /** The input field that it is about. */
  readonly field: string;
  constructor(code: KeyFaultCode, field: string, message: string) {
    super(message);
    this.code = code;
    this.field = field;
  }
}

const day = 86_400_000;
/** A year, leap or not. */
export const longestLifeMs = 366 * day;
export const defaultOverlapMs = day;
export const longestOverlapMs = 30 * day;

export function checkLimits(limits: OwnLimits): void {
  if (!ownLimitsForm.safeParse(limits).success) throw new KeyFault('LIMIT', 'limits', `A limit is a whole number from 1 to ${mostOfAnyLimit}.`);
}

/** Throws the first {@link KeyFault} of a key to be made. */
export function checkNewKey(key: NewKey, now: Date): void {
  if (!/^[^\p{C}]{1,80}$/u.test(key.name) || key.name.trim() === '') throw new KeyFault('NAME', 'name', 'The name has 1 to 80 characters.');
  const scope = key.scopes.find((text) => !isScope(text));
  if (scope !== undefined) throw new KeyFault('SCOPE', 'scopes', 'One of the scopes is none that the hub knows.');
  if (key.bounds && !boundsForm.safeParse(key.bounds).success) throw new KeyFault('BOUNDS', 'bounds', 'Missions are codes such as KJRI_HONG_KONG, areas Kemendagri codes such as 35.07, P3MI their numbers, agencies names such as BPJS_KETENAGAKERJAAN; at most 200 of each.');
  if (key.purposes?.some((text) => !isPurpose(text))) throw new KeyFault('PURPOSE', 'purposes', 'One of the purposes is none that the hub knows.');
  if (key.networks && !(key.networks.length > 0 && key.networks.length <= 100 && key.networks.every(isNetwork))) {
    throw new KeyFault('NETWORK', 'networks', 'Networks are 1 to 100 addresses or CIDR ranges such as 203.0.113.0/24; leave them out for any.');
  }
  if (key.limits) checkLimits(key.limits);
  const life = key.expiresAt.getTime() - now.getTime();
  if (!(life > 0 && life <= longestLifeMs)) throw new KeyFault('EXPIRY', 'expiresAt', 'The expiry is in the future and at most a year ahead.');
}
