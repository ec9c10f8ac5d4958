import { identifierScope } from '../../access/scopes.ts';
import type { Case, Stay } from '../../domain/case.ts';
import type { Coverage } from '../../domain/coverage.ts';
import type { HealthMembership } from '../../domain/health.ts';
import type { IdentifierKind } from '../../domain/identifier.ts';
import type { PersonClaim, Sex } from '../../domain/person.ts';
import type { Placement } from '../../domain/placement.ts';
import type { AgencyRecord, Facet } from '../../domain/record.ts';
import { latestFirst } from '../../domain/time.ts';
import type { WorkerRecord } from '../../records/answer.ts';
import { type GraphContext, holdsScope, mayRead } from '../context.ts';
import { noteFacts } from '../holding.ts';
import { encodeId } from '../ids.ts';
import type { ShownProvenance } from '../provenance.ts';
import type { WorkerIdentifier } from './identifier.ts';
import { type Origin, originOf } from './origin.ts';
import { type Source, sourceOf } from './source.ts';

const nobody: PersonClaim = { name: null, alias: null, sex: null, dateOfBirth: null, placeOfBirth: null, motherName: null, phone: null, area: null, identifiers: [], raw: [] };

type Facts<T> = readonly T[] | null;

function latest<T>(facts: Facts<T>, when: (fact: T) => string | null): Facts<T> {
  return facts && latestFirst(facts, when);
}

/**
 * A worker as the caller of one request may see her. Her fields are properties, since a resolver for each of twelve fields costs more than all else that is
 * done for her. Each decides for itself whether the caller may read it, and does so when it is read: what is not selected is neither worked out nor noted as
 * read. Graphql-jit reads a property several times over, so that what takes work is kept.
 */
export class ShownWorker {
  readonly record: WorkerRecord;
  readonly #context: GraphContext;
  #id: string | undefined;
  #person: PersonClaim | undefined;
  #origin: Origin | null | undefined;
  #identitySource: ShownProvenance | null | undefined;
  #identifiers: WorkerIdentifier[] | undefined;
  #placements: Facts<Placement> | undefined;
  #coverages: Facts<Coverage> | undefined;
  #health: Facts<HealthMembership> | undefined;
  #cases: Facts<Case> | undefined;
  #stays: Facts<Stay> | undefined;
  #sources: readonly Source[] | undefined;

  constructor(record: WorkerRecord, context: GraphContext) {
    this.record = record;
    this.#context = context;
    noteFacts(context, record);
  }

  get id(): string {
    return (this.#id ??= encodeId('Worker', this.record.id));
  }
  get name(): string | null {
    return this.#who.name;
  }
  get nik(): string | null {
    return this.#who.identifiers.find(({ kind }) => kind === 'NIK')?.value ?? null;
  }
  get sex(): Sex | 'UNKNOWN' {
    return this.#who.sex ?? 'UNKNOWN';
  }
  get dateOfBirth(): string | null {
    return this.#who.dateOfBirth;
  }
  get placeOfBirth(): string | null {
    return this.#who.placeOfBirth;
  }
  get origin(): Origin | null {
    return (this.#origin ??= originOf(this.#who.area));
  }
  get identitySource(): ShownProvenance | null {
    return (this.#identitySource ??= mayRead(this.#context, 'IDENTITY') ? this.#findSource() : null);
  }
  get phone(): string | null {
    return holdsScope(this.#context, 'contact:read') ? (this.record.identity()?.record.person.phone ?? null) : null;
  }
  get identifiers(): readonly WorkerIdentifier[] | null {
    return mayRead(this.#context, 'IDENTITY') ? (this.#identifiers ??= this.#findIdentifiers()) : null;
  }
  get placements(): Facts<Placement> {
    return (this.#placements ??= latest(this.facts('PLACEMENT', (record) => record.placements), ({ registeredOn }) => registeredOn));
  }
  get socialSecurity(): Facts<Coverage> {
    return (this.#coverages ??= this.facts('SOCIAL_SECURITY', (record) => record.coverages));
  }
  get healthInsurance(): Facts<HealthMembership> {
    return (this.#health ??= this.facts('HEALTH_INSURANCE', (record) => record.healthMemberships));
  }
  get cases(): Facts<Case> {
    return (this.#cases ??= latest(this.facts('CASE', (record) => record.cases), ({ openedOn }) => openedOn));
  }
  get stays(): Facts<Stay> {
    return (this.#stays ??= latest(this.facts('STAY', (record) => record.stays), ({ reportedOn }) => reportedOn));
  }
  get sources(): readonly Source[] {
    return (this.#sources ??= this.record.answers.map(sourceOf));
  }

  /** Facts of a facet for those who may read it, in the order of the agencies. */
  facts<T extends object>(facet: Facet, pick: (record: AgencyRecord) => readonly T[]): Facts<T> {
    return mayRead(this.#context, facet) ? this.record.facts<T>(facet, pick) : null;
  }

  /** What the record says that speaks for who she is. */
  get #who(): PersonClaim {
    return (this.#person ??= (mayRead(this.#context, 'IDENTITY') ? this.record.identity()?.record.person : null) ?? nobody);
  }


  /** Whether the caller may read numbers of the kind. */
  #mayUse(kind: IdentifierKind): boolean {
    const scope = identifierScope[kind];
    return scope === null || this.#context.caller.scopes.has(scope);
  }

  /** Where the record that speaks for her comes from, without its number where that is one that the caller may not read (a card, say). */
  #findSource(): ShownProvenance | null {
    const source = this.record.identity();
    if (!source) return null;
    const own = source.record.person.identifiers.find(({ value }) => value === source.provenance.recordId);
    return own && !this.#mayUse(own.kind) ? { ...source.provenance, recordId: null } : source.provenance;
  }

  /** Numbers of a class that the caller may not read are left out without a word: that there is one would tell. */
  #findIdentifiers(): WorkerIdentifier[] {
    const found = new Map<string, WorkerIdentifier & { agencies: string[] }>();
    for (const record of this.record.known.records.values()) {
      for (const { kind, value } of record.identifiers) {
        if (!this.#mayUse(kind)) continue;
        const entry = found.get(`${kind}:${value}`) ?? { kind, value, agencies: [] };
        if (!entry.agencies.includes(record.agency)) entry.agencies.push(record.agency);
        found.set(`${kind}:${value}`, entry);
      }
    }
    return [...found.values()];
  }
}
