/** Legal bases of UU 27/2022 art. 20. */
export const legalBases = ['CONSENT', 'CONTRACT', 'LEGAL_DUTY', 'VITAL_INTEREST', 'PUBLIC_TASK', 'LEGITIMATE_INTEREST'] as const;
export type LegalBasis = (typeof legalBases)[number];

/**
 * What a read of an identified person may be for. The list, and which basis of UU 27/2022 art. 20 each rests on, are the hub's own proposal: whoever
 * runs the hub confirms them in the impact assessment.
 */
export const purposes = {
  SERVICE: { basis: 'PUBLIC_TASK', meaning: 'Serving a worker, or her family, at a counter or a mission’s desk.' },
  PROTECTION: { basis: 'PUBLIC_TASK', meaning: 'Handling a protection case; give its number as `x-case-reference`.' },
  EMERGENCY: { basis: 'VITAL_INTEREST', meaning: 'Saving life or health.' },
  PLACEMENT: { basis: 'PUBLIC_TASK', meaning: 'Checking registration and papers before, during or after placement.' },
  SOCIAL_SECURITY: { basis: 'PUBLIC_TASK', meaning: 'Membership, contributions and claims.' },
  COVER_CHECK: { basis: 'CONTRACT', meaning: 'A placement company or insurer checks the cover of its own people.' },
  DATA_QUALITY: { basis: 'LEGAL_DUTY', meaning: 'Keeping records accurate: reviewing links, correcting errors.' },
  SUBJECT_REQUEST: { basis: 'LEGAL_DUTY', meaning: 'Answering a worker who asks what is held about her and who looked.' },
  OVERSIGHT: { basis: 'LEGAL_DUTY', meaning: 'Checking how the hub itself was used.' },
} as const satisfies Record<string, { readonly basis: LegalBasis; readonly meaning: string }>;
export type Purpose = keyof typeof purposes;
export const allPurposes = Object.keys(purposes) as readonly Purpose[];

export function isPurpose(text: string): text is Purpose {
  return Object.hasOwn(purposes, text);
}
