import { readAll, textsOf } from '../../../src/agencies/claims.ts';
import { createBook } from '../../../src/agencies/mocking/book.ts';
import { shake } from '../../../src/agencies/mocking/faults.ts';
import { jsonOf } from '../../../src/agencies/mocking/json.ts';
import { startMockServer } from '../../../src/agencies/mocking/server.ts';
import type { MockReply, MockRequest, MockServer } from '../../../src/agencies/mocking/server.ts';
import type { World, WorldPerson } from '../../../src/agencies/world/world.ts';
import { identifierKey } from '../../../src/domain/identifier.ts';
import type { AgencyRecord } from '../../../src/domain/record.ts';
import { batchLimit, request } from './contract.ts';
import type { Holder } from './contract.ts';
import { agency, toRecord } from './map.ts';

export function startToyMock(options: { readonly world: World; readonly key: string; readonly port: number; readonly now?: () => Date }): Promise<MockServer> {
  const book = createBook({ world: withRegister(options.world), agency });

  function lookUp(asked: MockRequest): MockReply {
    const { numbers } = request.parse(jsonOf(asked));
    if (numbers.length > batchLimit) return { status: 400, body: {} };
    const found = book.findAny([...readAll('PASSPORT', numbers.flat()), ...readAll('NIK', numbers.flat())]);
    return { body: { holders: shake(found, asked.faults, book, asked.random).map(toHolder) } };
  }

  const guarded = (handle: (asked: MockRequest) => MockReply) => (asked: MockRequest) => (asked.headers['x-key'] === options.key ? handle(asked) : { status: 401, body: {} });
  return startMockServer({
    agency, book, port: options.port,
    ...(options.now && { now: options.now }),
    routes: [
      { operation: 'lookUp', method: 'POST', path: '/holders', handle: guarded(lookUp) },
      { operation: 'ping', method: 'GET', path: '/status', handle: guarded(() => ({ body: { up: true } })) },
    ],
  });
}

function toHolder(record: AgencyRecord): Holder {
  const { person } = record;
  return { no: record.recordId, nik: textsOf(person, 'NIK')[0] ?? null, passports: textsOf(person, 'PASSPORT'), name: person.name, born: person.dateOfBirth };
}

/** The world knows nothing of this agency: its register is made of what is true of everybody who has a passport. */
export function withRegister(world: World): World {
  const owners = new Map<string, number[]>();
  const withRecord = (person: WorldPerson): WorldPerson => {
    const { truth, index, records } = person;
    if (truth.passports.length === 0 || records.some((record) => record.agency === agency)) return person;
    return { ...person, records: [...records, toRecord({ no: `IMI-${index}`, nik: truth.nik, passports: [...truth.passports], name: truth.name, born: truth.dateOfBirth })] };
  };
  for (let index = 0; index < world.size; index++) {
    for (const own of withRecord(world.person(index)).records.find((record) => record.agency === agency)?.person.identifiers ?? []) {
      owners.set(identifierKey(own), [...(owners.get(identifierKey(own)) ?? []), index]);
    }
  }
  return {
    ...world,
    person: (index) => withRecord(world.person(index)),
    find: (name, identifier) => (name === agency ? (owners.get(identifierKey(identifier)) ?? []) : world.find(name, identifier)),
  };
}
