import type { Identifier } from '../../domain/identifier.ts';
import type { Placement } from '../../domain/placement.ts';
import type { AgencyRecord } from '../../domain/record.ts';
import type { Change } from '../agency.ts';
import { readAll, textsOf } from '../claims.ts';
import type { Credentials } from '../credentials.ts';
import { shows } from '../credentials.ts';
import { toJakarta } from '../dates.ts';
import { createBook } from '../mocking/book.ts';
import { shake } from '../mocking/faults.ts';
import { jsonOf } from '../mocking/json.ts';
import { startMockServer } from '../mocking/server.ts';
import type { MockReply, MockRequest, MockServer } from '../mocking/server.ts';
import type { World } from '../world/world.ts';
import { batchLimit, cariRequest, codes, employerWords, procedureWords, schemeWords, sectorWords, sexWords, stageWords } from './contract.ts';
import type { Orang, Penempatan, Perubahan, Pmi } from './contract.ts';
import { agency } from './map.ts';

export interface Bp2miMockOptions extends Credentials {
  readonly world: World;
  readonly port: number;
  /** Records on one page of a look-up. Default 250. */
  readonly pageSize?: number;
  readonly now?: () => Date;
}

const mostChanges = 1_000;

export function startBp2miMock(options: Bp2miMockOptions): Promise<MockServer> {
  const book = createBook({ world: options.world, agency });
  const pageSize = options.pageSize ?? 250;

  /** Answers in no order that means anything, but always in the same one, so that pages fit together. */
  function found(people: readonly Orang[]): AgencyRecord[] {
    const records = book.findAny(people.flatMap(identifiersOf)).map((record) => ({ record, place: scramble(record.recordId) }));
    return records.toSorted((a, b) => a.place - b.place).map(({ record }) => record);
  }

  function lookUp(request: MockRequest): MockReply {
    const asked = cariRequest.safeParse(jsonOf(request));
    if (!asked.success) return refuse(codes.malformed, 'Permintaan tidak sesuai format');
    if (asked.data.permintaan.length > batchLimit) return refuse(codes.tooMany, `Maksimal ${batchLimit} orang per permintaan`);
    const start = asked.data.halaman === null ? 0 : readPage(asked.data.halaman);
    const records = found(asked.data.permintaan);
    if (start === null || start > records.length) return refuse(codes.badCursor, 'Penunjuk halaman tidak dikenal');
    const end = start + pageSize;
    const data = shake(records.slice(start, end), request.faults, book, request.random).map(toPmi);
    return answer({ data, halamanBerikut: end < records.length ? writePage(end) : null });
  }

  function changes(request: MockRequest): MockReply {
    const size = Number(request.query.get('jumlah') ?? '100');
    if (!Number.isInteger(size) || size < 1 || size > mostChanges) return refuse(codes.malformed, `jumlah harus 1 sampai ${mostChanges}`);
    const page = book.page(request.query.get('kursor'), size);
    if (page === null) return refuse(codes.badCursor, 'Kursor tidak dikenal');
    return answer({ data: page.changes.map(toPerubahan), kursor: page.cursor, masihAda: page.more });
  }

  const guarded = (handle: (request: MockRequest) => MockReply) => (request: MockRequest) =>
    shows(request.headers, options) ? handle(request) : refuse(codes.refused, 'user_key atau kredensial tidak dikenal');

  return startMockServer({
    agency,
    book,
    port: options.port,
    ...(options.now && { now: options.now }),
    quotaReply: () => refuse(codes.quota, 'Kuota akses hari ini telah habis'),
    routes: [
      { operation: 'lookUp', method: 'POST', path: '/api/v1/pmi/cari', handle: guarded(lookUp) },
      { operation: 'changes', method: 'GET', path: '/api/v1/pmi/perubahan', handle: guarded(changes) },
      { operation: 'ping', method: 'GET', path: '/api/v1/status', handle: guarded(() => answer({})) },
    ],
  });
}

