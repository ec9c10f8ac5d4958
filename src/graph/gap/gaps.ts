import { facetScope } from '../../access/scopes.ts';
import { mayHearOf } from '../../access/sight.ts';
import { holdsScope } from '../context.ts';
import { listField } from '../lists/lists.ts';
import { GapType, type ShownGap } from './gap.ts';

listField<ShownGap>('gaps', 'gap', {
  type: GapType,
  typename: 'Gap',
  plural: 'gaps',
  example: '`openOn: "2026-11-22", severity: {eq: CRITICAL}` finds those that were open on a day; without `openOn` or `closedOn`, gaps that are over are in it too. A gap needs the scope of each class of fields that it rests on.',
  async nodesOf(rows, context) {
    const [gaps, workers] = await Promise.all([context.gaps.read(rows), context.indexed.read(rows.map(({ workerId }) => workerId))]);
    return gaps.map((gap, i): ShownGap | null => {
      const worker = workers[i] ?? null;
      // It may have changed since the page was read.
      if (!gap || !worker || !mayHearOf(context.caller, gap.reach)) return null;
      // Held, so that the log says what was read.
      for (const facet of gap.reach.facets) holdsScope(context, facetScope[facet]);
      return { gap, worker };
    });
  },
});
