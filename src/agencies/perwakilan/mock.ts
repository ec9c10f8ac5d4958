import { randomUUID } from 'node:crypto';
import type { Case, Stay } from '../../domain/case.ts';
import type { Money } from '../../domain/money.ts';
import type { Place } from '../../domain/placement.ts';
import type { AgencyRecord } from '../../domain/record.ts';
import type { Day, Instant } from '../../domain/time.ts';
import type { Change } from '../agency.ts';
import { readAll, textsOf } from '../claims.ts';
import { basic } from '../credentials.ts';
import { flipDay, toJakarta } from '../dates.ts';
import { createBook } from '../mocking/book.ts';
import type { Book } from '../mocking/book.ts';
import { shake } from '../mocking/faults.ts';
import { jsonOf } from '../mocking/json.ts';
import { startMockServer } from '../mocking/server.ts';
import type { MockReply, MockRequest, MockServer } from '../mocking/server.ts';
import type { World } from '../world/world.ts';
import { batchLimit, cariRequest, caseStatusWords, roleWords, sexWords } from './contract.ts';
import type { Berkas, Kasus, LaporDiri, Lokasi, Orang, Perubahan, Uang } from './contract.ts';
import { agency } from './map.ts';

export interface PerwakilanMockOptions {
  readonly world: World;
  readonly port: number;
  readonly clientId: string;
  readonly clientSecret: string;
  /** How long a token holds, seconds. Default 300. */
  readonly tokenSeconds?: number;
  readonly now?: () => Date;
}

const mostChanges = 1_000;

export function startPerwakilanMock(options: PerwakilanMockOptions): Promise<MockServer> {
  const book = createBook({ world: options.world, agency });
  const life = options.tokenSeconds ?? 300;
  /** Tokens given out, and when each ends. */
  const tokens = new Map<string, number>();

  function giveToken(request: MockRequest): MockReply {
    if (request.headers.authorization !== basic(options.clientId, options.clientSecret)) return refuse(401, 'invalid_client', 'Klien tidak dikenal');
    if (new URLSearchParams(request.body).get('grant_type') !== 'client_credentials') return refuse(400, 'unsupported_grant_type', 'Hanya client_credentials');
    const now = request.now.getTime();
    for (const [token, end] of tokens) if (end <= now) tokens.delete(token);
    const token = randomUUID();
    tokens.set(token, now + life * 1_000);
    return { body: { access_token: token, token_type: 'Bearer', expires_in: life } };
  }

  function lookUp(request: MockRequest): MockReply {
    const asked = cariRequest.safeParse(jsonOf(request));
    if (!asked.success) return refuse(400, 'FORMAT_TIDAK_SESUAI', 'Format permintaan tidak sesuai');
    if (asked.data.wni.length > batchLimit) return refuse(400, 'TERLALU_BANYAK', `Maksimal ${batchLimit} orang per permintaan`);
    const found = new Map(asked.data.wni.flatMap((orang) => cascade(book, orang)).map((record) => [record.recordId, record]));
    return { body: { berkas: shake([...found.values()], request.faults, book, request.random).map(toBerkas) } };
  }

  function changes(request: MockRequest): MockReply {
    const size = Number(request.query.get('jumlah') ?? '100');
    if (!Number.isInteger(size) || size < 1 || size > mostChanges) return refuse(400, 'FORMAT_TIDAK_SESUAI', `jumlah harus 1 sampai ${mostChanges}`);
    const page = book.page(request.query.get('penanda'), size);
    if (page === null) return refuse(410, 'PENANDA_TIDAK_DIKENAL', 'Penanda tidak dikenal');
    return { body: { perubahan: page.changes.map(toPerubahan), penanda: page.cursor, masihAda: page.more } };
  }

  const guarded = (handle: (request: MockRequest) => MockReply) => (request: MockRequest) => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const holds = (tokens.get(token) ?? 0) > request.now.getTime();
    return holds ? handle(request) : refuse(401, 'TOKEN_TIDAK_BERLAKU', 'Token tidak berlaku atau sudah habis masa berlakunya');
  };

  return startMockServer({
    agency,
    book,
    port: options.port,
    ...(options.now && { now: options.now }),
    quotaReply: () => refuse(429, 'KUOTA_HABIS', 'Kuota akses telah habis'),
    routes: [
      { operation: 'token', method: 'POST', path: '/oauth/token', handle: giveToken },
      { operation: 'lookUp', method: 'POST', path: '/api/v1/wni/cari', handle: guarded(lookUp) },
      { operation: 'changes', method: 'GET', path: '/api/v1/berkas/perubahan', handle: guarded(changes) },
      { operation: 'ping', method: 'GET', path: '/api/v1/status', handle: guarded(() => ({ body: { layanan: 'AKTIF' } })) },
    ],
  });
}

