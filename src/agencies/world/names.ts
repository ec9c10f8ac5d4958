import { Draws, weights } from './random.ts';
import type { Weights } from './random.ts';
import type { Sex } from '../../domain/person.ts';

/** Names as they are given in the regions that workers come from. Which name is how frequent is an assumption; no list of real people was used. */

interface Pool {
  readonly female: readonly string[];
  readonly male: readonly string[];
  /** Second names, for either sex where no other list is given. */
  readonly second: readonly string[];
  readonly secondFemale?: readonly string[];
  /** Family or clan names, carried by everyone. */
  readonly clans?: readonly string[];
  /** Share of single names. */
  readonly mononyms: number;
  /** Share of Muslim names: may begin with Siti or Muhammad. */
  readonly muslim: number;
}

const list = (text: string) => text.trim().split(/\s+/);

const javanese: Pool = {
  female: list(`Suratmi Sumiati Sulastri Wahyuni Lestari Rahayu Sri Tutik Endang Yuliana Susanti Puji Retno Ningsih Sumarni Suparmi Kartini Mujiati Sukarti Warsini
    Partini Tumini Ponirah Kasiyem Wagiyem Jumiati Rohmah Nurhayati Khotimah Fitriani Dwi Tri Eka Ratna Dewi Indah Ika Umi Siswati Rukmini Supriyati Mariyati Winarti Yatmi
    Lasmi Painem Sutinah Musrifah Istiqomah Maesaroh Anik Titik Erna Lilis Nanik Suwarni Rusmini Sarinah Tarmi`),
  male: list(`Slamet Suyanto Sutrisno Wahyudi Agus Budi Joko Bambang Eko Dwi Tri Hadi Supriyanto Sugeng Widodo Mulyono Sunarto Suparman Paimin Tukiman Kasno Poniman Sukirno
    Rohmad Ahmad Nur Imam Arif Heru Hari Yanto Teguh Wawan Andi Dedi Rudi Sigit Purnomo Darmaji Suwito Katimin Sarjono Tarno Warsito Basuki`),
  second: list(`Prasetyo Santoso Setiawan Wibowo Nugroho Kurniawan Saputra Hidayat Susilo Utomo Raharjo Wijaya Cahyono Handoko Pranoto Irawan Purwanto Suryanto Hartono Subagyo`),
  secondFemale: list(`Wahyuni Lestari Rahayu Ningsih Susanti Handayani Astuti Wulandari Puspitasari Setyowati Utami Pratiwi Anggraini Hidayati Mulyani Purwati Hartati Kusumawati
    Indrawati Fatmawati Widyawati Sulistyowati Kurniasih Maryam Aisyah`),
  mononyms: 0.2, muslim: 0.9,
};
const sundanese: Pool = {
  female: list(`Neneng Euis Iis Lilis Yayah Enah Cicih Wati Tati Nining Rini Entin Imas Yani Ade Ai Dede Elis Eti Kokom Mimin Rohaeti Sumarni Carinih Castinah Daryati Kusniah Rasiti
    Turinah Warniti Wasniah Tarsinah Kunengsih Junengsih Saeni Casmi Dasinih Karsih Nuraeni Titin Ipah Nyai Ika Rina Siska Yulia Nurlela Suhartini`),
  male: list(`Asep Dadang Ujang Cecep Dede Deden Yayan Iwan Endang Agus Aep Jajang Maman Nana Tatang Wawan Carsa Darsono Kasim Rasta Tarsono Wasdi Sanusi Warno Kadira Dulgani Ade Encep
    Rahmat Hendra Dani Yudi Rudi Suherman Supendi`),
  second: list(`Hidayat Suryana Permana Sutisna Mulyana Gunawan Ramdani Setiawan Kurnia Saepudin Nurjaman Hermawan Sopandi Komara Suhendar Maulana Firmansyah Koswara Sumantri Iskandar`),
  secondFemale: list(`Nurhasanah Komalasari Kurniasih Rohmah Sumiati Suryani Mulyati Rosmiati Kartika Nuraini Rahmawati Hasanah Sopiah Marlina Yuningsih Herawati Solihah Aminah Jubaedah
    Khodijah Sukaesih Fatimah Handayani`),
  mononyms: 0.22, muslim: 0.97,
};
const sasak: Pool = {
  female: list(`Nuraini Hapipah Sahni Rohani Mahyuni Murniati Sahnim Zohriah Rahmawati Saknah Rukiah Jumenah Mariati Hulwati Nursinah Rabiah Salmah Munawarah Hikmah Raehanah Zaenab
    Masnah Halimah Kartini Sumiati Aeni Marhamah Nurul Yuliana Fitriah`),
  male: list(`Sahnan Mahsun Zaenudin Muhsin Jamaludin Saharudin Mustiadi Ahyar Samsul Hamdi Rusdi Supardi Murad Sanusi Khairul Marzuki Sabri Munir Rahman Saepul Hasan Sukri Mahnan Junaedi Aswandi
    Safrudin Zulkifli Idris`),
  second: list(`Hadi Anwar Hakim Rahman Bahri Fahmi Wathani Azhar Ihsan Efendi Irawan Rizal Mansyur Yahya Salim Jalaludin Fauzi Hamzah Abidin Aziz`),
  secondFemale: list(`Hidayati Aini Handayani Hasanah Fitriani Mardiana Wahyuni Laili Apriani Hayati Astuti Janah Azizah Sakdiah Husna Uyun Rahmah Maulida`),
  mononyms: 0.3, muslim: 0.98,
};
const balinese: Pool = {
  female: list('Putu Wayan Luh Made Kadek Komang Nyoman Ketut'),
  male: list('Putu Wayan Gede Made Kadek Komang Nyoman Ketut'),
  second: list('Suardika Wirawan Adnyana Sudiarta Arta Widiana Suarjana Budiasa Mahendra Astawa Artawan Sukarma Darmawan Parwata Yasa Merta Sedana Widnyana'),
  secondFemale: list('Ayu Sri Sari Dewi Suartini Widiastuti Ariani Sukerti Puspadewi Yuliantari Wartini Budiani Sriasih Lestari Parwati Astini Mariani Sumerti'),
  mononyms: 0.01, muslim: 0.05,
};
const bugis: Pool = {
  female: list('Hasnah Rosmini Nurhaeda Hasmawati Darmawati Rahmatia Jumriah Sitti Suriani Nurbaya Mardiana Kasmawati Hartati Marwah Saleha Rostina Hadijah Nurlina Rabiah Irma Ernawati'),
  male: list('Baharuddin Syamsuddin Arifin Ambo Andi Daeng Sudirman Jamaluddin Amiruddin Hasanuddin Rustam Kamaruddin Muslimin Syarifuddin Burhanuddin Nasir Anwar Tahir Iskandar Usman Sultan'),
  second: list('Mappa Tahir Latif Hamid Rauf Salam Makmur Said Kadir Pallawa Mansur Arsyad Palla Majid Hamzah Jafar'),
  secondFemale: list('Amin Tahir Latif Hamid Rauf Salam Makmur Said Kadir Mansur Arsyad Nur Wahab Majid'),
  mononyms: 0.35, muslim: 0.97,
};
const eastern: Pool = {
  female: list('Maria Yuliana Yohana Marselina Adelina Yosefina Veronika Theresia Margareta Petronela Elisabeth Agustina Dorkas Marlince Yuliana Kristina Ester Orance Novita Melania Agnes Fransiska'),
  male: list('Yohanes Petrus Yosef Antonius Markus Paulus Fransiskus Stefanus Martinus Melkianus Simon Daniel Adrianus Benediktus Dominggus Gabriel Yakobus Kornelis Matheus Lukas'),
  second: list('Yanuarius Imanuel Aprianus Kornelis Viktor Bonifasius Alfonsius Frengki'),
  secondFemale: list('Imelda Fransina Selfina Yunita Magdalena Febriana Oktaviana Bernadeta'),
  clans: list('Nenohai Tefa Benu Tnunay Kase Sabneno Leki Manek Bria Seran Taolin Lopo Nubatonis Tanaem Nabuasa Selan Boimau Sanam Missa Babys Lakapu Fallo Tapatab Neonbasu Bere Nahak Asa Lau Rato Bili Dapa Ngongo'),
  mononyms: 0.02, muslim: 0.08,
};
const batak: Pool = {
  female: list('Rosmaida Tiurma Hotmaida Lamria Rotua Dame Nurmala Risma Serlina Lasma Roslina Masria Theresia Melva Sondang Erlina Nursaima Derhana'),
  male: list('Parlindungan Hotman Sahat Tumpal Maruli Poltak Jonggi Binsar Ridwan Mangasi Saut Gomgom Rahmat Irwansyah Erwin Sabar Togar'),
  second: list('Martua Hasiholan Parulian Ramadhan Syahputra Saputra Sahala'), secondFemale: list('Uli Novita Sari Rosdiana Juliana Khairani Yanti'),
  clans: list('Sitorus Simanjuntak Nasution Lubis Harahap Hutabarat Siregar Panjaitan Manurung Sihombing Purba Ginting Tarigan Sembiring Saragih Daulay Rangkuti Pasaribu'),
  mononyms: 0, muslim: 0.5,
};
const general: Pool = {
  female: [...javanese.female.slice(3, 14), ...list('Nurhayati Rosnah Asmah Halimah Yusnita Fitriani Maryam Rahmah Zubaidah Salbiah Nuraini Desi Yanti Fatimah Ernawati Hasnah Jumiati')],
  male: [...javanese.male.slice(3, 12), ...list('Ismail Ibrahim Yusuf Hasan Ridwan Iskandar Zulkifli Abdullah Rahman Syahrul Fauzi Darwis Anwar Effendi Jamal')],
  second: [...javanese.second.slice(0, 12), ...list('Syahputra Ramadhan Efendi Siregar Harahap Usman Yunus Arifin')],
  secondFemale: [...javanese.secondFemale!.slice(0, 14), ...list('Yanti Sari Wati Hasanah Zahara Aminah')],
  mononyms: 0.12, muslim: 0.85,
};

