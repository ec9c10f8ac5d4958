import type { Programme } from '../domain/coverage.ts';
import type { EventReach, EventSubject } from '../domain/event.ts';
import type { AgencyRecord, Facet } from '../domain/record.ts';
import { addDays, type Day } from '../domain/time.ts';
import { caseReach, placementReach } from '../events/compare.ts';
import { assess, type Assessed } from '../protection/assess.ts';
import { coveredSpans, coveringOn, mandatory } from '../protection/cover/held.ts';
import { type Evidence, type ProtectionInput, protectionInput, type ProtectionOptions } from '../protection/input.ts';
import { indexFacts } from './facts.ts';

/** A gap as a rule finds it, with what lists and statistics ask for. */
export interface FoundGap {
  readonly rule: string;
  /** Tells apart several gaps of one rule: the case it is about; empty where there is one. */
  readonly about: string;
  readonly severity: string;
  readonly since: Day | null;
  readonly until: Day | null;
  readonly actor: string;
  readonly programmes: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly placementAgency: string | null;
  readonly placementRecord: string | null;
  readonly placementNumber: string | null;
  readonly country: string | null;
  readonly p3mi: string | null;
  readonly mission: string | null;
  readonly reach: EventReach;
}

/** A cover that ends soon. */
export interface EndingCover {
  /** Programme, phase and last day: one cover is told of once. */
  readonly cover: string;
  readonly subject: EventSubject;
  readonly reach: EventReach;
}

/** What the records of one worker show on a day. */
export interface Found {
  readonly gaps: readonly FoundGap[];
  /** Rules that cannot tell now: an open gap of theirs is neither confirmed nor over. */
  readonly unknown: ReadonlySet<string>;
  readonly ending: readonly EndingCover[];
}

export interface FindOptions {
  readonly asOf: Day;
  /** Facets whose agencies' feeds have been read. */
  readonly known: ReadonlySet<Facet>;
  readonly thresholds: ProtectionOptions;
  /** Within how many days an end of cover is near. */
  readonly coverEndingDays: number;
}

/** Assesses a worker by her stored records. */
export function findGaps(records: readonly AgencyRecord[], { asOf, known, thresholds, coverEndingDays }: FindOptions): Found {
  if (records.length === 0) return { gaps: [], unknown: new Set(), ending: [] };
  const input = protectionInput(indexFacts(records, asOf, known), thresholds);
  const gaps = new Map<string, FoundGap>();
  const unknown = new Set<string>();
  for (const finding of assess(input)) {
    if (finding.status === 'UNKNOWN') unknown.add(finding.rule.id);
    if (finding.status !== 'GAP') continue;
    const gap = gapOf(finding, input);
    const key = `${gap.rule} ${gap.about}`;
    if (!gaps.has(key)) gaps.set(key, gap);
  }
  return { gaps: [...gaps.values()], unknown, ending: endingCovers(input, coverEndingDays) };
}

function gapOf({ rule, since, until, programmes, evidence }: Assessed, input: ProtectionInput): FoundGap {
  const of = (facet: Facet) => evidence.find((one) => one.facet === facet);
  const [file, named] = [of('CASE'), of('PLACEMENT')];
  const concerned = (named && input.placements.find(({ value, source }) => value.number === named.fact && source.recordId === named.source.recordId)) ?? input.situation.placement;
  const about = file && input.cases.find(({ value, source }) => value.number === file.fact && source.recordId === file.source.recordId);
  const place = concerned && placementReach(concerned.value);
  return {
    rule: rule.id,
    about: file ? `${file.source.agency} ${file.source.recordId} ${file.fact}` : '',
    severity: rule.severity,
    since,
    until,
    actor: rule.actor,
    programmes: [...programmes],
    evidence,
    placementAgency: concerned?.source.agency ?? null,
    placementRecord: concerned?.source.recordId ?? null,
    placementNumber: concerned?.value.number ?? null,
    country: concerned?.value.place.country ?? null,
    p3mi: place?.p3mi ?? null,
    mission: place?.mission ?? null,
    reach: {
      facets: rule.needs,
      ...(place && (named || rule.needs.includes('PLACEMENT')) && { placement: place }),
      ...(about && { case: caseReach(about.value) }),
    },
  };
}

/** Mandatory cover that holds today, ends within the days, and is owed for longer: she is abroad or about to go. */
function endingCovers(input: ProtectionInput, days: number): EndingCover[] {
  const { asOf, situation: { phase, placement }, unknown } = input;
  if (!placement || (phase !== 'BEFORE' && phase !== 'DURING') || unknown.has('SOCIAL_SECURITY')) return [];
  return mandatory.flatMap((programme: Programme) => {
    const span = coveredSpans(input, programme).find(({ start, end }) => start <= asOf && asOf <= end);
    if (!span || span.end > addDays(asOf, days)) return [];
    const last = coveringOn(input, programme, asOf).toSorted((a, b) => ((a.value.window.end ?? '9999') < (b.value.window.end ?? '9999') ? 1 : -1))[0]!;
    const { agency, recordId } = last.source;
    return [{
      cover: `${programme} ${last.value.phase} ${span.end}`,
      subject: { facet: 'SOCIAL_SECURITY' as const, agency, recordId, fact: `${programme} ${last.value.phase}` },
      reach: { facets: ['SOCIAL_SECURITY', 'PLACEMENT'] as const, placement: placementReach(placement.value) },
    }];
  });
}
