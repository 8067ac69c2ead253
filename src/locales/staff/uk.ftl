direction = ltr
language-name = Українська

# Спільне
title = Пункт видачі
languages = Мова
to-list = Звернення
to-staff = Команда
signed-in = { $name } (роль: { $role })
sign-out = Вийти
role-courier = кур’єр
role-manager = керівник
size-bytes = { NUMBER($count) } Б
size-kib = { NUMBER($count, maximumFractionDigits: 1) } КБ
size-mib = { NUMBER($count, maximumFractionDigits: 1) } МБ
size-gib = { NUMBER($count, maximumFractionDigits: 1) } ГБ

# Вхід
sign-in = Увійти
sign-in-name = Ім’я
sign-in-passphrase = Парольна фраза
sign-in-code = Код
sign-in-code-help = Шість цифр із вашого автентифікатора. Кожен код діє один раз.
sign-in-refused = Ім’я, парольна фраза або код неправильні. Дочекайтеся наступного коду й спробуйте ще раз.
sign-in-wait = Забагато спроб. Спробуйте за { $seconds } с.

# Звернення
list-title = Звернення
list-none = Тут нічого немає.
list-count = { $count ->
    [one] { $count } звернення
    [few] { $count } звернення
   *[many] { $count } звернень
}
list-show = Показати
show-new = Нові ({ $count })
show-collected = Забрані ({ $count })
show-opened = Розшифровані ({ $count })
show-overdue = Не підтверджені ({ $count })
show-all = Усі ({ $count })
column-choose = Вибір
column-id = Номер
column-day = Надійшло
column-size = Розмір
column-state = Стан
state-new = нове
state-collected = забрано { $day } ({ $name })
state-opened = розшифровано, { $day }
download = Завантажити
collect-new = Завантажити всі нові одним файлом
collect-chosen = Завантажити вибрані одним файлом
collect-note = Файл — це архів tar, у якому є MANIFEST.txt із SHA-256 кожного звернення. Звернення вважається забраним, коли його передано вам повністю.
pages-earlier = Раніші
pages-later = Пізніші
overdue-warning = { $count ->
    [one] { $count } звернення забрали щонайменше 14 днів тому й досі не підтвердили. Чи не загубилося воно дорогою і чи вдається його розшифрувати?
    [few] { $count } звернення забрали щонайменше 14 днів тому й досі не підтвердили. Чи не загубилися вони дорогою і чи вдається їх розшифрувати?
   *[many] { $count } звернень забрали щонайменше 14 днів тому й досі не підтвердили. Чи не загубилися вони дорогою і чи вдається їх розшифрувати?
}
chart-title = Звернення за днями, останні 30 днів
chart-bar = { $day }: { $count }
state-title = Цей сервер
state-free = Вільне місце: { $size }
state-expires = Ключ { $fingerprint } чинний до { $day }
state-forever = Ключ { $fingerprint } не має строку дії
state-months-left = (залишилося місяців: { $count })
state-expiring = Поновіть цей ключ зараз: коли строк мине, портал нічого не прийматиме.

# Підтвердження
acknowledge-title = Підтвердити розшифроване
acknowledge-help = postern open записує acknowledgement.json. Виберіть цей файл або вставте його текст. Автоматично видаляється лише те, що підтверджено.
acknowledge-file = Файл
acknowledge-text = Або його текст
acknowledge-send = Підтвердити
acknowledged-title = Підтверджено
acknowledged-marked = Позначено розшифрованими: { $count }
acknowledged-known = Позначені раніше або їх тут уже немає: { $count }
acknowledged-different = Розшифровані з іншим вмістом, ніж тут, тож лишилися як були: { $count }. Скопіюйте їх іще раз.
acknowledge-malformed = Це не текст файлу acknowledgement.json.

# Відповіді
replies-title = Покласти відповіді
replies-help = Файли, що закінчуються на .reply.gpg, — такі, якими їх зробила команда postern reply. Нічого іншого ми не приймаємо.
replies-files = Файли
replies-send = Покласти до скриньок
replies-done = Відповіді
replies-taken = прийнято
replies-known = вже була тут
replies-refused = не прийнято ({ $code })
replies-none = Файлів не вибрано.