function refuse(status: number, kode: string, pesan: string): MockReply {
  return { status, body: { galat: { kode, pesan } } };
}

/** NIK, else passport, else KTKLN, as the portal identifies people; and besides whatever is named by its own number. */
function cascade(book: Book, orang: Orang): AgencyRecord[] {
  const named = book.findAny([...readAll('LAPOR_DIRI', orang.nomorLaporDiri), ...readAll('CASE_NUMBER', orang.nomorKasus)]);
  for (const step of [readAll('NIK', orang.nik), readAll('PASSPORT', orang.paspor), readAll('KTKLN', orang.ktkln)]) {
    const hits = book.findAny(step);
    if (hits.length > 0) return [...hits, ...named];
  }
  return [...named];
}

function toPerubahan(change: Change): Perubahan {
  return change.kind === 'delete' ? { dihapus: true, nomorBerkas: change.recordId } : { dihapus: false, berkas: toBerkas(change.record) };
}

/** The inverse of map.ts. */
export function toBerkas(record: AgencyRecord): Berkas {
  const { person } = record;
  return {
    nomorBerkas: record.recordId,
    identitas: {
      nik: textsOf(person, 'NIK')[0] ?? null,
      paspor: textsOf(person, 'PASSPORT'),
      ktkln: textsOf(person, 'KTKLN')[0] ?? null,
      idPmi: textsOf(person, 'PMI_ID')[0] ?? null,
      namaLengkap: person.name,
      namaLain: person.alias,
      jenisKelamin: person.sex === null ? null : sexWords.toWire[person.sex],
      tempatLahir: person.placeOfBirth,
      tanggalLahir: toTanggal(person.dateOfBirth),
      namaIbu: person.motherName,
      telepon: person.phone,
      kodeWilayahAsal: person.area,
    },
    laporDiri: record.stays.map(toLaporDiri),
    kasus: record.cases.map(toKasus),
    diperbarui: record.asOf === null ? null : toWaktu(record.asOf),
  };
}

function toLaporDiri(stay: Stay): LaporDiri {
  return {
    nomorLaporDiri: stay.number,
    jenis: stay.kind,
    perwakilan: stay.mission,
    lokasi: toLokasi(stay.place),
    tanggalLapor: flipDay(stay.reportedOn),
    tanggalVerifikasi: toTanggal(stay.verifiedOn),
  };
}

function toKasus(file: Case): Kasus {
  return {
    nomorKasus: file.number,
    perwakilan: file.mission,
    kategori: file.category,
    subKategori: file.subcategory,
    jenis: file.kind,
    status: caseStatusWords.toWire[file.status],
    lokasi: file.place === null ? null : toLokasi(file.place),
    tanggalBuka: flipDay(file.openedOn),
    tanggalTutup: toTanggal(file.closedOn),
    tuntutan: toUang(file.claimed),
    dipulihkan: toUang(file.recovered),
    pihak: file.parties.map((party) => ({ peran: roleWords.toWire[party.role], nama: party.name })),
    riwayat: file.events.map((event) => ({ waktu: toWaktu(event.at), status: caseStatusWords.toWire[event.status], keterangan: event.note })),
  };
}

function toLokasi(place: Place): Lokasi {
  return { negara: place.country, wilayah: place.region, distrik: place.district };
}

function toUang(money: Money | null): Uang | null {
  return money === null ? null : { nilai: money.amount, mataUang: money.currency };
}

function toTanggal(day: Day | null): string | null {
  return day === null ? null : flipDay(day);
}

function toWaktu(instant: Instant): string {
  const { day, time } = toJakarta(instant);
  return `${flipDay(day)} ${time}`;
}
