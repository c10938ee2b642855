<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ms_MY">
<context>
    <name>desk</name>
    <message>
        <source>Not assigned</source>
        <translation>Belum ditugaskan</translation>
    </message>
    <message>
        <source>Everybody has a station.</source>
        <translation>Semua orang ada stesen.</translation>
    </message>
    <message>
        <source>Nobody is assigned</source>
        <translation>Tiada sesiapa ditugaskan</translation>
    </message>
    <message>
        <source>another supervisor&apos;s line</source>
        <translation>barisan penyelia lain</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Buat asal</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Batal</translation>
    </message>
    <message>
        <source>no kiosk</source>
        <translation>tiada kiosk</translation>
    </message>
    <message>
        <source>Reading the board …</source>
        <translation>Membaca papan tugas …</translation>
    </message>
    <message>
        <source>Why this move?</source>
        <translation>Mengapa dipindahkan?</translation>
    </message>
    <message>
        <source>It goes on record with your name.</source>
        <translation>Ia direkodkan dengan nama anda.</translation>
    </message>
    <message>
        <source>Somebody is ill</source>
        <translation>Ada orang sakit</translation>
    </message>
    <message>
        <source>Covers a break</source>
        <translation>Ganti waktu rehat</translation>
    </message>
    <message>
        <source>Rush order</source>
        <translation>Pesanan segera</translation>
    </message>
    <message>
        <source>Learns the station</source>
        <translation>Belajar stesen ini</translation>
    </message>
    <message>
        <source>No instructions are in force here</source>
        <translation>Tiada arahan berkuat kuasa di sini</translation>
    </message>
    <message>
        <source>Asking the hub …</source>
        <translation>Bertanya kepada hab …</translation>
    </message>
    <message>
        <source>Takes the person off the station</source>
        <translation>Mengeluarkan orang ini daripada stesen</translation>
    </message>
    <message>
        <source>Already here</source>
        <translation>Sudah di sini</translation>
    </message>
    <message>
        <source>moving …</source>
        <translation>sedang dipindahkan …</translation>
    </message>
    <message>
        <source>has no active badge</source>
        <translation>tiada pas aktif</translation>
    </message>
    <message>
        <source>has not signed: {clients}</source>
        <translation>belum menandatangani: {clients}</translation>
    </message>
    <message>
        <source>from {time}</source>
        <translation>mulai {time}</translation>
    </message>
    <message>
        <source>{where}, until {time}</source>
        <translation>{where}, hingga {time}</translation>
    </message>
    <message>
        <source>at {kiosk}, not here</source>
        <translation>di {kiosk}, bukan di sini</translation>
    </message>
    <message>
        <source>at {kiosk} now</source>
        <translation>kini di {kiosk}</translation>
    </message>
    <message>
        <source>relief</source>
        <translation>pengganti</translation>
    </message>
    <message>
        <source>not signed in</source>
        <translation>belum log masuk</translation>
    </message>
    <message>
        <source>free</source>
        <translation>lapang</translation>
    </message>
    <message>
        <source>blocked</source>
        <translation>disekat</translation>
    </message>
    <message>
        <source>online</source>
        <translation>dalam talian</translation>
    </message>
    <message>
        <source>never seen</source>
        <translation>tidak pernah dilihat</translation>
    </message>
    <message>
        <source>offline since {time}</source>
        <translation>luar talian sejak {time}</translation>
    </message>
    <message>
        <source>a record is damaged: tell IT</source>
        <translation>rekod rosak: beritahu IT</translation>
    </message>
    <message>
        <source>records nothing: enrol it again</source>
        <translation>tidak merekod: daftarkan semula</translation>
    </message>
    <message>
        <source>no lease</source>
        <translation>tiada izin baca</translation>
    </message>
    <message>
        <source>{here} of {count} pages</source>
        <translation>{here} daripada {count} halaman</translation>
    </message>
    <message>
        <source>until {time}</source>
        <translation>hingga {time}</translation>
    </message>
    <message>
        <source>1 event waits</source>
        <translation>1 rekod menunggu</translation>
    </message>
    <message>
        <source>{count} events wait</source>
        <translation>{count} rekod menunggu</translation>
    </message>
    <message>
        <source>1 page</source>
        <translation>1 halaman</translation>
    </message>
    <message>
        <source>no pages</source>
        <translation>tiada halaman</translation>
    </message>
    <message>
        <source>{count} pages</source>
        <translation>{count} halaman</translation>
    </message>
    <message>
        <source>locked down</source>
        <translation>dikunci</translation>
    </message>
    <message>
        <source>Can read all {pages} pages here</source>
        <translation>Boleh membaca semua {pages} halaman di sini</translation>
    </message>
    <message>
        <source>person</source>
        <translation>orang</translation>
    </message>
    <message>
        <source>kiosk</source>
        <translation>kiosk</translation>
    </message>
    <message>
        <source>station</source>
        <translation>stesen</translation>
    </message>
    <message>
        <source>line</source>
        <translation>barisan</translation>
    </message>
    <message>
        <source>site</source>
        <translation>tapak</translation>
    </message>
    <message>
        <source>{name} is being moved already.</source>
        <translation>{name} sedang dipindahkan.</translation>
    </message>
    <message>
        <source>{name} works here as relief or later; move the card of the station of now.</source>
        <translation>{name} bekerja di sini sebagai pengganti atau kemudian; alihkan kad di stesen semasa.</translation>
    </message>
    <message>
        <source>{name} works on another supervisor&apos;s line.</source>
        <translation>{name} bekerja di barisan penyelia lain.</translation>
    </message>
    <message>
        <source>{name} was taken off the station.</source>
        <translation>{name} telah dikeluarkan daripada stesen.</translation>
    </message>
    <message>
        <source>{name} works at {station} now.</source>
        <translation>{name} kini bekerja di {station}.</translation>
    </message>
    <message>
        <source>{name} to {station}.</source>
        <translation>{name} ke {station}.</translation>
    </message>
    <message>
        <source>{by} took {name} off {station}.</source>
        <translation>{by} mengeluarkan {name} daripada {station}.</translation>
    </message>
    <message>
        <source>{by} moved {name} to {station}.</source>
        <translation>{by} memindahkan {name} ke {station}.</translation>
    </message>
    <message>
        <source>{name} is back.</source>
        <translation>{name} sudah kembali.</translation>
    </message>
    <message>
        <source>{people} people at {stations} stations</source>
        <translation>{people} orang di {stations} stesen</translation>
    </message>
    <message>
        <source>{count} without anybody</source>
        <translation>{count} tanpa sesiapa</translation>
    </message>
    <message>
        <source>{count} of {all} kiosks offline</source>
        <translation>{count} daripada {all} kiosk luar talian</translation>
    </message>
    <message>
        <source>Also here: {name}</source>
        <translation>Juga di sini: {name}</translation>
    </message>
    <message>
        <source>Also here: {name} and {count} more</source>
        <translation>Juga di sini: {name} dan {count} lagi</translation>
    </message>
    <message>
        <source>I am coming</source>
        <translation>Saya datang</translation>
    </message>
    <message>
        <source>End the call</source>
        <translation>Tamatkan</translation>
    </message>
    <message>
        <source>since {time} ({minutes} min)</source>
        <translation>sejak {time} ({minutes} min)</translation>
    </message>
    <message>
        <source>calls for help</source>
        <translation>meminta bantuan</translation>
    </message>
    <message>
        <source>{told}, {since}</source>
        <translation>{told}, {since}</translation>
    </message>
    <message>
        <source>Help! {time}</source>
        <translation>Bantuan! {time}</translation>
    </message>
    <message>
        <source>{name} is coming</source>
        <translation>{name} sedang datang</translation>
    </message>