# Видалення
delete-chosen = Видалити вибрані
delete-title = Видалити назавжди
delete-what = Ці звернення буде видалено звідси. Те, чого ніхто не розшифрував, буде втрачено.
delete-again = Підтвердьте, що це ви.
delete-do = Видалити назавжди
deleted = Видалено: { $count }

# Команда
staff-title = Команда
staff-add = Додати людину
staff-new-name = Ім’я
staff-new-name-help = Малі латинські літери, цифри, крапки й дефіси.
staff-new-role = Роль
staff-new-passphrase = Її парольна фраза, щонайменше 12 знаків
staff-add-do = Додати
staff-remove-do = Забрати доступ: { $name }
staff-confirm = Підтвердьте, що це ви: ваша власна парольна фраза й новий код
staff-added-title = { $name } тепер може увійти
staff-added-scan = Нехай { $name } зараз відсканує це автентифікатором. Удруге ми цього не покажемо.
staff-added-secret = Або введіть вручну:
staff-fault-bad_name = Ім’я складається з малих латинських літер, цифр, крапок і дефісів і починається з літери.
staff-fault-short_passphrase = У парольній фразі має бути щонайменше 12 знаків.
staff-fault-exists = Людина з таким ім’ям уже є.
staff-fault-unknown = Людини з таким ім’ям немає.
staff-fault-last_manager = Це останній керівник. Спершу додайте ще одного.

# Коли щось не так
fault-title = Не вдалося
fault-forbidden = Ваша роль цього не дозволяє.
fault-foreign = Запит надійшов не з нашої сторінки, або сторінка застаріла. Поверніться, оновіть її та спробуйте ще раз.
fault-not_found = Такої сторінки або звернення немає.
fault-nothing_chosen = Нічого не вибрано.
fault-internal = На сервері щось зламалося. Повідомте того, хто його обслуговує.
back = До списку

# Покажчик справ
index-title = Справи
index-offline = Ця сторінка працює без мережі й нічого не надсилає.
index-search = Пошук у листах і відповідях
index-status = Стан
index-language = Мова
index-documents = Документи
index-any = усі
index-with-documents = є документи
index-without-documents = немає документів
index-sort = Порядок
index-sort-new = спершу нові
index-sort-old = спершу давні
index-sort-documents = спершу ті, де більше документів
index-count = Знайдено: { $count }
index-more = Показати ще
index-csv = Зберегти як CSV
index-json = Зберегти як JSON
index-by-day = За днями
index-follow-up = Доповнення від { $day }
index-encrypted = Зашифровано в цьому листі
index-no-answer = відповісти на сайті не можна
index-mail = Надійшло електронною поштою, від: { $from }. Відправника ніщо не підтверджує. Номера-квитанції немає. Поштовий сервер відправника має текст листа.
index-mail-domain = Надійшло електронною поштою, від: { $from }. За записом, поштовий сервер встановив, що лист із { $domain }. Хто саме писав, ніщо не підтверджує. Такий запис може зробити й той, хто сам зашифрував файл. Номера-квитанції немає. Поштовий сервер відправника має текст листа.
index-foreign = Зашифровано власною програмою відправника, а не нашою формою. Номера-квитанції немає, тож відповідь ніхто не шукатиме.
index-signed = Є підписи ключів { $keys }. Їх ніхто не перевіряв: вони нічого не доводять.
index-left-out = Пропущено, бо це посилання або пристрої: { $names }
index-note = Нотатка
index-note-how = Змінити стан чи нотатку: postern case set { $folder }
index-where = Тека: { $folder }
index-picture = Показати зображення
index-shortened = Справи, від яких тут лише частина, щоб сторінка лишалася невеликою: { $count }. Це позначено в кожній; у її теці є все. Пошук не знаходить того, чого тут немає.
index-shortened-case = Показано лише частину цієї справи. Усе — в { $folder }.
index-omitted = Старіші справи, яких на цій сторінці немає: { $count }. Перенесіть теки частини справ до іншої теки й запустіть postern open для кожної.
index-file = { $name } ({ $size })
status-new = нова
status-reading = читаємо
status-waiting = чекаємо
status-answered = відповіли
status-closed = закрито
warning-mismatch = кінець назви не відповідає вмісту
warning-program = програма: не запускайте
warning-macros = може містити макроси
warning-markup = вебсторінка або SVG: не відкривайте в браузері
warning-archive = архів: що всередині, не видно

