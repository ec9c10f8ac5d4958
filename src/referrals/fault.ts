import { Refused } from '../store/database.ts';

export const referralFaults = ['NOT_FOUND', 'FROM', 'TO', 'BENEFIT', 'NOTE', 'ANSWER', 'IDEMPOTENCY_KEY', 'KEY_REUSED', 'ALREADY_OPEN', 'CONFLICT'] as const;
export type ReferralFaultCode = (typeof referralFaults)[number];

/** Why something cannot be done with a referral: the caller's to mend. Messages hold nothing of what was written. */
export class ReferralFault extends Refused {
  override readonly name = 'ReferralFault';
  readonly code: ReferralFaultCode;
  /** The input field that it is about. */
  readonly field: string;
  constructor(code: ReferralFaultCode, field: string, message: string) {
    super(message);
    this.code = code;
    this.field = field;
  }
}