</context>
<context>
    <name>kiosk</name>
    <message>
        <source>Tap your badge</source>
        <translation>Imbas pas anda</translation>
    </message>
    <message>
        <source>Hold it flat against the reader until this screen changes.</source>
        <translation>Pegang rata pada pembaca sehingga skrin ini berubah.</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Sedang dimulakan</translation>
    </message>
    <message>
        <source>You can tap your badge already.</source>
        <translation>Anda sudah boleh mengimbas pas.</translation>
    </message>
    <message>
        <source>One moment</source>
        <translation>Sebentar</translation>
    </message>
    <message>
        <source>Your badge was read and is being checked.</source>
        <translation>Pas anda telah dibaca dan sedang diperiksa.</translation>
    </message>
    <message>
        <source>This kiosk is not set up yet</source>
        <translation>Kiosk ini belum disediakan</translation>
    </message>
    <message>
        <source>An administrator enrols it with a one-time code from the hub.</source>
        <translation>Pentadbir mendaftarkannya dengan kod sekali guna daripada hab.</translation>
    </message>
    <message>
        <source>This kiosk cannot work now</source>
        <translation>Kiosk ini tidak dapat berfungsi sekarang</translation>
    </message>
    <message>
        <source>Call maintenance.</source>
        <translation>Hubungi penyelenggaraan.</translation>
    </message>
    <message>
        <source>Trouble</source>
        <translation>Masalah</translation>
    </message>
    <message>
        <source>It tries again by itself; a tap on the screen or with your badge tries at once.</source>
        <translation>Ia mencuba semula sendiri; sentuh skrin atau imbas pas untuk mencuba segera.</translation>
    </message>
    <message>
        <source>Something went wrong in this program.</source>
        <translation>Ada masalah dalam program ini.</translation>
    </message>
    <message>
        <source>Tell IT: the details are in the kiosk&apos;s log.</source>
        <translation>Beritahu IT: butirannya ada dalam log kiosk.</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Balik</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Terus</translation>
    </message>
    <message>
        <source>First page</source>
        <translation>Halaman pertama</translation>
    </message>
    <message>
        <source>Last page</source>
        <translation>Halaman akhir</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>Lebih kecil</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>Lebih besar</translation>
    </message>
    <message>
        <source>Fit page</source>
        <translation>Muat halaman</translation>
    </message>
    <message>
        <source>Fit width</source>
        <translation>Muat lebar</translation>
    </message>
    <message>
        <source>All pages</source>
        <translation>Semua halaman</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Lagi</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menu</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Tutup</translation>
    </message>
    <message>
        <source>Play the clip</source>
        <translation>Mainkan klip</translation>
    </message>
    <message>
        <source>Pause the clip</source>
        <translation>Jeda klip</translation>
    </message>
    <message>
        <source>Go on with the clip</source>
        <translation>Sambung klip</translation>
    </message>
    <message>
        <source>Close the clip</source>
        <translation>Tutup klip</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>Kunci</translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation>Sahkan</translation>
    </message>
    <message>
        <source>Sign</source>
        <translation>Tandatangan</translation>
    </message>
    <message>
        <source>Take the confirmation back</source>
        <translation>Tarik balik pengesahan</translation>
    </message>
    <message>
        <source>How this kiosk stands</source>
        <translation>Keadaan kiosk ini</translation>
    </message>
    <message>
        <source>Pages that you may not read</source>
        <translation>Halaman yang tidak boleh anda baca</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Inggeris</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>Sepanyol</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>Cina</translation>
    </message>
    <message>
        <source>Malay</source>
        <translation>Melayu</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Bantuan</translation>
    </message>
    <message>
        <source>Call for help</source>
        <translation>Panggil bantuan</translation>
    </message>
    <message>
        <source>Take the call for help back</source>
        <translation>Tarik balik panggilan</translation>
    </message>
    <message>
        <source>What is it?</source>
        <translation>Ada apa?</translation>
    </message>
    <message>
        <source>Something is wrong on this page</source>
        <translation>Ada yang salah pada halaman ini</translation>
    </message>
    <message>
        <source>Draw around the place with a finger. It goes to quality with the page.</source>
        <translation>Lukis sekeliling tempat itu dengan jari. Ia dihantar ke kualiti bersama halaman.</translation>
    </message>
    <message>
        <source>It is here</source>
        <translation>Di sini</translation>
    </message>
    <message>
        <source>What is wrong there?</source>
        <translation>Apa yang salah di situ?</translation>
    </message>
    <message>
        <source>Say it in a few words</source>
        <translation>Terangkan dengan ringkas</translation>
    </message>
    <message>
        <source>1234567890QWERTYUIOPASDFGHJKL-ZXCVBNM,.?</source>
        <translation>1234567890QWERTYUIOPASDFGHJKL-ZXCVBNM,.?</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Ruang</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Hantar</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Tarik balik</translation>
    </message>
    <message>
        <source>Admit somebody</source>
        <translation>Benarkan seseorang</translation>
    </message>
    <message>
        <source>Break glass</source>
        <translation>Pecah kaca</translation>
    </message>
    <message>
        <source>What changed</source>
        <translation>Apa yang berubah</translation>
    </message>
    <message>
        <source>I have read it</source>
        <translation>Sudah dibaca</translation>
    </message>
    <message>
        <source>Board</source>
        <translation>Papan tugas</translation>
    </message>
    <message>
        <source>Close the board</source>
        <translation>Tutup papan tugas</translation>
    </message>
    <message>
        <source>End the kiosk program? Nobody can read here until it is started again.</source>
        <translation>Tamatkan program kiosk? Tiada sesiapa boleh membaca di sini sehingga program dimulakan semula.</translation>
    </message>
    <message>
        <source>End the program</source>
        <translation>Tamatkan program</translation>
    </message>
    <message>
        <source>Set PIN</source>
        <translation>Cipta PIN</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Batal</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Nanti</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Padam</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Nota</translation>
    </message>
    <message>
        <source>Please note</source>
        <translation>Sila ambil perhatian</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Masalah</translation>
    </message>
    <message>
        <source>p. {number}</source>
        <translation>hlm. {number}</translation>
    </message>
    <message>
        <source>{name}: now touch the station to go to</source>
        <translation>{name}: sekarang sentuh stesen yang dituju</translation>
    </message>
    <message>
        <source>{name} is at the board</source>
        <translation>{name} di papan tugas</translation>
    </message>
    <message>
        <source>Rev {revision}</source>
        <translation>Sem. {revision}</translation>
    </message>
    <message>
        <source>{page} of {count}</source>
        <translation>{page} / {count}</translation>
    </message>
    <message>
        <source>This page is only in {language}</source>
        <translation>Halaman ini hanya dalam bahasa {language}</translation>
    </message>
    <message>
        <source>Only in {language}</source>
        <translation>Hanya bahasa {language}</translation>
    </message>
    <message>
        <source>{done} of {count} done</source>
        <translation>{done}/{count} siap</translation>
    </message>
    <message>
        <source>Step {step}</source>
        <translation>Langkah {step}</translation>
    </message>
    <message>
        <source>Called at {time}: {name} is coming</source>
        <translation>Dipanggil {time}: {name} sedang datang</translation>
    </message>
    <message>
        <source>{name} is coming</source>
        <translation>{name} sedang datang</translation>
    </message>
    <message>
        <source>Help called at {time}</source>
        <translation>Bantuan dipanggil {time}</translation>
    </message>
    <message>
        <source>Calling for help …</source>
        <translation>Memanggil bantuan …</translation>
    </message>
    <message>
        <source>Call at {time} not sent: call out</source>
        <translation>Panggilan {time} tidak dihantar: laungkan</translation>
    </message>
    <message>
        <source>Call not sent</source>
        <translation>Panggilan tidak dihantar</translation>
    </message>
    <message>
        <source>Your remark goes to quality in {seconds} s</source>
        <translation>Ulasan anda dihantar ke kualiti dalam {seconds} s</translation>
    </message>
    <message>
        <source>Takt {spent} of {takt}</source>
        <translation>Takt {spent} daripada {takt}</translation>
    </message>
    <message>
        <source>Why does the confirmation of step {step} not hold?</source>
        <translation>Mengapa pengesahan langkah {step} tidak sah?</translation>
    </message>
    <message>
        <source>{document}: what changed in revision {revision}</source>
        <translation>{document}: perubahan dalam semakan {revision}</translation>
    </message>
    <message>
        <source>Confirm when you have read it</source>
        <translation>Sahkan selepas membaca</translation>
    </message>
    <message>
        <source>1 more to look at</source>
        <translation>Lihat 1 lagi</translation>
    </message>
    <message>
        <source>{count} more to look at</source>
        <translation>Lihat {count} lagi</translation>
    </message>
    <message>
        <source>{what}. {left}</source>
        <translation>{what}. {left}</translation>
    </message>
    <message>
        <source>Gone since revision {revision}</source>
        <translation>Dibuang dalam semakan {revision}</translation>
    </message>
    <message>
        <source>Before: revision {revision}</source>
        <translation>Sebelum: semakan&#xa0;{revision}</translation>
    </message>
    <message>
        <source>New page in revision {revision}</source>
        <translation>Halaman baharu dalam semakan {revision}</translation>
    </message>
    <message>
        <source>Now: revision {revision}. The page before is no longer here; changes are marked.</source>
        <translation>Sekarang: semakan {revision}. Halaman lama tiada lagi di sini; perubahan ditanda.</translation>
    </message>
    <message>
        <source>Now: revision {revision}</source>
        <translation>Sekarang: semakan&#xa0;{revision}</translation>
    </message>
    <message>
        <source>Page {number} is on its way …</source>
        <translation>Halaman {number} dalam perjalanan …</translation>
    </message>
    <message>
        <source>Locks in {seconds} second  ·  touch the screen to stay</source>
        <translation>Dikunci dalam {seconds} saat  ·  sentuh skrin untuk kekal</translation>
    </message>
    <message>
        <source>Locks in {seconds} seconds  ·  touch the screen to stay</source>
        <translation>Dikunci dalam {seconds} saat  ·  sentuh skrin untuk kekal</translation>
    </message>
    <message>
        <source>Locks in {seconds} s</source>
        <translation>Kunci dalam {seconds} s</translation>
    </message>
    <message>
        <source>Online</source>
        <translation>Dalam talian</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Luar talian</translation>
    </message>
    <message>
        <source>Offline since {time}</source>
        <translation>Luar talian sejak {time}</translation>
    </message>
    <message>
        <source>No pages yet</source>
        <translation>Belum ada halaman</translation>
    </message>
    <message>
        <source>Reading time ended {time}</source>
        <translation>Masa membaca tamat {time}</translation>
    </message>
    <message>
        <source>Reading time ended</source>
        <translation>Masa membaca tamat</translation>
    </message>
    <message>
        <source>Readable until {time}</source>
        <translation>Boleh dibaca hingga {time}</translation>
    </message>
    <message>
        <source>until {time}</source>
        <translation>hingga {time}</translation>
    </message>
    <message>
        <source>Readable until {time}, {left} left</source>
        <translation>Boleh dibaca hingga {time}, tinggal {left}</translation>
    </message>
    <message>
        <source>until {time}, {left}</source>
        <translation>hingga {time}, {left}</translation>
    </message>
    <message>
        <source>The time for reading pages here ended {time}.</source>
        <translation>Masa membaca halaman di sini tamat {time}.</translation>
    </message>
    <message>
        <source>Pages can be read here until {time}: {left} left.</source>
        <translation>Halaman boleh dibaca di sini hingga {time}: tinggal {left}.</translation>
    </message>
    <message>
        <source>The hub answers but does not extend the reading time. A supervisor calls IT and reads out what this line says.</source>
        <translation>Hab menjawab tetapi tidak melanjutkan masa membaca. Penyelia menghubungi IT dan membacakan baris ini.</translation>
    </message>
    <message>
        <source>To extend the reading time, reconnect this kiosk to the hub: the rest goes by itself within a minute. If the hub is down, a supervisor calls IT and says until when it is needed.</source>
        <translation>Untuk melanjutkan masa membaca, sambungkan kiosk ini semula ke hab: selebihnya berjalan sendiri dalam seminit. Jika hab tidak berfungsi, penyelia menghubungi IT dan menyatakan sehingga bila ia diperlukan.</translation>
    </message>
    <message>
        <source>{hours} h</source>
        <translation>{hours} j</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes} min</translation>
    </message>
    <message>
        <source>All recorded at the hub</source>
        <translation>Semua direkodkan</translation>
    </message>
    <message>
        <source>Recorded</source>
        <translation>Direkod</translation>
    </message>
    <message>
        <source>1 event waits</source>
        <translation>1 rekod menunggu</translation>
    </message>
    <message>
        <source>{count} events wait</source>
        <translation>{count} rekod menunggu</translation>
    </message>
    <message>
        <source>{count} waiting</source>
        <translation>{count} menunggu</translation>
    </message>
    <message>
        <source>Fetching pages {done} of {total}</source>
        <translation>Memuat turun halaman {done} daripada {total}</translation>
    </message>
    <message>
        <source>{done}/{total} pages</source>
        <translation>{done}/{total} halaman</translation>
    </message>
    <message>
        <source>Next try in {time}</source>
        <translation>Cubaan seterusnya dalam {time}</translation>
    </message>
    <message>
        <source>1 try left</source>
        <translation>Tinggal 1 cubaan</translation>
    </message>
    <message>
        <source>{count} tries left</source>
        <translation>Tinggal {count} cubaan</translation>
    </message>
    <message>
        <source>{tries}, then the PIN is blocked</source>
        <translation>{tries}, kemudian PIN disekat</translation>
    </message>
    <message>
        <source>Break-glass: pages of {station} until {time}. Every look is reviewed.</source>
        <translation>Pecah kaca: halaman {station} hingga {time}. Setiap paparan disemak.</translation>
    </message>
    <message>
        <source>Break-glass: {station} until {time}</source>
        <translation>Pecah kaca: {station} hingga {time}</translation>
    </message>
    <message>
        <source>Admitted without the hub by {name} until {time}.</source>
        <translation>Dibenarkan tanpa hab oleh {name} hingga {time}.</translation>
    </message>
    <message>
        <source>Admitted until {time}</source>
        <translation>Dibenarkan hingga {time}</translation>
    </message>
    <message>
        <source>{client}, version {version}</source>
        <translation>{client}, versi {version}</translation>
    </message>
    <message>
        <source>{read} of {count} pages read</source>
        <translation>{read} daripada {count} halaman dibaca</translation>
    </message>
    <message>
        <source>Read: tap your badge to sign</source>
        <translation>Dibaca: imbas pas untuk tandatangan</translation>
    </message>
    <message>
        <source>Please read all of it: {read} of {count} pages read. You sign it with badge and PIN at the end.</source>
        <translation>Sila baca semuanya: {read} daripada {count} halaman dibaca. Anda menandatanganinya dengan pas dan PIN di hujungnya.</translation>
    </message>
    <message>
        <source>To sign, tap your badge now and enter your PIN. By that you say: I have read this agreement and keep to it.</source>
        <translation>Untuk menandatangani, imbas pas anda sekarang dan masukkan PIN. Dengan itu anda menyatakan: saya telah membaca perjanjian ini dan mematuhinya.</translation>
    </message>
    <message>
        <source>dddd d MMMM</source>
        <translation>dddd, d MMMM</translation>
    </message>
    <message>
        <source>ddd d MMM</source>
        <translation>ddd d MMM</translation>
    </message>