const pools: Readonly<Record<string, Pool>> = {
  '31': general, '32': sundanese, '33': javanese, '34': javanese, '35': javanese, '36': sundanese, '18': javanese, '51': balinese, '52': sasak, '53': eastern, '12': batak,
  '73': bugis, '74': bugis, '65': bugis, '91': eastern, '92': eastern, '93': eastern, '94': eastern, '95': eastern, '96': eastern, '81': eastern,
};

/** Frequent names first: the k-th of a list weighs 1/(k+12). */
const drawn = new Map<readonly string[], Weights<string>>();
function pickName(draws: Draws, names: readonly string[]): string {
  let table = drawn.get(names);
  if (!table) {
    table = weights(names.map((name, k) => [name, 1 / (k + 12)] as const));
    drawn.set(names, table);
  }
  return draws.weighted(table);
}

/** A name as its parts; joined by blanks it is the name on the identity card. */
export interface FullName {
  readonly words: readonly string[];
  readonly title: string | null;
}

const muhammads = ['Muhammad', 'Muhamad', 'Mohammad', 'Moh.', 'Ahmad', 'Abdul'];

/** A name in the manner of the province; `family` is the clan, where the region has clans. */
export function giveName(draws: Draws, province: string, sex: Sex, family: string | null): FullName {
  const pool = pools[province] ?? general;
  const given = pickName(draws, sex === 'FEMALE' ? pool.female : pool.male);
  const words = [given];
  const muslim = draws.happens(pool.muslim);
  const alone = draws.happens(pool.mononyms);
  if (!alone) {
    // Sasak nobility.
    if (province === '52' && draws.happens(0.12)) words.unshift(sex === 'FEMALE' ? 'Baiq' : 'Lalu');
    else if (muslim && sex === 'MALE' && draws.happens(0.22)) words.unshift(draws.pick(muhammads));
    else if (muslim && sex === 'FEMALE' && given !== 'Siti' && given !== 'Sitti' && draws.happens(0.16)) words.unshift(province === '73' ? 'Sitti' : 'Siti');
    const second = pickName(draws, sex === 'FEMALE' ? (pool.secondFemale ?? pool.second) : pool.second);
    if (second !== given && (words.length === 1 || draws.happens(0.45))) words.push(second);
    if (family !== null) words.push(family);
    if (words.length === 1) words.push(pickName(draws, pool.second));
  }
  const title = muslim && draws.happens(0.015) ? (sex === 'FEMALE' ? 'Hj.' : 'H.') : null;
  return { words, title };
}

/** The clan of a family, or null where the region has none. */
export function giveClan(draws: Draws, province: string): string | null {
  const clans = (pools[province] ?? general).clans;
  return clans ? pickName(draws, clans) : null;
}

/** Whether names of the region go with `bin` and `binti` in Malaysia and the Gulf. */
export function usesBin(province: string): boolean {
  return (pools[province] ?? general).muslim > 0.5;
}

export function plain(name: FullName): string {
  return name.words.join(' ');
}
