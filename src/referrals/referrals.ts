import { createHash } from 'node:crypto';
import { and, eq, isNull, ne, type SQL } from 'drizzle-orm';
import type { Case } from '../domain/case.ts';
import type { EventKind, NewEvent } from '../domain/event.ts';
import type { AgencyName } from '../domain/record.ts';
import type { Referral, ReferralOutcome, ReferralState, ReferralStep } from '../domain/referral.ts';
import { writeEvents } from '../events/outbox.ts';
import type { Database, Queries } from '../store/database.ts';
import { referral, referralStep } from '../store/referralTables.ts';
import { ReferralFault } from './fault.ts';
import { countReferrals, readReferrals, withId } from './read.ts';
import { newReference } from './reference.ts';

/** A case to be handed over. */
export interface NewReferral {
  readonly workerId: string;
  /** The record on which the case stands. */
  readonly agency: AgencyName;
  readonly recordId: string;
  readonly file: Pick<Case, 'number' | 'mission' | 'category'>;
  readonly from: AgencyName;
  readonly to: AgencyName;
  readonly benefit: string | null;
  readonly note: string | null;
  readonly idempotencyKey: string;
}

/** Who does something, and when. */
export interface Act {
  /** Kind and public id of the caller. */
  readonly by: string;
  readonly at: Date;
}

/**
 * Cases handed from one agency to another. Each step is one transaction: the row's state, the step in the history, and the event that tells of it. What was told
 * as done is told to those concerned, what was not is not; whatever is asked for again is done once.
 */
export interface Referrals {
  /** Hands a case over. The same request again, by its idempotency key, gives the same referral. */
  refer(wanted: NewReferral, act: Act): Promise<Referral>;
  /** Takes a case up that was sent. */
  accept(at: Referral, act: Act): Promise<Referral>;
  /** Answers a case that was accepted. */
  answer(at: Referral, answer: { readonly outcome: ReferralOutcome; readonly text: string }, act: Act): Promise<Referral>;
  read(where: SQL | undefined, limit?: number): Promise<Referral[]>;
  count(where: SQL | undefined): Promise<number>;
}

const eventOf: Record<ReferralState, EventKind> = { SENT: 'REFERRAL_SENT', ACCEPTED: 'REFERRAL_ACCEPTED', ANSWERED: 'REFERRAL_ANSWERED' };

function told(of: Referral, state: ReferralState, occurredAt: Date): NewEvent {
  const { owner, workerId, id, agency, recordId, caseNumber, mission, category, from, to } = of;
  return {
    kind: eventOf[state],
    workerId: owner,
    subject: { facet: 'CASE', agency, recordId, fact: caseNumber },
    rule: null,
    ref: `${workerId}.${id}`,
    reach: { facets: [], case: { mission, category }, referral: { from, to } },
    occurredAt,
  };
}

/** References that are tried before it is given up: that one is taken happens once in ten million where there are a hundred thousand. */
const mostTries = 5;

export function createReferrals(database: Pick<Database, 'run' | 'transaction'>): Referrals {
  const one = async (q: Queries, where: SQL | undefined): Promise<Referral | null> => (await readReferrals(q, { where, limit: 1 }))[0] ?? null;

  async function write(q: Queries, at: Pick<Referral, 'workerId' | 'id'>, step: ReferralStep): Promise<Referral> {
    await q.insert(referralStep).values({ workerId: at.workerId, referralId: at.id, ...step });
    const now = (await one(q, withId(at)))!;
    await writeEvents(q, [told(now, step.state, step.at)], step.at);
    return now;
  }

  async function refer(q: Queries, wanted: NewReferral, { by, at }: Act): Promise<Referral | null> {
    const { workerId, agency, recordId, file, from, to, benefit, note } = wanted;
    const idempotencyKey = createHash('sha256').update(wanted.idempotencyKey).digest('base64url');
    const values = {
      workerId, agency, recordId, caseNumber: file.number, mission: file.mission, category: file.category, fromAgency: from, toAgency: to, benefit, state: 'SENT' as const, sentBy: by, idempotencyKey, sentAt: at,
      reference: newReference(),
    };
    // Waits for another instance that is at the same: what it did, if anything, is read below.
    const [made] = await q.insert(referral).values(values).onConflictDoNothing().returning({ workerId: referral.workerId, id: referral.id });
    if (made) return write(q, made, { state: 'SENT', at, by, text: note, outcome: null });
    const before = await one(q, and(eq(referral.sentBy, by), eq(referral.idempotencyKey, idempotencyKey)));
    if (before) {
      const same = before.agency === agency && before.recordId === recordId && before.caseNumber === file.number && before.from === from && before.to === to && before.benefit === benefit && before.steps[0]!.text === note;
      if (!same) throw new ReferralFault('KEY_REUSED', 'idempotencyKey', 'You have used this key for another referral: make a new one for each.');
      return before;
    }
    const [open] = await q.select({ id: referral.id }).from(referral)
      .where(and(eq(referral.agency, agency), eq(referral.recordId, recordId), eq(referral.caseNumber, file.number), eq(referral.toAgency, to), benefit === null ? isNull(referral.benefit) : eq(referral.benefit, benefit), ne(referral.state, 'ANSWERED')))
      .limit(1);
    if (open) throw new ReferralFault('ALREADY_OPEN', 'case', 'The case is with that agency for that benefit already, and not answered.');
    return null;
  }

  /** Takes a step from the state before it; of two who take it at once, one does. Whoever took it and asks again is told what it came to. */
  async function advance(of: Referral, before: ReferralState, step: ReferralStep): Promise<Referral> {
    return database.transaction(async (q) => {
      const moved = await q.update(referral).set({ state: step.state }).where(and(withId(of), eq(referral.state, before))).returning({ id: referral.id });
      if (moved.length > 0) return write(q, of, step);
      const now = (await one(q, withId(of)))!;
      const taken = now.steps.find(({ state }) => state === step.state);
      if (taken && taken.by === step.by && taken.text === step.text && taken.outcome === step.outcome) return now;
      throw new ReferralFault('CONFLICT', 'id', `It is ${now.state} by now, and this is done to one that is ${before}: read it again.`);
    });
  }

  return {
    async refer(wanted, act) {
      for (let tries = 0; tries < mostTries; tries += 1) {
        const made = await database.transaction((q) => refer(q, wanted, act));
        if (made) return made;
      }
      throw new Error('no free reference was found for a referral');
    },
    accept: (of, { by, at }) => advance(of, 'SENT', { state: 'ACCEPTED', at, by, text: null, outcome: null }),
    answer: (of, { outcome, text }, { by, at }) => advance(of, 'ACCEPTED', { state: 'ANSWERED', at, by, text, outcome }),
    read: (where, limit) => database.run((q) => readReferrals(q, { where, ...(limit !== undefined && { limit }) })),
    count: (where) => database.run((q) => countReferrals(q, where)),
  };
}