</context>
<context>
    <name>said</name>
    <message>
        <source>The hub&apos;s lease has no key for a page that you may read.</source>
        <translation>Kebenaran daripada hab tiada kunci untuk halaman yang boleh anda baca.</translation>
    </message>
    <message>
        <source>Tell your supervisor; another tap asks the hub again.</source>
        <translation>Beritahu penyelia anda; imbas sekali lagi untuk bertanya hab semula.</translation>
    </message>
    <message>
        <source>The keys that the hub sent do not open with this badge.</source>
        <translation>Kunci yang dihantar oleh hab tidak dapat dibuka dengan pas ini.</translation>
    </message>
    <message>
        <source>Tap again; if it stays, have the badge issued again.</source>
        <translation>Imbas sekali lagi; jika masih sama, minta pas dikeluarkan semula.</translation>
    </message>
    <message>
        <source>This page was damaged on this kiosk.</source>
        <translation>Halaman ini rosak pada kiosk ini.</translation>
    </message>
    <message>
        <source>It is being fetched again.</source>
        <translation>Ia sedang dimuat turun semula.</translation>
    </message>
    <message>
        <source>This clip is still being fetched.</source>
        <translation>Klip ini masih sedang dimuat turun.</translation>
    </message>
    <message>
        <source>Touch it again in a moment.</source>
        <translation>Sentuh sekali lagi sebentar lagi.</translation>
    </message>
    <message>
        <source>This clip was damaged on this kiosk.</source>
        <translation>Klip ini rosak pada kiosk ini.</translation>
    </message>
    <message>
        <source>It is being fetched again: touch it in a moment.</source>
        <translation>Ia sedang dimuat turun semula: sentuh sebentar lagi.</translation>
    </message>
    <message>
        <source>The stored clip is not the clip that was published, so it is not played.</source>
        <translation>Klip yang disimpan bukan klip yang diterbitkan, jadi ia tidak dimainkan.</translation>
    </message>
    <message>
        <source>The clip stopped playing.</source>
        <translation>Klip berhenti dimainkan.</translation>
    </message>
    <message>
        <source>Touch it to play it again.</source>
        <translation>Sentuh untuk memainkannya semula.</translation>
    </message>
    <message>
        <source>This clip cannot be played.</source>
        <translation>Klip ini tidak dapat dimainkan.</translation>
    </message>
    <message>
        <source>Tell the document controller which page it is; the page itself works.</source>
        <translation>Beritahu pengawal dokumen halaman yang mana; halaman itu sendiri berfungsi.</translation>
    </message>
    <message>
        <source>This page is still being fetched.</source>
        <translation>Halaman ini masih sedang dimuat turun.</translation>
    </message>
    <message>
        <source>It appears by itself.</source>
        <translation>Ia akan muncul sendiri.</translation>
    </message>
    <message>
        <source>Something went wrong in this program, so it was locked.</source>
        <translation>Ada masalah dalam program ini, maka ia dikunci.</translation>
    </message>
    <message>
        <source>Tap your badge to go on. If it happens again, tell IT: the details are in the kiosk&apos;s log.</source>
        <translation>Imbas pas anda untuk teruskan. Jika berlaku lagi, beritahu IT: butirannya ada dalam log kiosk.</translation>
    </message>
    <message>
        <source>This kiosk has no lease any more.</source>
        <translation>Kiosk ini tidak lagi mempunyai kebenaran.</translation>
    </message>
    <message>
        <source>Ask your supervisor.</source>
        <translation>Tanya penyelia anda.</translation>
    </message>
    <message>
        <source>Badge and PIN do not match.</source>
        <translation>Pas dan PIN tidak sepadan.</translation>
    </message>
    <message>
        <source>Enter your PIN again. If it is right, ask your supervisor whether you work at this line.</source>
        <translation>Masukkan PIN anda semula. Jika betul, tanya penyelia sama ada anda bekerja di barisan ini.</translation>
    </message>
    <message>
        <source>Please wait before the next try.</source>
        <translation>Sila tunggu sebentar.</translation>
    </message>
    <message>
        <source>This badge&apos;s PIN was wrong too often.</source>
        <translation>PIN pas ini salah terlalu banyak kali.</translation>
    </message>
    <message>
        <source>Ask your supervisor for a PIN code, then set a new PIN.</source>
        <translation>Minta kod PIN daripada penyelia, kemudian tetapkan PIN baharu.</translation>
    </message>
    <message>
        <source>Enter all of them.</source>
        <translation>Masukkan semuanya.</translation>
    </message>
    <message>
        <source>Enter your PIN</source>
        <translation>Masukkan PIN anda</translation>
    </message>
    <message>
        <source>To set a PIN, tap your badge now.</source>
        <translation>Untuk menetapkan PIN, imbas pas anda sekarang.</translation>
    </message>
    <message>
        <source>Have the code from your supervisor at hand: it is valid for 15 minutes.</source>
        <translation>Sediakan kod daripada penyelia: ia sah selama 15 minit.</translation>
    </message>
    <message>
        <source>A PIN can be set only while the hub is reachable.</source>
        <translation>PIN hanya boleh ditetapkan semasa hab dapat dihubungi.</translation>
    </message>
    <message>
        <source>Go on with your badge; set the PIN when the status line says Online.</source>
        <translation>Teruskan dengan pas anda; tetapkan PIN apabila baris status menunjukkan Dalam talian.</translation>
    </message>
    <message>
        <source>Your PIN is being set</source>
        <translation>PIN anda sedang ditetapkan</translation>
    </message>
    <message>
        <source>One moment.</source>
        <translation>Sebentar.</translation>
    </message>
    <message>
        <source>Your PIN is set.</source>
        <translation>PIN anda telah ditetapkan.</translation>
    </message>
    <message>
        <source>From now on: tap your badge, then enter the PIN.</source>
        <translation>Mulai sekarang: imbas pas anda, kemudian masukkan PIN.</translation>
    </message>
    <message>
        <source>This card needs no PIN here.</source>
        <translation>Kad ini tidak memerlukan PIN di sini.</translation>
    </message>
    <message>
        <source>Tap a plant badge, or cancel.</source>
        <translation>Imbas pas kilang, atau batalkan.</translation>
    </message>
    <message>
        <source>Choose a PIN</source>
        <translation>Pilih PIN</translation>
    </message>
    <message>
        <source>Enter the same PIN once more</source>
        <translation>Masukkan PIN yang sama sekali lagi</translation>
    </message>
    <message>
        <source>The two PINs differ.</source>
        <translation>Kedua-dua PIN berbeza.</translation>
    </message>
    <message>
        <source>Choose it once more.</source>
        <translation>Pilih sekali lagi.</translation>
    </message>
    <message>
        <source>Your access to this station has ended.</source>
        <translation>Akses anda ke stesen ini telah tamat.</translation>
    </message>
    <message>
        <source>See your supervisor for your next station.</source>
        <translation>Jumpa penyelia untuk stesen anda seterusnya.</translation>
    </message>
    <message>
        <source>Your assignment to this station has ended.</source>
        <translation>Tugasan anda di stesen ini telah tamat.</translation>
    </message>
    <message>
        <source>Finish the step in hand: this page closes in {count} seconds.</source>
        <translation>Siapkan langkah yang sedang dibuat: halaman ini ditutup dalam {count} saat.</translation>
    </message>
    <message>
        <source>An older copy of this kiosk&apos;s files was put back, so it shows nothing.</source>
        <translation>Salinan lama fail kiosk ini telah dipulihkan, maka ia tidak memaparkan apa-apa.</translation>
    </message>
    <message>
        <source>Reconnect the network: it goes on by itself once the hub has confirmed it. Tell IT and quality.</source>
        <translation>Sambung semula rangkaian: ia akan diteruskan sendiri selepas hab mengesahkannya. Beritahu IT dan kualiti.</translation>
    </message>
    <message>
        <source>This kiosk waits for its approval.</source>
        <translation>Kiosk ini menunggu kelulusan.</translation>
    </message>
    <message>
        <source>A second administrator compares the number.</source>
        <translation>Pentadbir kedua membandingkan nombor itu.</translation>
    </message>
    <message>
        <source>The reader delivered signs that no badge number has.</source>
        <translation>Pembaca menghantar aksara yang tiada pada nombor pas.</translation>
    </message>
    <message>
        <source>Tap again. If it stays, tell IT to check the reader&apos;s settings.</source>
        <translation>Imbas sekali lagi. Jika masih sama, minta IT periksa tetapan pembaca.</translation>
    </message>
    <message>
        <source>This is not a badge of this plant.</source>
        <translation>Ini bukan pas kilang ini.</translation>
    </message>
    <message>
        <source>This badge is of another facility.</source>
        <translation>Pas ini milik kemudahan lain.</translation>
    </message>
    <message>
        <source>This plant&apos;s badge numbers have digits only.</source>
        <translation>Nombor pas kilang ini hanya mengandungi angka.</translation>
    </message>
    <message>
        <source>The badge was not read completely.</source>
        <translation>Pas tidak dibaca sepenuhnya.</translation>
    </message>
    <message>
        <source>Hold it still and tap again.</source>
        <translation>Pegang tanpa bergerak dan imbas sekali lagi.</translation>
    </message>
    <message>
        <source>This is longer than this plant&apos;s badge numbers.</source>
        <translation>Ini lebih panjang daripada nombor pas kilang ini.</translation>
    </message>
    <message>
        <source>Tap one badge only, once.</source>
        <translation>Imbas satu pas sahaja, sekali.</translation>
    </message>
    <message>
        <source>Plug its cable in again; it is found by itself. If not, tell IT.</source>
        <translation>Pasang semula kabelnya; ia dikesan sendiri. Jika tidak, beritahu IT.</translation>
    </message>
    <message>
        <source>The badge was taken away too soon.</source>
        <translation>Pas dialihkan terlalu awal.</translation>
    </message>
    <message>
        <source>Tap again and hold it until the screen answers.</source>
        <translation>Imbas sekali lagi dan pegang sehingga skrin bertindak balas.</translation>
    </message>
    <message>
        <source>The reader cannot talk to this card.</source>
        <translation>Pembaca tidak dapat berhubung dengan kad ini.</translation>
    </message>
    <message>
        <source>Turn it over or tap another one; if it stays so, have the badge checked.</source>
        <translation>Terbalikkan atau imbas kad lain; jika masih sama, minta pas diperiksa.</translation>
    </message>
    <message>
        <source>Another program is using the badge reader.</source>
        <translation>Program lain sedang menggunakan pembaca pas.</translation>
    </message>
    <message>
        <source>Tap again; if it stays so, tell IT.</source>
        <translation>Imbas sekali lagi; jika masih sama, beritahu IT.</translation>
    </message>
    <message>
        <source>Here a card with a chip key is needed, and this badge has none.</source>
        <translation>Di sini kad dengan kunci cip diperlukan, dan pas ini tiada.</translation>
    </message>
    <message>
        <source>Use the card that the badge office gave you.</source>
        <translation>Guna kad yang diberi oleh pejabat pas.</translation>
    </message>
    <message>
        <source>This card has no badge number that the reader can read.</source>
        <translation>Kad ini tiada nombor pas yang boleh dibaca.</translation>
    </message>
    <message>
        <source>Tap your plant badge, alone: not with other cards in the same holder.</source>
        <translation>Imbas pas kilang anda sahaja: bukan bersama kad lain dalam pemegang yang sama.</translation>
    </message>
    <message>
        <source>This card or phone gives a new number at each tap, so it cannot be a badge.</source>
        <translation>Kad atau telefon ini memberi nombor baharu setiap kali, maka ia tidak boleh menjadi pas.</translation>
    </message>
    <message>
        <source>Tap your plant badge, alone: not with a phone or other cards.</source>
        <translation>Imbas pas kilang anda sahaja: bukan bersama telefon atau kad lain.</translation>
    </message>
    <message>
        <source>Choose one without rows, repeats or your badge&apos;s digits.</source>
        <translation>Pilih yang tiada turutan, ulangan atau digit pas anda.</translation>
    </message>
    <message>
        <source>Choose another one.</source>
        <translation>Pilih yang lain.</translation>
    </message>
    <message>
        <source>These pages open with badge and PIN, and you signed in with the badge alone.</source>
        <translation>Halaman ini dibuka dengan pas dan PIN, dan anda log masuk dengan pas sahaja.</translation>
    </message>
    <message>
        <source>To get a PIN, ask your supervisor for a PIN code, then touch “Set PIN” on the badge screen.</source>
        <translation>Untuk mendapatkan PIN, minta kod daripada penyelia, kemudian sentuh “Cipta PIN” pada skrin pas.</translation>
    </message>
    <message>
        <source>This kiosk is blocked.</source>
        <translation>Kiosk ini disekat.</translation>
    </message>
    <message>
        <source>Work at another kiosk and tell your supervisor: the hub must release this one.</source>
        <translation>Gunakan kiosk lain dan beritahu penyelia: sekatan ini hanya boleh dibuka dari hab.</translation>
    </message>
    <message>
        <source>The time for reading these pages without the hub has run out.</source>
        <translation>Masa untuk membaca halaman ini tanpa hab telah tamat.</translation>
    </message>
    <message>
        <source>Reconnect the network; the pages come back by themselves.</source>
        <translation>Sambung semula rangkaian; halaman akan kembali sendiri.</translation>
    </message>
    <message>
        <source>This kiosk&apos;s clock cannot be trusted.</source>
        <translation>Jam kiosk ini tidak boleh dipercayai.</translation>
    </message>
    <message>
        <source>Reconnect the network so that the hub can set the time.</source>
        <translation>Sambung semula rangkaian supaya hab dapat menetapkan masa.</translation>
    </message>
    <message>
        <source>These pages belong to another station.</source>
        <translation>Halaman ini milik stesen lain.</translation>
    </message>
    <message>
        <source>Go to the kiosk of that station, or ask your supervisor.</source>
        <translation>Pergi ke kiosk stesen itu, atau tanya penyelia anda.</translation>
    </message>
    <message>
        <source>Your badge is no longer active.</source>
        <translation>Pas anda tidak lagi aktif.</translation>
    </message>
    <message>
        <source>See your supervisor or the badge office.</source>
        <translation>Jumpa penyelia atau pejabat pas.</translation>
    </message>
    <message>
        <source>You are not assigned to this station now.</source>
        <translation>Anda tidak ditugaskan ke stesen ini sekarang.</translation>
    </message>
    <message>
        <source>Ask your supervisor to assign you; it takes effect at once.</source>
        <translation>Minta penyelia menugaskan anda; ia berkuat kuasa serta-merta.</translation>
    </message>
    <message>
        <source>Your role does not include reading work instructions.</source>
        <translation>Peranan anda tidak termasuk membaca arahan kerja.</translation>
    </message>
    <message>
        <source>Ask an operator, or have your roles changed.</source>
        <translation>Tanya operator, atau minta peranan anda diubah.</translation>
    </message>
    <message>
        <source>This product is not built at this station.</source>
        <translation>Produk ini tidak dibina di stesen ini.</translation>
    </message>
    <message>
        <source>Check the work order with your line lead.</source>
        <translation>Semak pesanan kerja dengan ketua barisan.</translation>
    </message>
    <message>
        <source>These pages are more confidential than your badge may open here.</source>
        <translation>Halaman ini lebih sulit daripada yang boleh dibuka oleh pas anda di sini.</translation>
    </message>
    <message>
        <source>Sign in with badge and PIN where you have one, or ask your supervisor.</source>
        <translation>Log masuk dengan pas dan PIN jika ada, atau tanya penyelia.</translation>
    </message>
    <message>
        <source>You have not signed this client&apos;s current confidentiality agreement.</source>
        <translation>Anda belum menandatangani perjanjian kerahsiaan semasa pelanggan ini.</translation>
    </message>
    <message>
        <source>Ask your supervisor for the agreement, then tap again.</source>
        <translation>Minta perjanjian daripada penyelia, kemudian imbas semula.</translation>
    </message>
    <message>
        <source>Your signature under this client&apos;s confidentiality agreement has lapsed.</source>
        <translation>Tandatangan anda pada perjanjian kerahsiaan pelanggan ini telah luput.</translation>
    </message>
    <message>
        <source>Your signature under this client&apos;s confidentiality agreement was withdrawn.</source>
        <translation>Tandatangan anda pada perjanjian kerahsiaan pelanggan ini telah ditarik balik.</translation>
    </message>
    <message>
        <source>Ask your supervisor or quality; you cannot sign it again here.</source>
        <translation>Tanya penyelia atau kualiti; anda tidak boleh menandatanganinya semula di sini.</translation>
    </message>
    <message>
        <source>This client&apos;s confidentiality agreement has a new version that you have not signed.</source>
        <translation>Perjanjian kerahsiaan pelanggan ini mempunyai versi baharu yang belum anda tandatangani.</translation>
    </message>
    <message>
        <source>Tap your badge again to read and sign it.</source>
        <translation>Imbas pas anda semula untuk membaca dan menandatanganinya.</translation>
    </message>
    <message>
        <source>It is signed here with badge and PIN: ask your supervisor for a PIN code, then touch “Set PIN”.</source>
        <translation>Ia ditandatangani di sini dengan pas dan PIN: minta kod daripada penyelia, kemudian sentuh “Cipta PIN”.</translation>
    </message>
    <message>
        <source>Enter your PIN to sign</source>
        <translation>Masukkan PIN untuk menandatangani</translation>
    </message>
    <message>
        <source>Please read every page of the agreement first.</source>
        <translation>Sila baca setiap halaman perjanjian dahulu.</translation>
    </message>
    <message>
        <source>Touch “Next” for the following page; then tap your badge to sign.</source>
        <translation>Sentuh “Terus” untuk halaman berikutnya; kemudian imbas pas untuk menandatangani.</translation>
    </message>
    <message>
        <source>This agreement changed, or nothing depends on it any more.</source>
        <translation>Perjanjian ini telah berubah, atau tidak diperlukan lagi.</translation>
    </message>
    <message>
        <source>Tap your badge again.</source>
        <translation>Imbas pas anda semula.</translation>
    </message>
    <message>
        <source>You are not trained on this revision yet.</source>
        <translation>Anda belum dilatih untuk semakan ini.</translation>
    </message>
    <message>
        <source>Ask your supervisor to record the training, then tap again.</source>
        <translation>Minta penyelia merekodkan latihan, kemudian imbas semula.</translation>
    </message>
    <message>
        <source>You have not read yet what changed in them.</source>
        <translation>Anda belum membaca apa yang berubah di dalamnya.</translation>
    </message>
    <message>
        <source>Touch “What changed”, read it, and confirm: then the pages open.</source>
        <translation>Sentuh “Apa yang berubah”, baca, dan sahkan: kemudian halaman dibuka.</translation>
    </message>
    <message>
        <source>These pages were replaced by a newer revision.</source>
        <translation>Halaman ini telah diganti oleh semakan yang lebih baharu.</translation>
    </message>
    <message>
        <source>Work by the pages in force.</source>
        <translation>Bekerja mengikut halaman yang berkuat kuasa.</translation>
    </message>
    <message>
        <source>A new revision of these instructions is in force.</source>
        <translation>Semakan baharu arahan ini sudah berkuat kuasa.</translation>
    </message>
    <message>
        <source>Finish this step. When you turn the page, what changed is shown first.</source>
        <translation>Selesaikan langkah ini. Apabila anda menukar halaman, perubahan ditunjukkan dahulu.</translation>
    </message>
    <message>
        <source>A new revision of some instructions is in force.</source>
        <translation>Semakan baharu sebahagian arahan sudah berkuat kuasa.</translation>
    </message>
    <message>
        <source>Touch “What changed” to read it: then its pages open.</source>
        <translation>Sentuh “Apa yang berubah” untuk membacanya: kemudian halamannya dibuka.</translation>
    </message>
    <message>
        <source>This revision is not in force.</source>
        <translation>Semakan ini tidak berkuat kuasa.</translation>
    </message>
    <message>
        <source>Tell the line lead; document control releases revisions.</source>
        <translation>Beritahu ketua barisan; kawalan dokumen mengeluarkan semakan.</translation>
    </message>
    <message>
        <source>The limit of how much of this product may be seen here is reached.</source>
        <translation>Had yang boleh dilihat bagi produk ini di sini telah dicapai.</translation>
    </message>
    <message>
        <source>Ask your supervisor: quality decides on exceptions.</source>
        <translation>Tanya penyelia: kualiti memutuskan pengecualian.</translation>
    </message>
    <message>
        <source>These pages were taken back until further notice.</source>
        <translation>Halaman ini ditarik balik sehingga dimaklumkan.</translation>
    </message>
    <message>
        <source>Ask your supervisor: quality decides when they return.</source>
        <translation>Tanya penyelia: kualiti memutuskan bila ia dikembalikan.</translation>
    </message>
    <message>
        <source>Restricted pages open only while the hub is reachable.</source>
        <translation>Halaman terhad hanya dibuka semasa hab dapat dihubungi.</translation>
    </message>
    <message>
        <source>Reconnect the network.</source>
        <translation>Sambung semula rangkaian.</translation>
    </message>
    <message>
        <source>This look cannot be recorded, so nothing is shown.</source>
        <translation>Paparan ini tidak dapat direkodkan, maka tiada apa-apa dipaparkan.</translation>
    </message>
    <message>
        <source>The disk may be full: call maintenance. Nothing was lost.</source>
        <translation>Cakera mungkin penuh: hubungi penyelenggaraan. Tiada apa yang hilang.</translation>
    </message>
    <message>
        <source>{least} to {most} digits, then OK</source>
        <translation>{least} hingga {most} digit, kemudian OK</translation>
    </message>
    <message>
        <source>A PIN has {least} to {most} digits.</source>
        <translation>PIN mempunyai {least} hingga {most} digit.</translation>
    </message>
    <message>
        <source>The code has {count} digits.</source>
        <translation>Kod mempunyai {count} digit.</translation>
    </message>
    <message>
        <source>{count} digits, then OK</source>
        <translation>{count} digit, kemudian OK</translation>
    </message>
    <message>
        <source>{least} to {most} digits, no rows or repeats, then OK</source>
        <translation>{least} hingga {most} digit, tanpa turutan atau ulangan, kemudian OK</translation>
    </message>
    <message>
        <source>The {reader} is not plugged in.</source>
        <translation>Belum disambung: {reader}.</translation>
    </message>
    <message>
        <source>1 page is withheld. {why}</source>
        <translation>1 halaman ditahan. {why}</translation>
    </message>
    <message>
        <source>{count} pages are withheld. {why}</source>
        <translation>{count} halaman ditahan. {why}</translation>
    </message>
    <message>
        <source>This kiosk has no instructions yet.</source>
        <translation>Kiosk ini belum mempunyai arahan.</translation>
    </message>
    <message>
        <source>Wait until it has reached the hub, then tap again.</source>
        <translation>Tunggu sehingga ia menghubungi hab, kemudian imbas semula.</translation>
    </message>
    <message>
        <source>This badge is not known at this line.</source>
        <translation>Pas ini tidak dikenali di barisan ini.</translation>
    </message>
    <message>
        <source>Ask your supervisor to assign you here, or go to the badge office.</source>
        <translation>Minta penyelia menugaskan anda di sini, atau pergi ke pejabat pas.</translation>
    </message>
    <message>
        <source>The hub does not answer.</source>
        <translation>Hab tidak menjawab.</translation>
    </message>
    <message>
        <source>This is a serial number or a work order, not a badge.</source>
        <translation>Ini nombor siri atau pesanan kerja, bukan pas.</translation>
    </message>
    <message>
        <source>Tap your badge first, then scan it again.</source>
        <translation>Imbas pas anda dahulu, kemudian imbas semula kod itu.</translation>
    </message>
    <message>
        <source>Scan the unit&apos;s serial number first.</source>
        <translation>Imbas nombor siri unit dahulu.</translation>
    </message>
    <message>
        <source>Then confirm the step: it is recorded for that unit.</source>
        <translation>Kemudian sahkan langkah: ia direkodkan untuk unit itu.</translation>
    </message>
    <message>
        <source>Pressed by mistake</source>
        <translation>Tertekan secara tidak sengaja</translation>
    </message>
    <message>
        <source>The step has to be done again</source>
        <translation>Langkah ini perlu dibuat semula</translation>
    </message>
    <message>
        <source>It was done on another unit</source>
        <translation>Ia dibuat pada unit lain</translation>
    </message>
    <message>
        <source>I did this step as the instruction says.</source>
        <translation>Saya telah melakukan langkah ini seperti dalam arahan.</translation>
    </message>
    <message>
        <source>I have read this agreement and keep to it.</source>
        <translation>Saya telah membaca perjanjian ini dan mematuhinya.</translation>
    </message>
    <message>
        <source>Check the network; it is tried again by itself.</source>
        <translation>Periksa rangkaian; ia dicuba semula dengan sendirinya.</translation>
    </message>
    <message>
        <source>My confirmation of this step does not hold.</source>
        <translation>Pengesahan saya bagi langkah ini tidak sah.</translation>
    </message>
    <message>
        <source>This step is signed with badge and PIN, and your badge has no PIN.</source>
        <translation>Langkah ini ditandatangani dengan pas dan PIN, dan pas anda tiada PIN.</translation>
    </message>
    <message>
        <source>This badge is not the one that is signed in here.</source>
        <translation>Pas ini bukan pas yang log masuk di sini.</translation>
    </message>
    <message>
        <source>Tap your own badge to sign, or cancel.</source>
        <translation>Imbas pas anda sendiri untuk menandatangani, atau batalkan.</translation>
    </message>
    <message>
        <source>Nothing was signed.</source>
        <translation>Tiada apa-apa ditandatangani.</translation>
    </message>
    <message>
        <source>Touch “Sign” again when you are ready.</source>
        <translation>Sentuh “Tandatangan” semula apabila anda bersedia.</translation>
    </message>
    <message>
        <source>Tap your badge, then enter your PIN.</source>
        <translation>Imbas pas anda, kemudian masukkan PIN.</translation>
    </message>
    <message>
        <source>Tap your badge, then enter your PIN again.</source>
        <translation>Imbas pas anda, kemudian masukkan PIN semula.</translation>
    </message>
    <message>
        <source>Sign: step {step} of {document}, revision {revision}</source>
        <translation>Tandatangan: langkah&#xa0;{step}, {document}, semakan&#xa0;{revision}</translation>
    </message>
    <message>
        <source>Sign that this does not hold: step {step} of {document}, revision {revision}</source>
        <translation>Tandatangan bahawa ini tidak sah: langkah {step} bagi {document}, semakan {revision}</translation>
    </message>
    <message>
        <source>Signed: step {step}.</source>
        <translation>Ditandatangani: langkah {step}.</translation>
    </message>
    <message>
        <source>This step is not on an open page any more, so nothing was signed.</source>
        <translation>Langkah ini tidak lagi pada halaman yang dibuka, jadi tiada apa-apa ditandatangani.</translation>
    </message>
    <message>
        <source>See what changed on the page, and confirm the step there.</source>
        <translation>Lihat perubahan pada halaman, dan sahkan langkah di situ.</translation>
    </message>
    <message>
        <source>badge reader</source>
        <translation>pembaca pas</translation>
    </message>
    <message>
        <source>Enter the code from your supervisor</source>
        <translation>Masukkan kod daripada penyelia</translation>
    </message>
    <message>
        <source>Tap your own plant badge, and no other card with it.</source>
        <translation>Imbas pas kilang anda sendiri, tanpa kad lain.</translation>
    </message>
    <message>
        <source>Nobody can admit himself to a station.</source>
        <translation>Tiada sesiapa boleh membenarkan dirinya sendiri ke stesen.</translation>
    </message>
    <message>
        <source>Another supervisor of this line can.</source>
        <translation>Penyelia lain barisan ini boleh.</translation>
    </message>
    <message>
        <source>Only a supervisor of this line can admit somebody here.</source>
        <translation>Hanya penyelia barisan ini boleh membenarkan seseorang di sini.</translation>
    </message>
    <message>
        <source>Call one of this line&apos;s supervisors.</source>
        <translation>Panggil seorang penyelia barisan ini.</translation>
    </message>
    <message>
        <source>This plant&apos;s rules do not allow such an exception.</source>
        <translation>Peraturan kilang ini tidak membenarkan pengecualian sedemikian.</translation>
    </message>
    <message>
        <source>Ask your supervisor to assign you instead.</source>
        <translation>Minta penyelia menugaskan anda.</translation>
    </message>
    <message>
        <source>To admit somebody here without the hub: supervisor, tap your badge now.</source>
        <translation>Untuk membenarkan seseorang di sini tanpa hab: penyelia, imbas pas anda sekarang.</translation>
    </message>
    <message>
        <source>The worker&apos;s badge comes next. Both names go on record.</source>
        <translation>Selepas itu pas pekerja. Kedua-dua nama direkodkan.</translation>
    </message>
    <message>
        <source>Now the worker: tap your badge.</source>
        <translation>Sekarang pekerja: imbas pas anda.</translation>
    </message>
    <message>
        <source>The pages of this station open until the time that was chosen.</source>
        <translation>Halaman stesen ini dibuka hingga masa yang dipilih.</translation>
    </message>
    <message>
        <source>Somebody is absent</source>
        <translation>Seseorang tidak hadir</translation>
    </message>
    <message>
        <source>The station is down</source>
        <translation>Stesen terhenti</translation>
    </message>
    <message>
        <source>Help is needed here</source>
        <translation>Bantuan diperlukan di sini</translation>
    </message>
    <message>
        <source>Rework or repair</source>
        <translation>Kerja semula atau pembaikan</translation>
    </message>
    <message>
        <source>Safety or quality</source>
        <translation>Keselamatan atau kualiti</translation>
    </message>
    <message>
        <source>Whose pages?</source>
        <translation>Halaman stesen mana?</translation>
    </message>
    <message>
        <source>Touch the station.</source>
        <translation>Sentuh stesen.</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>Mengapa?</translation>
    </message>
    <message>
        <source>Touch the reason; it goes on record.</source>
        <translation>Sentuh sebabnya; ia direkodkan.</translation>
    </message>
    <message>
        <source>For how long?</source>
        <translation>Berapa lama?</translation>
    </message>
    <message>
        <source>It ends by itself.</source>
        <translation>Ia tamat dengan sendirinya.</translation>
    </message>
    <message>
        <source>1 minute</source>
        <translation>1 minit</translation>
    </message>
    <message>
        <source>{count} minutes</source>
        <translation>{count} minit</translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1 jam</translation>
    </message>
    <message>
        <source>{count} hours</source>
        <translation>{count} jam</translation>
    </message>
    <message>
        <source>The time for which you were admitted here has ended.</source>
        <translation>Masa anda dibenarkan di sini telah tamat.</translation>
    </message>
    <message>
        <source>Ask a supervisor of this line if you are still needed here.</source>
        <translation>Tanya penyelia barisan ini jika anda masih diperlukan di sini.</translation>
    </message>
    <message>
        <source>The hub has not prepared this kiosk for admitting this person.</source>
        <translation>Hab belum menyediakan kiosk ini untuk membenarkan orang ini.</translation>
    </message>
    <message>
        <source>Ask for somebody else, or wait for the hub.</source>
        <translation>Minta orang lain, atau tunggu hab.</translation>
    </message>
    <message>
        <source>The hub is reachable again.</source>
        <translation>Hab boleh dihubungi semula.</translation>
    </message>
    <message>
        <source>Have this person assigned at the board: it takes effect at once.</source>
        <translation>Minta orang ini ditugaskan di papan tugas: ia berkuat kuasa serta-merta.</translation>
    </message>
    <message>
        <source>To open another station&apos;s pages here: supervisor, tap your badge now.</source>
        <translation>Untuk membuka halaman stesen lain di sini: penyelia, imbas pas anda sekarang.</translation>
    </message>
    <message>
        <source>The worker&apos;s badge comes next. Every look is reviewed afterwards.</source>
        <translation>Selepas itu pas pekerja. Setiap paparan disemak kemudian.</translation>
    </message>
    <message>
        <source>That station has no pages now.</source>
        <translation>Stesen itu tiada halaman sekarang.</translation>
    </message>
    <message>
        <source>Tell the line lead which pages you need.</source>
        <translation>Beritahu ketua barisan halaman yang anda perlukan.</translation>
    </message>
    <message>
        <source>The hub does not know one of these badges any more.</source>
        <translation>Hab tidak lagi mengenali salah satu pas ini.</translation>
    </message>
    <message>
        <source>Begin again in a minute.</source>
        <translation>Mulakan semula dalam seminit.</translation>
    </message>
    <message>
        <source>The time for reading the other station&apos;s pages has ended.</source>
        <translation>Masa untuk membaca halaman stesen lain telah tamat.</translation>
    </message>
    <message>
        <source>Ask a supervisor of this line if they are still needed here.</source>
        <translation>Tanya penyelia barisan ini jika ia masih diperlukan di sini.</translation>
    </message>
    <message>
        <source>I cannot read this</source>
        <translation>Tidak dapat dibaca</translation>
    </message>
    <message>
        <source>The part looks different</source>
        <translation>Rupa komponen berbeza</translation>
    </message>
    <message>
        <source>A number or a tool is wrong</source>
        <translation>Nombor atau alat salah</translation>
    </message>
    <message>
        <source>Something is missing here</source>
        <translation>Ada yang kurang di sini</translation>
    </message>
    <message>
        <source>The order of the steps is wrong</source>
        <translation>Urutan langkah salah</translation>
    </message>
    <message>
        <source>Something else</source>
        <translation>Perkara lain</translation>
    </message>
    <message>
        <source>The page changed, so nothing was sent.</source>
        <translation>Halaman berubah, jadi tiada apa-apa dihantar.</translation>
    </message>
    <message>
        <source>Mark the place again on the page that you mean.</source>
        <translation>Tandakan semula tempat itu pada halaman yang dimaksudkan.</translation>
    </message>
    <message>
        <source>Taken back: nothing was sent.</source>
        <translation>Ditarik balik: tiada apa-apa dihantar.</translation>
    </message>
    <message>
        <source>Your remark is on its way to quality.</source>
        <translation>Ulasan anda dalam perjalanan ke kualiti.</translation>
    </message>
    <message>
        <source>You see the answer when you tap your badge.</source>
        <translation>Jawapan dipaparkan apabila anda mengimbas pas.</translation>
    </message>
    <message>
        <source>Your remark is kept on this kiosk.</source>
        <translation>Ulasan anda disimpan di kiosk ini.</translation>
    </message>
    <message>
        <source>It goes to quality by itself when the hub is back.</source>
        <translation>Ia dihantar ke kualiti sendiri apabila hab kembali.</translation>
    </message>
    <message>
        <source>Your remark was answered.</source>
        <translation>Ulasan anda telah dijawab.</translation>
    </message>
    <message>
        <source>{count} of your remarks were answered.</source>
        <translation>{count} ulasan anda telah dijawab.</translation>
    </message>
    <message>
        <source>{document}, page {page}: {answer}</source>
        <translation>{document}, halaman {page}: {answer}</translation>
    </message>
    <message>
        <source>The page will be changed.</source>
        <translation>Halaman akan diubah.</translation>
    </message>
    <message>
        <source>The page stays as it is.</source>
        <translation>Halaman kekal begini.</translation>
    </message>
    <message>
        <source>Help is called already.</source>
        <translation>Bantuan sudah dipanggil.</translation>
    </message>
    <message>
        <source>The line at the top says how it stands.</source>
        <translation>Baris di atas menunjukkan keadaannya.</translation>
    </message>
    <message>
        <source>The call is taken back.</source>
        <translation>Panggilan ditarik balik.</translation>
    </message>
    <message>
        <source>The call for help has ended.</source>
        <translation>Panggilan bantuan telah tamat.</translation>
    </message>
    <message>
        <source>The call could not be sent: there is no connection.</source>
        <translation>Panggilan tidak dapat dihantar: tiada sambungan.</translation>
    </message>
    <message>
        <source>Call out, or send somebody. It goes by itself when the hub is back.</source>
        <translation>Laungkan, atau hantar seseorang. Ia dihantar sendiri apabila hab kembali.</translation>
    </message>
    <message>
        <source>{name} is coming.</source>
        <translation>{name} sedang datang.</translation>
    </message>
    <message>
        <source>The board needs the hub, which is not reachable now.</source>
        <translation>Papan tugas memerlukan hab, yang kini tidak dapat dihubungi.</translation>
    </message>
    <message>
        <source>Wait until this kiosk is online again, then tap your badge.</source>
        <translation>Tunggu hingga kiosk ini dalam talian semula, kemudian imbas pas anda.</translation>
    </message>
    <message>
        <source>The board opens with badge and PIN only.</source>
        <translation>Papan tugas dibuka dengan pas dan PIN sahaja.</translation>
    </message>
    <message>
        <source>You may not open the board here any more.</source>
        <translation>Anda tidak lagi boleh membuka papan tugas di sini.</translation>
    </message>
    <message>
        <source>Ask another supervisor or an administrator.</source>
        <translation>Tanya penyelia lain atau pentadbir.</translation>
    </message>
    <message>
        <source>Has no active badge.</source>
        <translation>Tiada pas aktif.</translation>
    </message>
    <message>
        <source>Have the badge office issue one.</source>
        <translation>Minta pejabat pas mengeluarkannya.</translation>
    </message>
    <message>
        <source>Has no role that reads work instructions.</source>
        <translation>Tiada peranan yang membaca arahan kerja.</translation>
    </message>
    <message>
        <source>An administrator gives the role operator.</source>
        <translation>Pentadbir memberikan peranan operator.</translation>
    </message>
    <message>
        <source>{document} is more confidential than this badge may open.</source>
        <translation>{document} lebih sulit daripada yang boleh dibuka oleh pas ini.</translation>
    </message>
    <message>
        <source>A badge with a PIN, or a higher clearance, opens it.</source>
        <translation>Pas dengan PIN, atau kebenaran lebih tinggi, membukanya.</translation>
    </message>
    <message>
        <source>Has not signed {client}&apos;s current agreement.</source>
        <translation>Belum menandatangani perjanjian semasa {client}.</translation>
    </message>
    <message>
        <source>Have it signed and recorded, then move.</source>
        <translation>Minta ia ditandatangani dan direkodkan, kemudian pindahkan.</translation>
    </message>
    <message>
        <source>Is not trained on {document}, revision {revision}.</source>
        <translation>Belum dilatih untuk {document}, semakan {revision}.</translation>
    </message>
    <message>
        <source>Record the training, then move.</source>
        <translation>Rekodkan latihan, kemudian pindahkan.</translation>
    </message>
    <message>
        <source>Has reached the limit of what may be seen of {client}&apos;s know-how.</source>
        <translation>Telah mencapai had pengetahuan {client} yang boleh dilihat.</translation>
    </message>
    <message>
        <source>Quality decides on exceptions.</source>
        <translation>Kualiti memutuskan pengecualian.</translation>
    </message>
    <message>
        <source>{document} is locked down here.</source>
        <translation>{document} dikunci di sini.</translation>
    </message>
    <message>
        <source>Quality decides when it returns.</source>
        <translation>Kualiti memutuskan bila ia kembali.</translation>
    </message>
    <message>
        <source>{document} is not built at this station.</source>
        <translation>{document} tidak dibina di stesen ini.</translation>
    </message>
    <message>
        <source>Check the station&apos;s parts.</source>
        <translation>Semak produk stesen ini.</translation>
    </message>
    <message>
        <source>{document} is not in force.</source>
        <translation>{document} tidak berkuat kuasa.</translation>
    </message>
    <message>
        <source>Document control releases revisions.</source>
        <translation>Kawalan dokumen mengeluarkan semakan.</translation>
    </message>
    <message>
        <source>{count} of {all} pages stay closed</source>
        <translation>{count} daripada {all} halaman kekal tertutup</translation>
    </message>
    <message>
        <source>You do not supervise line {line}.</source>
        <translation>Anda tidak menyelia barisan {line}.</translation>
    </message>
    <message>
        <source>{name} is there already.</source>
        <translation>{name} sudah berada di sana.</translation>
    </message>
    <message>
        <source>{by} has moved {name} meanwhile; nothing was changed now.</source>
        <translation>{by} telah memindahkan {name} sementara itu; tiada apa yang diubah sekarang.</translation>
    </message>
    <message>
        <source>Look at the board again.</source>
        <translation>Lihat papan tugas sekali lagi.</translation>
    </message>
    <message>
        <source>A move can be undone for {seconds} seconds.</source>
        <translation>Pemindahan boleh dibatalkan dalam {seconds} saat.</translation>
    </message>
    <message>
        <source>Somebody has changed this person&apos;s assignments since.</source>
        <translation>Sejak itu seseorang telah mengubah tugasan orang ini.</translation>
    </message>
    <message>
        <source>Move the person back instead.</source>
        <translation>Pindahkan orang itu kembali.</translation>
    </message>
    <message>
        <source>This call is over already.</source>
        <translation>Panggilan ini sudah tamat.</translation>
    </message>
    <message>
        <source>You are signed out of this desk.</source>
        <translation>Anda telah dilog keluar.</translation>
    </message>
    <message>
        <source>Sign in again with badge and PIN.</source>
        <translation>Log masuk semula dengan pas dan PIN.</translation>
    </message>
    <message>
        <source>The pages of the other station open until the time that was chosen.</source>
        <translation>Halaman stesen lain dibuka hingga masa yang dipilih.</translation>
    </message>
    <message>
        <source>Asking the hub</source>
        <translation>Menunggu jawapan hab</translation>
    </message>
    <message>
        <source>Breaking glass needs badge and PIN.</source>
        <translation>Pecah kaca memerlukan pas dan PIN.</translation>
    </message>
    <message>
        <source>Set a PIN first, or call a supervisor who has one.</source>
        <translation>Tetapkan PIN dahulu, atau panggil penyelia yang mempunyainya.</translation>
    </message>
    <message>
        <source>The hub did not answer in time.</source>
        <translation>Hab tidak menjawab pada masanya.</translation>
    </message>
    <message>
        <source>Begin again; nothing was opened.</source>
        <translation>Mula semula; tiada apa-apa dibuka.</translation>
    </message>
    <message>
        <source>Glass can be broken only while the hub is reachable.</source>
        <translation>Kaca hanya boleh dipecahkan semasa hab boleh dihubungi.</translation>
    </message>
    <message>
        <source>Wait for the hub.</source>
        <translation>Tunggu hab.</translation>
    </message>
    <message>
        <source>What this kiosk keeps of its lease is not what it kept last: an older copy was put back.</source>
        <translation>Kebenaran yang disimpan kiosk ini bukan yang terakhir: salinan lama telah dipulihkan.</translation>
    </message>
    <message>
        <source>What this kiosk keeps of its lease is not of one moment: a part of an older copy was put back.</source>
        <translation>Kebenaran yang disimpan kiosk ini bukan dari satu masa: sebahagian salinan lama telah dipulihkan.</translation>
    </message>
    <message>
        <source>No page is shown until the hub was reached. Tell IT and quality: this is on record.</source>
        <translation>Tiada halaman dipaparkan sehingga hab dihubungi. Beritahu IT dan kualiti: ini direkodkan.</translation>
    </message>
    <message>
        <source>This machine&apos;s clock is {time} ahead of the hub&apos;s.</source>
        <translation>Jam mesin ini cepat {time} berbanding jam hab.</translation>
    </message>
    <message>
        <source>This machine&apos;s clock is {time} behind the hub&apos;s.</source>
        <translation>Jam mesin ini lambat {time} berbanding jam hab.</translation>
    </message>
    <message>
        <source>{count} days</source>
        <translation>{count} hari</translation>
    </message>
    <message>
        <source>Have it set right: without the hub no page could be shown.</source>
        <translation>Minta ia dibetulkan: tanpa hab, tiada halaman dapat dipaparkan.</translation>
    </message>
    <message>
        <source>Nothing is lost: the records stay here. Tell the hub&apos;s administrator now.</source>
        <translation>Tiada apa-apa hilang: rekod kekal di sini. Beritahu pentadbir hab sekarang.</translation>
    </message>
    <message>
        <source>This kiosk&apos;s journal is damaged.</source>
        <translation>Jurnal kiosk ini rosak.</translation>
    </message>
    <message>
        <source>Tell quality and IT: its newest records may be incomplete.</source>
        <translation>Beritahu kualiti dan IT: rekod terbarunya mungkin tidak lengkap.</translation>
    </message>
    <message>
        <source>This kiosk cannot record who reads what ({why}), so it shows no pages.</source>
        <translation>Kiosk ini tidak dapat merekodkan siapa membaca apa ({why}), maka ia tidak memaparkan halaman.</translation>
    </message>
    <message>
        <source>its disk does not take them</source>
        <translation>cakeranya tidak menerimanya</translation>
    </message>
    <message>
        <source>its disk is full</source>
        <translation>cakeranya penuh</translation>
    </message>
    <message>
        <source>another program holds its journal</source>
        <translation>program lain memegang jurnalnya</translation>
    </message>
    <message>
        <source>its journal is damaged</source>
        <translation>jurnalnya rosak</translation>
    </message>
    <message>
        <source>Tell IT. It goes on by itself when records can be written again.</source>
        <translation>Beritahu IT. Ia bersambung sendiri apabila rekod dapat ditulis semula.</translation>
    </message>
    <message>
        <source>This kiosk&apos;s journal was written by a newer Stationleaf than this one.</source>
        <translation>Jurnal kiosk ini ditulis oleh Stationleaf yang lebih baharu daripada ini.</translation>
    </message>
    <message>
        <source>Install the newer version again; nothing was changed.</source>
        <translation>Pasang semula versi yang lebih baharu; tiada apa-apa diubah.</translation>
    </message>
    <message>
        <source>The hub does not show its log of records as it should.</source>
        <translation>Hab tidak menunjukkan log rekodnya seperti yang sepatutnya.</translation>
    </message>
    <message>
        <source>Tell quality: until it does, nobody can check that the records are complete.</source>
        <translation>Beritahu kualiti: sehingga itu, tiada siapa dapat menyemak sama ada rekod lengkap.</translation>
    </message>
    <message>
        <source>The hub&apos;s records were rewritten: its log does not continue what this kiosk has seen of it.</source>
        <translation>Rekod hab telah ditulis semula: lognya tidak menyambung apa yang dilihat kiosk ini.</translation>
    </message>
    <message>
        <source>Call quality. The proof is kept on this kiosk: leave it as it is.</source>
        <translation>Hubungi kualiti. Bukti disimpan pada kiosk ini: biarkan seadanya.</translation>
    </message>
    <message>
        <source>The hub was restored from a backup, and lacks records that this kiosk has seen the log of.</source>
        <translation>Hab dipulihkan daripada sandaran, dan tiada rekod yang lognya pernah dilihat kiosk ini.</translation>
    </message>
    <message>
        <source>Tell quality: what is missing is in the incident.</source>
        <translation>Beritahu kualiti: apa yang hilang ada dalam insiden itu.</translation>
    </message>
    <message>
        <source>The hub shows another log than the one asked for.</source>
        <translation>Hab menunjukkan log lain daripada yang diminta.</translation>
    </message>
    <message>
        <source>The hub confirms records that this kiosk did not send.</source>
        <translation>Hab mengesahkan rekod yang tidak dihantar oleh kiosk ini.</translation>
    </message>
    <message>
        <source>Tell the hub&apos;s administrator; nothing was deleted here.</source>
        <translation>Beritahu pentadbir hab; tiada apa-apa dipadam di sini.</translation>
    </message>
    <message>
        <source>This kiosk&apos;s journal is older than what this kiosk has already recorded.</source>
        <translation>Jurnal kiosk ini lebih lama daripada apa yang telah direkodkannya.</translation>
    </message>
    <message>
        <source>Enrol this kiosk again with a new code, and tell quality.</source>
        <translation>Daftarkan semula kiosk ini dengan kod baharu, dan beritahu kualiti.</translation>
    </message>
    <message>
        <source>The newest records of this kiosk are lost, so it cannot go on recording.</source>
        <translation>Rekod terbaru kiosk ini hilang, maka ia tidak dapat terus merekod.</translation>
    </message>
    <message>
        <source>Tell quality and IT: this kiosk has to be enrolled again.</source>
        <translation>Beritahu kualiti dan IT: kiosk ini perlu didaftarkan semula.</translation>
    </message>
    <message>
        <source>A record in this kiosk&apos;s journal is damaged, so it and later ones cannot be handed over.</source>
        <translation>Satu rekod dalam jurnal kiosk ini rosak, maka ia dan yang berikutnya tidak dapat dihantar.</translation>
    </message>
    <message>
        <source>Tell quality and IT: nothing is deleted, and this kiosk has to be enrolled again.</source>
        <translation>Beritahu kualiti dan IT: tiada apa-apa dipadam, dan kiosk ini perlu didaftarkan semula.</translation>
    </message>
    <message>
        <source>The kiosk&apos;s folder {folder} cannot be written.</source>
        <translation>Folder kiosk {folder} tidak dapat ditulis.</translation>
    </message>
    <message>
        <source>IT: check its owner, or choose another with --home.</source>
        <translation>IT: periksa pemiliknya, atau pilih yang lain dengan --home.</translation>
    </message>
    <message>
        <source>The kiosk&apos;s folder {folder} belongs to another user.</source>
        <translation>Folder kiosk {folder} milik pengguna lain.</translation>
    </message>
    <message>
        <source>Run the kiosk as that user, or choose another folder with --home.</source>
        <translation>Jalankan kiosk sebagai pengguna itu, atau pilih folder lain dengan --home.</translation>
    </message>
    <message>
        <source>Stationleaf is already running on this kiosk.</source>
        <translation>Stationleaf sudah berjalan pada kiosk ini.</translation>
    </message>
    <message>
        <source>Use the window that is open; if there is none, restart the machine.</source>
        <translation>Guna tetingkap yang terbuka; jika tiada, mulakan semula mesin.</translation>
    </message>
    <message>
        <source>The kiosk&apos;s disk does not answer.</source>
        <translation>Cakera kiosk tidak menjawab.</translation>
    </message>
    <message>
        <source>IT: check the disk.</source>
        <translation>IT: periksa cakera.</translation>
    </message>
    <message>
        <source>The page store</source>
        <translation>Stor halaman</translation>
    </message>
    <message>
        <source>The lease store</source>
        <translation>Stor kebenaran</translation>
    </message>
    <message>
        <source>{store} was written by a newer Stationleaf than this one.</source>
        <translation>{store} ditulis oleh Stationleaf yang lebih baharu daripada ini.</translation>
    </message>
    <message>
        <source>{store} is in use by another program.</source>
        <translation>{store} sedang digunakan oleh program lain.</translation>
    </message>
    <message>
        <source>Try again in a minute.</source>
        <translation>Cuba lagi dalam seminit.</translation>
    </message>
    <message>
        <source>{store} in this folder belongs to another kiosk or an earlier enrolment.</source>
        <translation>{store} dalam folder ini milik kiosk lain atau pendaftaran terdahulu.</translation>
    </message>
    <message>
        <source>Tell IT if nobody moved this kiosk&apos;s files.</source>
        <translation>Beritahu IT jika tiada siapa memindahkan fail kiosk ini.</translation>
    </message>
    <message>
        <source>{store} of this kiosk is damaged.</source>
        <translation>{store} kiosk ini rosak.</translation>
    </message>
    <message>
        <source>Tell IT if it happens again: the disk may be failing.</source>
        <translation>Beritahu IT jika ia berlaku lagi: cakera mungkin hampir rosak.</translation>
    </message>
    <message>
        <source>This kiosk&apos;s disk is full.</source>
        <translation>Cakera kiosk ini penuh.</translation>
    </message>
    <message>
        <source>IT: free some space on it.</source>
        <translation>IT: kosongkan sedikit ruang padanya.</translation>
    </message>
    <message>
        <source>{store} cannot be read or written.</source>
        <translation>{store} tidak dapat dibaca atau ditulis.</translation>
    </message>
    <message>
        <source>IT: check the disk, and who owns the kiosk&apos;s folder.</source>
        <translation>IT: periksa cakera, dan pemilik folder kiosk.</translation>
    </message>
    <message>
        <source>The lease that is kept is not the newest one.</source>
        <translation>Kebenaran yang disimpan bukan yang terbaru.</translation>
    </message>
    <message>
        <source>What this kiosk keeps of its lease is damaged.</source>
        <translation>Kebenaran yang disimpan kiosk ini rosak.</translation>
    </message>
    <message>
        <source>What this kiosk knows of its hub&apos;s keys expired on {day}, and the hub does not answer.</source>
        <translation>Kunci hab yang diketahui kiosk ini tamat tempoh pada {day}, dan hab tidak menjawab.</translation>
    </message>
    <message>
        <source>Check that today is {day}, then the network; it is tried again by itself.</source>
        <translation>Pastikan hari ini {day}, kemudian periksa rangkaian; ia dicuba semula dengan sendirinya.</translation>
    </message>
    <message>
        <source>This kiosk&apos;s keys in the keyring are damaged.</source>
        <translation>Kunci kiosk ini dalam gelang kunci rosak.</translation>
    </message>
    <message>
        <source>Enrol this kiosk again with a new code from IT.</source>
        <translation>Daftarkan semula kiosk ini dengan kod baharu daripada IT.</translation>
    </message>
    <message>
        <source>The keyring of this machine did not keep what this kiosk gave it.</source>
        <translation>Gelang kunci mesin ini tidak menyimpan apa yang diberi oleh kiosk ini.</translation>
    </message>
    <message>
        <source>IT: free some space on the disk with the home folder of the kiosk&apos;s user.</source>
        <translation>IT: kosongkan sedikit ruang pada cakera dengan folder rumah pengguna kiosk.</translation>
    </message>
    <message>
        <source>The hub&apos;s address is too long for this machine&apos;s keyring.</source>
        <translation>Alamat hab terlalu panjang untuk gelang kunci mesin ini.</translation>
    </message>
    <message>
        <source>Give the hub a shorter name.</source>
        <translation>Beri hab nama yang lebih pendek.</translation>
    </message>
    <message>
        <source>The keyring {name} is set on this machine, and it does not protect keys well enough.</source>
        <translation>Gelang kunci {name} ditetapkan pada mesin ini, dan ia tidak cukup melindungi kunci.</translation>
    </message>
    <message>
        <source>IT: take PYTHON_KEYRING_BACKEND out of the kiosk&apos;s environment.</source>
        <translation>IT: buang PYTHON_KEYRING_BACKEND daripada persekitaran kiosk.</translation>
    </message>
    <message>
        <source>No keyring runs on this machine, so this kiosk&apos;s keys cannot be read.</source>
        <translation>Tiada gelang kunci berjalan pada mesin ini, maka kunci kiosk ini tidak dapat dibaca.</translation>
    </message>
    <message>
        <source>IT: start the desktop&apos;s keyring (gnome-keyring or KWallet) for the kiosk&apos;s user.</source>
        <translation>IT: mulakan gelang kunci desktop (gnome-keyring atau KWallet) untuk pengguna kiosk.</translation>
    </message>
    <message>
        <source>The keyring of this machine is locked, so this kiosk&apos;s keys cannot be read.</source>
        <translation>Gelang kunci mesin ini terkunci, maka kunci kiosk ini tidak dapat dibaca.</translation>
    </message>
    <message>
        <source>Unlock it with the password of the kiosk&apos;s user, or sign in to the desktop again.</source>
        <translation>Buka kuncinya dengan kata laluan pengguna kiosk, atau log masuk semula ke desktop.</translation>
    </message>
    <message>
        <source>The hub has a fault.</source>
        <translation>Hab mengalami masalah.</translation>
    </message>
    <message>
        <source>It is tried again by itself; tell the hub&apos;s administrator.</source>
        <translation>Ia dicuba semula dengan sendirinya; beritahu pentadbir hab.</translation>
    </message>
    <message>
        <source>What answers has a certificate that is not this plant&apos;s hub&apos;s.</source>
        <translation>Yang menjawab mempunyai sijil yang bukan milik hab kilang ini.</translation>
    </message>
    <message>
        <source>The hub&apos;s certificate is not valid now: it has expired, or a clock is wrong.</source>
        <translation>Sijil hab tidak sah sekarang: ia tamat tempoh, atau jam tidak betul.</translation>
    </message>
    <message>
        <source>The hub&apos;s CA certificate is not one.</source>
        <translation>Sijil CA hab bukan sijil yang sah.</translation>
    </message>
    <message>
        <source>Tell the hub&apos;s administrator; nothing was sent.</source>
        <translation>Beritahu pentadbir hab; tiada apa-apa dihantar.</translation>
    </message>
    <message>
        <source>The hub answers too slowly.</source>
        <translation>Hab menjawab terlalu perlahan.</translation>
    </message>
    <message>
        <source>Go to the badge office.</source>
        <translation>Pergi ke pejabat pas.</translation>
    </message>
    <message>
        <source>This card ran out on {day}.</source>
        <translation>Kad ini tamat tempoh pada {day}.</translation>
    </message>
    <message>
        <source>This card is not valid before {day}.</source>
        <translation>Kad ini tidak sah sebelum {day}.</translation>
    </message>
    <message>
        <source>If that day has come, the kiosk&apos;s clock is behind: tell IT.</source>
        <translation>Jika hari itu sudah tiba, jam kiosk lambat: beritahu IT.</translation>
    </message>
    <message>
        <source>The certificate on this card is not one for tapping in (card authentication).</source>
        <translation>Sijil pada kad ini bukan untuk log masuk dengan kad (pengesahan kad).</translation>
    </message>
    <message>
        <source>This card&apos;s certificate names nobody.</source>
        <translation>Sijil kad ini tidak menamakan sesiapa.</translation>
    </message>
    <message>
        <source>This card was not issued for {organization}.</source>
        <translation>Kad ini tidak dikeluarkan untuk {organization}.</translation>
    </message>
    <message>
        <source>The certificate of the CA that issued this card has run out.</source>
        <translation>Sijil CA yang mengeluarkan kad ini telah tamat tempoh.</translation>
    </message>
    <message>
        <source>Tell IT: the file of the card CA on this kiosk must be renewed.</source>
        <translation>Beritahu IT: fail CA kad pada kiosk ini perlu diperbaharui.</translation>
    </message>
    <message>
        <source>This card was not issued by this site.</source>
        <translation>Kad ini tidak dikeluarkan oleh tapak ini.</translation>
    </message>
    <message>
        <source>Use the card that this site gave you, or go to the badge office.</source>
        <translation>Guna kad yang diberi oleh tapak ini, atau pergi ke pejabat pas.</translation>
    </message>
    <message>
        <source>This card cannot open pages: its key only signs.</source>
        <translation>Kad ini tidak dapat membuka halaman: kuncinya hanya menandatangani.</translation>
    </message>
    <message>
        <source>This card has no certificate on it.</source>
        <translation>Kad ini tiada sijil.</translation>
    </message>
    <message>
        <source>This card did not sign when it was asked to.</source>
        <translation>Kad ini tidak menandatangani apabila diminta.</translation>
    </message>
    <message>
        <source>This card could not prove that it is the one it claims to be: it may be a copy.</source>
        <translation>Kad ini tidak dapat membuktikan ia kad yang didakwanya: mungkin salinan.</translation>
    </message>
    <message>
        <source>Keep the card and tell your supervisor.</source>
        <translation>Simpan kad itu dan beritahu penyelia anda.</translation>
    </message>
    <message>
        <source>Go to the badge office: the card must be issued again.</source>
        <translation>Pergi ke pejabat pas: kad itu perlu dikeluarkan semula.</translation>
    </message>
</context>
</TS>
