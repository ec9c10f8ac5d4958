import type { IncomingHttpHeaders } from 'node:http';
import type { HealthMembership } from '../../domain/health.ts';
import { canonical } from '../../domain/identifier.ts';
import type { IdentifierKind } from '../../domain/identifier.ts';
import type { AgencyRecord } from '../../domain/record.ts';
import { isDay, todayInJakarta } from '../../domain/time.ts';
import type { Day } from '../../domain/time.ts';
import type { MockOptions } from '../definition.ts';
import { createBook } from '../mocking/book.ts';
import { shake } from '../mocking/faults.ts';
import { startMockServer } from '../mocking/server.ts';
import type { MockReply, MockRequest, MockRoute, MockServer } from '../mocking/server.ts';
import { compress, createSeals, wrap } from './cipher.ts';
import type { Seal } from './cipher.ts';
import type { settings } from './index.ts';
import { name } from './map.ts';
import { newborn, toPcare, toPeserta } from './wire.ts';

/** What the PCare variant takes as `X-authorization`: user, password and application code. */
export const pcareLogin = { username: 'payung', password: 'payung-demo', application: '095' } as const;

/** The two services that are mocked differ in their envelope's code, in who may ask and in the form of a record. */
interface Service {
  readonly code: (code: number) => string | number;
  readonly admits: (headers: IncomingHttpHeaders) => boolean;
  readonly write: (record: AgencyRecord, serviceDate: Day, today: Day) => unknown;
}

/** Starts the mock: VClaim's member look-up under `/vclaim-rest`, PCare's under `/pcare-rest`. */
export function startMock(options: MockOptions<typeof settings>): Promise<MockServer> {
  const { CONS_ID: consId, SECRET: secret, USER_KEY: userKey, MOCK_SIGNATURE_WINDOW_S: window } = options.settings;
  const book = createBook({ world: options.world, agency: name });
  const seals = createSeals({ consId, secret });

  /** The seal of a request that is signed as it must be; null for any other. */
  function check(headers: IncomingHttpHeaders, now: Date): Seal | null {
    const timestamp = headers['x-timestamp'];
    const signature = headers['x-signature'];
    if (headers['x-cons-id'] !== consId || headers['user_key'] !== userKey) return null;
    if (typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp) || typeof signature !== 'string') return null;
    if (Math.abs(now.getTime() - Number(timestamp) * 1_000) > window * 1_000) return null;
    const seal = seals(timestamp);
    // Clients send it plain or as part of a URI.
    return signature === seal.signature || signature === encodeURIComponent(seal.signature) ? seal : null;
  }

  function find(kind: 'NIK' | 'JKN_CARD', number: string, request: MockRequest): AgencyRecord | null {
    const identifier = readNumber(kind, number);
    if (identifier === null) return null;
    if (kind === 'NIK' && identifier.value === newborn.nik) return newborn.record(todayInJakarta(request.now));
    const found = book.find(identifier).slice(0, 1);
    // The protocol knows one member per answer. With strangers switched on, she is one of them.
    return shake(found, request.faults, book, request.random).at(-1) ?? null;
  }

  // Compressing costs more than all the rest of a call, and depends on the record and the days alone.
  const compressed = new WeakMap<AgencyRecord, Map<string, string>>();
  function write(service: Service, prefix: string, record: AgencyRecord, serviceDate: Day, today: Day): string {
    let texts = compressed.get(record);
    if (texts === undefined || texts.size > 8) compressed.set(record, (texts = new Map()));
    const at = `${prefix} ${serviceDate} ${today}`;
    let text = texts.get(at);
    if (text === undefined) texts.set(at, (text = compress(JSON.stringify(service.write(record, serviceDate, today)))));
    return text;
  }

  function route(prefix: string, service: Service, operation: string, path: string, kind: 'NIK' | 'JKN_CARD'): MockRoute {
    const answer = (code: number, message: string, response: string | null): MockReply => ({
      body: { metaData: { code: service.code(code), message }, response },
    });
    return {
      operation,
      method: 'GET',
      path: prefix + path,
      handle(request) {
        const seal = check(request.headers, request.now);
        if (seal === null || !service.admits(request.headers)) return answer(401, 'Unauthorized', null);
        const today = todayInJakarta(request.now);
        const serviceDate = request.params['date'] ?? today;
        const record = isDay(serviceDate) ? find(kind, request.params['number'] ?? '', request) : null;
        // The texts are the mock's own: BPJS's are not published.
        if (record === null) return answer(201, 'Data tidak ditemukan', null);
        return answer(200, 'OK', wrap(write(service, prefix, record, serviceDate, today), seal));
      },
    };
  }

  const login = `Basic ${Buffer.from(Object.values(pcareLogin).join(':')).toString('base64')}`;
  const vclaim: Service = {
    code: String,
    admits: () => true,
    write: (record, serviceDate, today) => ({ peserta: toPeserta(record, statusOn(record, serviceDate), today) }),
  };
  const pcare: Service = {
    code: (code) => code,
    admits: (headers) => headers['x-authorization'] === login,
    write: (record, serviceDate) => toPcare(record, statusOn(record, serviceDate)),
  };
  return startMockServer({
    agency: name,
    book,
    port: options.port,
    seed: options.world.seed,
    ...(options.now === undefined ? {} : { now: options.now }),
    routes: [
      route('/vclaim-rest', vclaim, 'lookUp', '/Peserta/nik/:number/tglSEP/:date', 'NIK'),
      route('/vclaim-rest', vclaim, 'lookUp', '/Peserta/nokartu/:number/tglSEP/:date', 'JKN_CARD'),
      route('/pcare-rest', pcare, 'pcareLookUp', '/peserta/nik/:number', 'NIK'),
      route('/pcare-rest', pcare, 'pcareLookUp', '/peserta/noka/:number', 'JKN_CARD'),
    ],
  });
}

/** Numbers must be written as they are: the agency takes no blanks or dots. */
function readNumber(kind: IdentifierKind, text: string) {
  const identifier = canonical(kind, text);
  return identifier?.value === text ? identifier : null;
}

/**
 * The membership as it stands on the service date. A record may hold its history, each entry from its own service date on; outside its cover a membership
 * is not active, whatever it is today.
 */
function statusOn(record: AgencyRecord, serviceDate: Day): HealthMembership {
  const newestFirst = record.healthMemberships.toSorted((a, b) => (a.serviceDate < b.serviceDate ? 1 : -1));
  const standing = newestFirst.find((membership) => membership.serviceDate <= serviceDate) ?? newestFirst.at(-1);
  if (standing === undefined) throw new Error('A record of BPJS Kesehatan without a membership cannot be written.');
  const membership = { ...standing, serviceDate };
  const before = membership.start !== null && serviceDate < membership.start;
  const after = membership.end !== null && serviceDate > membership.end;
  if (!membership.active || !(before || after)) return membership;
  return { ...membership, active: false, statusCode: '9', statusText: 'TIDAK AKTIF PADA TANGGAL PELAYANAN', inactiveReason: 'OTHER' };
}