# Робоче місце на одній сторінці
desk-title = Робоче місце
desk-lead = Тут ви читаєте звернення на комп’ютері, який ніколи не буває в мережі. Сторінка ні з чим не з’єднується й нічого не зберігає: щойно її закрито, вона забуває все, крім того, що ви зберегли.
desk-online = Схоже, цей комп’ютер під’єднано до мережі. Від’єднайте його, перш ніж вибирати ключ.
desk-key-title = 1. Таємний ключ
desk-keys = Файли з таємними ключами
desk-passphrase = Парольна фраза
desk-passphrase-help = Парольна фраза пробується до кожного ключа, який ще замкнено, також у файлах, вибраних раніше. Підключ може мати іншу.
desk-shares = Парольну фразу розділено на частки
desk-shares-help = Введіть по черзі слова з одного аркуша. Номери, великі літери й рядки не важать; від кожного слова досить чотирьох перших літер.
desk-share = Слова однієї частки
desk-share-add = Додати цю частку
desk-share-more = Уже є часток: { $count }. Потрібно: { $need }.
desk-share-joined = Частки зійшлися. Парольна фраза вже в полі: тепер відімкніть.
desk-share-fault-unknown_word = слова № { $word } немає у списку. Звірте його з аркушем.
desk-share-fault-wrong_word = слово № { $word } тут не на місці. Звірте його з аркушем.
desk-share-fault-swapped_words = слова № { $word } і № { $next } переставлено.
desk-share-fault-wrong_words = неправильне не одне слово. Звірте всі з аркушем.
desk-share-fault-missing_words = бракує слова: у частці їх 23.
desk-share-fault-extra_words = є зайве слово: у частці їх 23.
desk-share-fault-unknown_version = цю частку записала новіша версія. Візьміть новіший desk.html.
desk-share-fault-other_set = ця частка від іншого ключа, ніж перша. Додайте іншу.
desk-share-fault-twice = цю частку вже додано. Додайте іншу.
desk-share-fault-too_few = потрібно більше часток. Додайте ще одну.
desk-share-fault-false_share = частки не сходяться: якась із них не та, що видали. Відкрийте сторінку знову й спробуйте інші.
desk-share-fault-crashed = сторінка не впоралася. Відкрийте її знову.
desk-unlock = Відімкнути
desk-unlocking = Відмикаємо…
desk-unlocked = Відімкнено:
desk-another-key = Ще один ключ
desk-key-none = Виберіть файл із таємним ключем.
desk-key-known = Ці ключі вже відімкнено.
desk-lock-passphrase = парольна фраза не підходить до цього ключа. Спробуйте ще раз або введіть саме його фразу.
desk-lock-card = таємна частина на смарткартці, а браузер із нею не працює. Скористайтеся postern open --gpg.
desk-lock-absent = таємної частини в цьому файлі немає: ключ експортовано без неї. Знайдіть файл, у якому вона є.
desk-lock-weak = замкнено застарілим способом. Задайте парольну фразу ще раз у GnuPG (gpg --edit-key, passwd) й експортуйте ключ знову.
desk-lock-costly = парольна фраза потребує більше пам’яті, ніж бере ця сторінка. Задайте її знову з меншими витратами й експортуйте ключ знову.
desk-lock-unsupported = ключ такого виду ця сторінка не знає. Спробуйте postern open --gpg, коли цей ключ є в GnuPG.
desk-key-not_keys = у цьому файлі немає ключа OpenPGP. Виберіть той, що закінчується на -secret.asc.
desk-key-empty = цей файл порожній. Візьміть іншу копію.
desk-key-public_only = у цьому файлі немає таємного ключа, лише сертифікат. Виберіть той, що закінчується на -secret.asc.
desk-key-revocation = це сертифікат відкликання або інший підпис, а не ключ. Виберіть файл, що закінчується на -secret.asc.
desk-key-message = це зашифрований файл, а не ключ. Якщо це резервна копія ключа, спершу розшифруйте її в GnuPG.
desk-key-gnupg_file = файли з власної теки GnuPG читає лише GnuPG. Експортуйте ключ: gpg --export-secret-keys
desk-key-damaged = ключ у цьому файлі пошкоджено або обрізано. Візьміть іншу копію.
desk-key-partly_damaged = деякі ключі в цьому файлі не читаються. Якщо бракує вашого, візьміть іншу копію.
desk-key-signing_only = таємні ключі в цьому файлі лише підписують. Експортуйте ключ цілком, із підключами.
desk-key-too_large = цей файл завеликий для ключа.
desk-key-unreadable = цей файл не читається. Чи носій досі на місці?
desk-files-title = 2. Звернення
desk-limits = Читання займає мало пам’яті, хоч який великий файл. Щоб зберегти документ, браузерові може знадобитися вдвічі більше вільної пам’яті, ніж займає сам документ. Документи, більші за { $size }, тут зберегти не можна: для них є postern open.
desk-files = Виберіть файли
desk-folder = Або цілу теку
desk-stop = Зупинити
desk-progress = Файли: { $done } з { $count }, { $size } з { $total }.
desk-left = Лишилося приблизно { $minutes } хв.
desk-opened = Відкрито звернень: { $count }
desk-known = Уже було відкрито: { $count }
desk-not-begun = Не почато, бо ви зупинили: { $count }
desk-refused = Не вдалося відкрити: { $count }
desk-nothing = Тут немає звернень. Їхні назви закінчуються на .gpg.
desk-cases-title = 3. Справи
desk-beware = Документ може надіслати будь-хто, зокрема й той, хто хоче вам зашкодити. Збережіть його й відкрийте в Dangerzone або на машині, якої не шкода. Тут показуємо лише зменшені зображення та простий текст.
desk-save = Зберегти
desk-save-all = Зберегти лист і всі документи одним файлом tar
desk-text = Показати текст
desk-working = Розшифровуємо…
desk-reply-title = Відповідь
desk-reply-text = Ваша відповідь
desk-reply-files = Файли до неї
desk-reply-save = Зашифрувати й зберегти
desk-reply-empty = Спершу щось напишіть.
desk-reply-saved = Збережено як { $name }. Перенесіть цей файл на комп’ютер кур’єра.
desk-acknowledge = Зберегти acknowledgement.json
desk-acknowledge-help = З acknowledgement.json сервер дізнається, що ви змогли відкрити; там лише номери й контрольні суми. Перенесіть його на комп’ютер кур’єра.
desk-forget = Забути все
desk-fault-no_matching_key = жоден із ваших ключів не підходить. Може, є ще один? Чи файл старший за ваш ключ?
desk-fault-locked_key = зашифровано для ключа, який ще замкнено. Введіть вище його парольну фразу й виберіть файл ще раз.
desk-fault-card_key = зашифровано для ключа на смарткартці, а браузер із нею не працює. Скористайтеся postern open --gpg.
desk-fault-not_a_message = починається як зашифрований файл, але прочитати його не вдається. Скопіюйте ще раз.
desk-fault-empty = файл порожній. Скопіюйте ще раз.
desk-fault-truncated = бракує кінця файлу. Скопіюйте ще раз і виймайте носій лише тоді, коли він готовий.
desk-fault-trailing_data = до файлу щось дописано. Скопіюйте ще раз.
desk-fault-damaged = пошкоджено або змінено дорогою. Скопіюйте ще раз.
desk-fault-bad_armor = текст файлу змінено дорогою, можливо, поштовою програмою. Попросіть сам файл.
desk-fault-not_encrypted = це не зашифрований файл, а ключ, підписаний текст або відкритий файл. Якщо це лист, знищте копії, які так переносили.
desk-fault-password_encrypted = зашифровано паролем, який знає лише відправник. Попросіть файл, зашифрований вашим ключем.
desk-fault-unsupported = зашифровано способом, якого ця сторінка не знає. Спробуйте postern open --gpg з GnuPG 2.4 або новішим.
desk-fault-too_compressed = усередині більш ніж удесятеро більше, ніж зовні, тож це зробила не наша форма. Можливо, хтось хоче заповнити ваш диск. Якщо ви довіряєте відправникові, попросіть надіслати без стиснення.
desk-fault-too_many_recipients = зашифровано більш ніж для 64 ключів; наша форма такого не робить. Можливо, хтось хоче надовго зайняти цей комп’ютер.
desk-fault-bad_archive = складено не так, як це робить наша форма ({ $code }). Можливо, хтось зробив його вручну. Не відкривайте нічим іншим.
desk-fault-unreadable = файл не читається. Чи носій досі на місці?
desk-fault-too_large = завеликий для браузера. Скористайтеся postern open.
desk-fault-reply_too_large = завелике: відповідь разом із файлами може мати щонайбільше 32 МіБ. Надішліть менше файлів або менші.
desk-fault-not_a_picture = це не зображення, яке вміє показати браузер
desk-fault-out_of_memory = бракує пам’яті. Закрийте інші програми й спробуйте ще раз або скористайтеся postern open.
desk-fault-crashed = сторінка не впоралася з цим. Спробуйте ще раз; якщо не допоможе, збережіть файл і скажіть операторові.
desk-fault-stalled = десять хвилин нічого не рухалося. Чи носій досі на місці? Спробуйте ще раз або скористайтеся postern open.
desk-fault-stopped = зупинено, перш ніж почали. Виберіть ще раз.

