import { referralScopes } from '../../access/scopes.ts';
import { isParty, maySeeCase } from '../../access/sight.ts';
import type { Case } from '../../domain/case.ts';
import type { Referral } from '../../domain/referral.ts';
import type { WorkerRecord } from '../../records/answer.ts';
import { caseFact } from '../case/case.ts';
import { type GraphContext, holdsScope, mayRead } from '../context.ts';
import { holdingOf, noteFacts } from '../holding.ts';

/** A referral with the worker whom it is about, as the caller of one request may see her. */
export class ShownReferral {
  readonly referral: Referral;
  readonly worker: WorkerRecord;

  constructor(referral: Referral, worker: WorkerRecord) {
    this.referral = referral;
    this.worker = worker;
  }
}

/** Whether the caller may see referrals of any side; if not, what it lacks is told with the answer. */
export function maySeeReferrals(context: GraphContext): boolean {
  const held = referralScopes.filter((scope) => context.caller.scopes.has(scope));
  return (held.length > 0 ? held : referralScopes).map((scope) => holdsScope(context, scope)).some((holds) => holds);
}

/** Those of the referrals that the caller may see, in their order; null for each of the others. */
export async function shownReferrals(referrals: readonly Referral[], context: GraphContext): Promise<(ShownReferral | null)[]> {
  const open = referrals.map((one) => isParty(context.caller, one) && maySeeCase(context.caller, one));
  const workers = await Promise.all(referrals.map(async ({ owner }, i) => (open[i] ? (await context.indexed.read([owner]))[0]! : null)));
  return referrals.map((one, i) => {
    const worker = workers[i];
    if (worker) return new ShownReferral(one, worker);
    // As where a number leads to somebody whose data may not be processed: that is told to those who may see everything.
    if (open[i] && context.restrictions.workers.has(one.owner)) {
      context.trail.sawWorkers([one.owner]);
      context.metRestriction = true;
    }
    return null;
  });
}

/** The case of a referral on the worker's records, where the caller may read it. */
export function caseOf({ referral, worker }: ShownReferral, context: GraphContext): Case | null {
  if (!mayRead(context, 'CASE')) return null;
  noteFacts(context, worker);
  const { agency, recordId, caseNumber } = referral;
  const cases = worker.facts('CASE', caseFact.pick) ?? [];
  return cases.find((one) => one.number === caseNumber && holdingOf(context, one).provenance.agency === agency && holdingOf(context, one).provenance.recordId === recordId) ?? null;
}
