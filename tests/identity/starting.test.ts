import { describe, expect, it } from 'vitest';
import { personSchema } from '../../src/identity/attributes.ts';
import { installStartingModel, readStartingModel } from '../../src/identity/starting/install.ts';
import { makeStartingModel } from '../../src/identity/starting/make.ts';
import { link } from '../../src/identity/link.ts';
import { recordOf } from '../../src/identity/record.ts';
import { scoreResult } from '../../src/identity/evaluate.ts';
import { createWorld } from '../../src/agencies/world/world.ts';
import { putInForce } from '../../src/identity/hub/model.ts';
import { linkModel } from '../../src/store/linkTables.ts';
import { at, emptyIndex } from './hub/world.ts';

describe('the starting model', () => {
  it('is what the linker learns today: after a change of linker or world, run npm run starting-model', async () => {
    expect(await readStartingModel()).toEqual(JSON.parse(JSON.stringify(makeStartingModel())));
  }, 120_000);

  it('links people that it was not learned from', async () => {
    const { model } = await readStartingModel();
    const world = createWorld({ seed: 31, size: 600, today: '2026-11-22' });
    const people = Array.from({ length: 600 }, (_, i) => world.person(i).records.map((record) => ({ person: String(i), record: recordOf(record) }))).flat();
    const scores = scoreResult(link(people.map(({ record }) => record), personSchema, { model }), (id) => people.find(({ record }) => record.id === id)!.person);
    expect(scores.precision).toBeGreaterThan(0.99);
    expect(scores.recallWithReview).toBeGreaterThan(0.98);
  });

  it('holds no name and no number in the clear', async () => {
    const text = JSON.stringify(await readStartingModel());
    const world = createWorld({ seed: 7_701, size: 3_000, today: '2026-11-22' });
    for (let i = 0; i < 300; i++) {
      const { nik, name, phone } = world.person(i).truth;
      for (const value of [nik, name, phone]) expect(text).not.toContain(value);
      for (const word of name.split(' ').filter((one) => one.length > 4)) expect(text).not.toContain(word);
    }
  });

  it('comes into force where none has ever been, and only there', async () => {
    await using index = await emptyIndex();
    expect(await installStartingModel(index.database, at)).toBe(true);
    expect(await installStartingModel(index.database, at)).toBe(false);
    const own = await readStartingModel();
    await index.database.transaction((q) => putInForce(q, { ...own, model: { ...own.model, version: 'own' } }, 5, at));
    expect(await installStartingModel(index.database, at)).toBe(false);
    const rows = await index.database.run((q) => q.select({ version: linkModel.version, inForce: linkModel.inForce }).from(linkModel));
    expect(rows).toEqual(expect.arrayContaining([{ version: 'own', inForce: true }, { version: own.model.version, inForce: false }]));
  });
});