# Частка розділеного ключа, на папері
share-title = Частка { $number } із { $shares }: { $label }
share-keep = Тримайте цей аркуш там, де його ніхто не бачить. Ніколи не фотографуйте. Нікому не кажіть, що він у вас.
share-join = Будь-які { $need } з цих аркушів разом відмикають ключ. Менше — не кажуть про нього нічого.
share-without = На офлайн-машині: postern keys join або desk.html. Введіть по черзі всі слова, їх { $words }. Без Postern: join-shares.py.

# Протокол церемонії
ceremony-title = Протокол: створення ключа та його поділ
ceremony-date = Дата й місце
ceremony-leader-name = Веде
ceremony-first-witness = Перший свідок
ceremony-second-witness = Другий свідок
ceremony-prepare = Приготувати
ceremony-prepare-machine = Офлайн-машина: без мережевої карти або Tails із вимкненою мережею. Номер чи назва: …
ceremony-prepare-program = На ній Postern. Обидва свідки звірили його SHA-256 з описом випуску. Перші цифри: …
ceremony-prepare-paper = Принтер на кабелі, який нічого не зберігає, або чисті аркуші ({ $shares }) і ручки, що не продавлюють.
ceremony-prepare-envelopes = Пронумеровані конверти ({ $shares }), на яких видно, чи їх відкривали, і два зашифровані носії.
ceremony-prepare-phones = Телефони, годинники й камери — поза кімнатою.
ceremony-say = Сказати вголос
ceremony-say-leader = Той, хто веде: «Ми створюємо один ключ. Його відмикають будь-які { $need } з { $shares } аркушів. Парольної фрази не лишає собі ніхто».
ceremony-say-witness = Кожен свідок: «Я не бачу ні мережі, ні телефона, ні камери. Якщо щось не так, я скажу “стоп”».
ceremony-make = Створити
ceremony-make-key = Введіть: postern keys new --name "…"
ceremony-make-fingerprint = Кожен свідок записує весь відбиток і звіряє з записом другого: … …
ceremony-make-split = Введіть: postern keys split FILE --shares { $shares } --need { $need }
ceremony-make-print = Надрукуйте або перепишіть частки. Свідок рахує на кожній 23 слова й не читає їх уголос.
ceremony-check = Перевірити
ceremony-check-join = Витягніть навмання стільки аркушів: { $need }. Введіть їх: postern keys join --out passphrase. Витягнуто: …
ceremony-check-open = Відкрийте пробний лист: postern open LETTER --key FILE-shared.asc --passphrase-file passphrase. Відкривається: …
ceremony-check-again = Повторіть з іншими аркушами, доки кожен не використано раз. Витягнуто: …
ceremony-burn = Знищити
ceremony-burn-files = Знищте перший таємний ключ, файли часток і парольну фразу. Флеш-носій забуває, лише коли його зламано.
ceremony-burn-paper = Спаліть невдалі аркуші й нотатки. Попіл бачать обидва свідки.
ceremony-hand-out = Роздати
ceremony-receiver = Частка { $number }, конверт …, кому …, підпис …
ceremony-end = У цьому протоколі немає таємниць. Зберігайте його разом із сертифікатом.
ceremony-signatures = Підписи обох свідків
