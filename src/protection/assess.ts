import type { Facet } from '../domain/record.ts';
import type { ProtectionInput } from './input.ts';
import { type Finding, type Rule, unknown } from './rule.ts';
import { rules } from './rules/index.ts';

/** A finding with the rule that made it. */
export interface Assessed extends Finding {
  readonly rule: Rule;
}

/** What each facet is, for people. */
const facetWords: Record<Facet, { id: string; en: string }> = {
  IDENTITY: { id: 'data diri', en: 'identity' },
  PLACEMENT: { id: 'penempatan', en: 'placements' },
  SOCIAL_SECURITY: { id: 'jaminan sosial ketenagakerjaan', en: 'social security cover' },
  HEALTH_INSURANCE: { id: 'JKN', en: 'health insurance' },
  CASE: { id: 'perkara', en: 'cases' },
  STAY: { id: 'lapor diri', en: 'reports of stay' },
};

function notKnown(missing: readonly Facet[]): Finding {
  return unknown([], { id: `Tidak diketahui: ${missing.map((facet) => facetWords[facet].id).join(', ')}.`, en: `Not known: ${missing.map((facet) => facetWords[facet].en).join(', ')}.` });
}

/** What every rule finds. A rule without the facets that it needs is `UNKNOWN`; one that does not concern the worker is not in the list. */
export function assess(input: ProtectionInput, only: readonly Rule[] = rules): Assessed[] {
  return only.flatMap((rule) => {
    const missing = rule.needs.filter((facet) => input.unknown.has(facet));
    const findings = missing.length > 0 ? [notKnown(missing)] : rule.assess(input);
    return findings.map((finding) => ({ rule, ...finding }));
  });
}

/** The gaps alone, the gravest first. */
export function gapsOf(findings: readonly Assessed[]): Assessed[] {
  const order = { CRITICAL: 0, WARNING: 1, INFO: 2 } as const;
  return findings.filter(({ status }) => status === 'GAP').toSorted((a, b) => order[a.rule.severity] - order[b.rule.severity]);
}