function answer(rest: object): MockReply {
  return { body: { kode: codes.ok, pesan: 'Berhasil', ...rest } };
}

function refuse(kode: string, pesan: string): MockReply {
  return { body: { kode, pesan } };
}

function identifiersOf(orang: Orang): Identifier[] {
  return [...readAll('PMI_ID', orang.idPmi), ...readAll('NIK', orang.nik), ...readAll('PASSPORT', orang.paspor)];
}

function scramble(recordId: string): number {
  let hash = 0x811c9dc5;
  for (let place = 0; place < recordId.length; place++) hash = Math.imul(hash ^ recordId.charCodeAt(place), 0x01000193);
  return hash >>> 0;
}

function writePage(offset: number): string {
  return Buffer.from(`h${offset}`).toString('base64url');
}

function readPage(cursor: string): number | null {
  const offset = /^h(\d{1,6})$/.exec(Buffer.from(cursor, 'base64url').toString());
  return offset === null ? null : Number(offset[1]);
}

function toPerubahan(change: Change): Perubahan {
  return change.kind === 'delete' ? { jenis: 'HAPUS', idPmi: change.recordId } : { jenis: 'UBAH', pmi: toPmi(change.record) };
}

/** The inverse of map.ts. */
export function toPmi(record: AgencyRecord): Pmi {
  const { person } = record;
  return {
    idPmi: record.recordId,
    nik: textsOf(person, 'NIK')[0] ?? null,
    nama: person.name,
    namaLain: person.alias,
    jenisKelamin: person.sex === null ? null : sexWords.toWire[person.sex],
    tempatLahir: person.placeOfBirth,
    tanggalLahir: person.dateOfBirth,
    namaIbuKandung: person.motherName,
    nomorTelepon: person.phone,
    kodeWilayah: person.area,
    nomorKtkln: textsOf(person, 'KTKLN')[0] ?? null,
    nomorKpj: textsOf(person, 'KPJ'),
    nomorKartuJkn: textsOf(person, 'JKN_CARD')[0] ?? null,
    paspor: textsOf(person, 'PASSPORT'),
    penempatan: record.placements.map(toPenempatan),
    diperbaruiPada: record.asOf === null ? null : withOffset(record.asOf),
  };
}

function withOffset(instant: string): string {
  const { day, time } = toJakarta(instant);
  return `${day}T${time}+07:00`;
}

function toPenempatan(placement: Placement): Penempatan {
  const { contract } = placement;
  return {
    nomorPenempatan: placement.number,
    skema: schemeWords.toWire[placement.scheme],
    prosedur: procedureWords.toWire[placement.procedure],
    tahap: stageWords.toWire[placement.stage],
    negara: placement.place.country,
    wilayahNegara: placement.place.region,
    distrik: placement.place.district,
    perwakilan: placement.mission,
    p3mi: placement.p3mi === null ? null : { kode: placement.p3mi.id, nama: placement.p3mi.name },
    pemberiKerja: placement.employer === null ? null : { nama: placement.employer.name, jenis: employerWords.toWire[placement.employer.kind] },
    sektor: sectorWords.toWire[placement.sector],
    jabatan: placement.job,
    kontrak: {
      mulai: contract.start,
      selesai: contract.end,
      bulan: contract.months,
      upah: contract.wage === null ? null : { jumlah: contract.wage.amount, mataUang: contract.wage.currency },
      tanggalTandaTangan: contract.signedOn,
    },
    tanggalDaftar: placement.registeredOn,
    tanggalBerangkat: placement.departedOn,
    tanggalTiba: placement.arrivedOn,
    tanggalPulang: placement.returnedOn,
    paspor: placement.passport,
    pasporBerlakuSampai: placement.passportValidUntil,
    sistemSatuKanal: placement.oneChannelSystem,
    perpanjanganDari: placement.renews,
  };
}
