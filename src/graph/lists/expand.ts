import { CaseType, StayType } from '../case/case.ts';
import { builder, unforeseen } from '../builder.ts';
import { CoverageType } from '../coverage/coverage.ts';
import { HealthMembershipType } from '../health/health.ts';
import { holdingOf } from '../holding.ts';
import { PlacementType } from '../placement/placement.ts';
import { ShownWorker } from '../worker/shown.ts';
import { readShown, WorkerType } from '../worker/worker.ts';

/** The way from a fact to whose it is; from there to the agencies it is one more step, so that nobody asks them unawares. */
for (const type of [PlacementType, CoverageType, HealthMembershipType, CaseType, StayType] as (typeof PlacementType)[]) {
  builder.objectField(type, 'worker', (t) =>
    t.field({
      extensions: { indexed: true },
      type: WorkerType,
      description: 'The worker whom it is about, as last synced: no agency is asked; `live` asks.',
      resolve: async (fact, _args, context) => {
        const [worker] = await context.indexed.read([holdingOf(context, fact).workerId]);
        return worker && new ShownWorker(worker, context);
      },
    }),
  );
}

builder.objectField(WorkerType, 'live', (t) =>
  t.field({
    ...unforeseen,
    type: WorkerType,
    description: 'The same worker as the agencies tell now: for one from a list or a search, which ask none. All of a page are asked for together.',
    resolve: async (worker, _args, context, info) => (await readShown([{ kind: 'ID', value: worker.record.id }], context, info))[0],
  }),
);
