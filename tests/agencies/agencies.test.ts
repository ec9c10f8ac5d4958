import { agencies } from '../../src/agencies/index.ts';
import { recordsOf, someRecords } from './arbitrary.ts';
import { agencyContract } from './contract.ts';
import { fakeWorld } from './fakeWorld.ts';

for (const definition of agencies) {
  if (definition.name in recordsOf) agencyContract({ definition, world: fakeWorld(someRecords(definition.name, 250)) });
}
