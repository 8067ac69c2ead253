direction = ltr
language-name = English

# The form
form-title = Write to us
form-enough = Write a letter or attach a document.
form-enough-of = Answer at least one of these questions: { $questions }.
form-enough-required = Answer every question that is not marked “optional”.
form-more = Add details
form-more-note = Answer only what you can and want to.
form-earlier = Have you written before?
language-switch = Language
answer-optional = optional
answer-none = I would rather not say
answer-files = { $files ->
    [one] { $files } file, up to { $size }.
   *[other] Up to { $files } files, { $size } in all.
}
answer-date = Day, month and year, for example 31.12.2024.
answer-several = Tick all that apply.
answer-only-when = Answer only if your answer to { $question } is: { $answers }.
quoted = “{ $text }”

truth-title = Before writing
truth-stored = Our server encrypts your letter and documents as soon as it receives them. They are stored only in encrypted form. Only our team can read them, on a computer that is never online.
truth-server = While your letter is arriving, the server holds it in memory, unencrypted. It is never written to disk unencrypted. But if someone has broken into the server by then, they may read the letter.
truth-network = Your provider sees that you visited this site, when, and roughly how much you sent. It cannot see what you sent. In Tor Browser it cannot tell which site it is either, but sees that you use Tor.
truth-device = Open the site in an incognito window (in Firefox, a private window). Your documents stay on the device and, without such a window, so does the browsing history.
truth-address = We do not record your network address, your browser or the exact time.
truth-hacked = If someone breaks into the site and changes the page, they may read the letter. The offline form protects better against that.
address-published = We publish our address here: { $places }.
promise-browser = Your browser encrypts your letter for our team.
promise-server = Our server sees your letter, then encrypts it.
risk-device = Use your own phone, not at work.
risk-network = Your provider sees the site, not the letter.
risk-address = Check the address: fakes exist.

question-message = Your letter
question-message-help = Tell us what happened.
question-documents = Documents
question-documents-help = Verdict, indictment, certificates, photographs.
question-prisoner = Who you are writing about
question-prisoner-help = Surname, first name, patronymic and date of birth, if you know them. If it is about you, say so.
question-place = Where this person is now
question-place-help = Town, detention centre, number of the colony (IK-6, for example), hospital, at home. If on the way and you do not know where, say so.
question-charge = Since when, and on what charge
question-charge-help = Date of arrest, article of the law (207.3, for example). If there is already a verdict, the sentence.
question-request = What you are asking for
question-request-help = Exchange, asylum, a lawyer, a parcel, or something else. If you do not know what to ask for, say so.
question-writer = Who is writing
question-writer-help = How you are related to this person or know them. You do not have to give your name.
question-contact = How we can reach you safely
question-contact-help = If there is no safe way, leave this empty: the answer will be here, under your number. Best is Signal (in Russia it may need a VPN), or an email address abroad that only you know about. Do not give MAX, VKontakte, Mail.ru or Yandex. Say when it is safe to write to you.
question-health = Health: what is urgent
question-health-help = Illnesses, medicines, what is withheld.
question-consent = Does this person know that you are writing
question-consent-help = Do they agree to an exchange? If you do not know, say so.

send = Send
send-note = Sending may take several minutes. Keep this page open until it says “We have your letter”.
send-narrow = If this site hardly loads for you: without JavaScript only a letter of up to some 3000 characters gets through, without documents. With JavaScript both go in small pieces. “Safety” names other ways.

# Progress
progress-title = Progress
progress-waiting = You will see here how the sending is going.
progress-sending = Sent: { $percent }%
progress-storing = Everything has arrived. Encrypting and storing…
progress-stored = Done: your letter is stored.
progress-failed = Not stored. See below.
progress-bar = How much has been sent

# Receipt
receipt-title = We have your letter
receipt-lead = We received your letter. It is encrypted and stored.
receipt-documents = { $count ->
    [0] You attached no documents.
    [one] Attached: { $count } document.
   *[other] Attached: { $count } documents.
}
receipt-waits = The letter waits here, encrypted.
receipt-opened = Our staff open it on a computer that is never online. Look for a note of that where the answer will be.
receipt-next = Only our team will read your letter. To see our answer, open this site again, choose “Read an answer” and type your number. Remember the address: once history is cleared, your phone will not suggest it.
answer-soon = { $days ->
    [one] We usually answer within { $days } day. Look in then.
   *[other] We usually answer within { $days } days. Look in then.
}
answer-later = We cannot say in advance how long an answer takes. Look in once a week.
answer-kept = { $days ->
    [one] An answer waits on the server for { $days } day and is then erased.
   *[other] An answer waits on the server for { $days } days and is then erased.
}
answer-kept-always = An answer waits on the server, encrypted, until you delete it.
impostors = We never ask you for money or passwords, or to run errands. If someone writes to you in our name, check: the same must be here, under your number.
receipt-code-title = Your number
receipt-code-keep = Write it on paper with nothing to say what it is or which site it belongs to. With it you can read our answer and add to your letter. Anyone who finds it can read the answer and add in your name, but not read your letter. We cannot recover it. If you lose it, write again and you will get a new one.
receipt-code-copy = Copy
receipt-code-copied = Copied. Other apps may be able to see it. Once you have written the number down, copy any other word.
receipt-code-print = Print
receipt-follow-up = We will add this to your earlier letter. Your number stays the same.
receipt-device = Now close this tab and delete this site from your history. The documents are still on your device: decide whether they need to be there.
receipt-another = Write another letter

# Faults
fault-kept = Your text is safe: it is in the form below. Please choose the files again: browsers do not let us put them back.
fault-nothing-kept = Your letter did not reach us, and nothing of it is left on the server.
fault-back = Back to the form
fault-nothing_written = The letter is empty
fault-required = An answer is missing
fault-required-cure = Answer the questions listed below and send again.
fault-required-field = This question needs an answer.
fault-not_a_date = The date could not be understood
fault-not_a_date-cure = Correct the date and send again.
fault-not_a_date-field = Write day, month and year in figures, for example 31.12.2024.
fault-text_too_long = The text is too long
fault-text_too_long-cure = Shorten it, or attach the long text as a file. Then send it again.
fault-text_too_long-field = This answer is too long: it can have no more than { $limit } characters.
fault-too_large = The files are too large
fault-too_large-cure = Together they are over { $size }. Send some of them now and the rest with another letter. Videos can be made smaller.
fault-too_many_files = Too many files
fault-too_many_files-cure = You can send up to { $files } at a time. Send some of them now and the rest with another letter.
fault-bad_request = The letter arrived damaged
fault-bad_request-cure = This can happen on a bad connection. Please send it again. If that does not help, copy your text and reload the site.
fault-receipt_code = There is a mistake in the number
fault-receipt_code-cure = Compare the number with what you wrote down: it has 20 digits. If this is your first letter, leave that field empty.
fault-too_many_requests = Too many requests at once
fault-too_many_requests-cure = This is not your fault. Wait a minute and try again.
fault-busy = Too many people are writing right now
fault-busy-cure = Wait a minute and try again. Nothing is lost.
fault-no_space = The server is out of space
fault-no_space-cure = We cannot accept your letter right now. Please try again in a few hours, or send only the text, without large files.
fault-key_expired = Your letter cannot be encrypted safely right now
fault-key_expired-cure = So we did not accept it. We will try to fix this soon: please try again tomorrow. Until then, keep a copy of your text in a safe place.
fault-cannot_store = Your letter could not be stored
fault-cannot_store-cure = The problem is on our side. Wait a few minutes and send it again.
fault-not_found = There is no such page
fault-not_found-cure = The address may be mistyped. The link below leads to the form.

# Common
demonstration = This is a demonstration. Write nothing real here: the key that letters are encrypted to is not protected.
frame-form = Letter form
frame-progress = Progress
frame-fallback = Open the form on its own
letter-heading = Letter
letter-documents = Attached documents
size-bytes = { NUMBER($count) } B
size-kib = { NUMBER($count, maximumFractionDigits: 1) } KB
size-mib = { NUMBER($count, maximumFractionDigits: 1) } MB
size-gib = { NUMBER($count, maximumFractionDigits: 1) } GB

# The client: encryption in the browser
truth-browser = Your browser encrypts your letter and documents before it sends them. They are kept only in encrypted form. Only our team can read them, on a computer that is never online.
truth-page = Check the address at the top of the screen letter by letter: there are fake sites made to catch people who write to Ukraine. Do not look for us through a search engine. Take the address only from where we publish it.
client-preparing = Preparing encryption… You can start writing now.
client-preparing-parts = Preparing encryption: { $done } of { $total }. You can start writing now.
client-ready = Ready: your browser will encrypt the letter before sending it.
client-unready = Your letter cannot be encrypted in this browser right now.
late-title = Encryption has still not loaded.
late-reload = Copy your letter so that it is not lost, and reload the page. If that does not help, there is another way:
narrow-note = This network cuts connections short, so everything is loaded in small pieces. It takes a little longer.
narrow-waiting = Nothing is getting through right now. We keep trying by ourselves: leave this page open.
narrow-title = What to do if nothing gets through
narrow-1 = Try another network: mobile internet instead of Wi-Fi, or the other way round.
narrow-2 = Open this site in Tor Browser. In its settings, under “Connection”, turn on a bridge: WebTunnel first, and if that does not work, another kind.
narrow-3 = Turn on a VPN, if you have one that works. Its owner will see that you visited this site, but not what you write.
narrow-4 = Ask someone you trust abroad to open this site and send your letter, or to send you the offline form.
narrow-5 = The offline form encrypts your letter into a file. Someone abroad whom you trust can get that file to us.
client-try-again = Try again
client-offline = Download the offline form
client-offline-means = It encrypts your letter into a file on your device. Write the letter again there, or copy it from here. Get the file to us through our site, or through someone abroad whom you trust. Only we can read what is in it, but others may see who passed it on, and to whom. Do not send it through MAX, VKontakte, Odnoklassniki, or email from Mail.ru or Yandex.
client-keep = Keep this form for later
client-keep-means = You get the form as a file that works without the internet. It encrypts your letter into another file. Get that file to us through our site, or through someone abroad whom you trust.
client-keep-ready = Save the form
client-keep-failed = The form could not be put together. Please try again.
client-on-server = Send it for the server to encrypt
client-on-server-means = The server then holds your letter in memory, unencrypted, while it arrives. It is still stored only in encrypted form.
client-choose = Choose files
client-camera = Take a photo
client-remove = Remove
client-too-many = Too many files: you can send up to { $files } at a time. Remove some and send them with another letter.
client-too-large = The files are over { $size } in total. Remove some and send them with another letter.
client-folder-reading = Reading what you dropped…
client-folder-too-many = The folder “{ $name }” holds more files than you can send at a time ({ $files }). Open it and choose the files, or pack it into one archive.
client-folder-unreadable = “{ $name }” cannot be read. If it is a folder, open it and choose the files in it.
client-folder-empty = There are no files in the folder “{ $name }”.
client-sending-title = Sending
client-phase-preparing = Preparing…
client-phase-sending = Encrypting and sending…
client-phase-narrow = This network lets only small pieces through. We are sending in small pieces: it takes longer.
client-phase-waiting = The connection is lost. As soon as it is back, sending will continue from the same place.
client-phase-busy = The server is busy: a lot of people are writing. Your letter is waiting its turn and will go on by itself.
client-phase-proving = A lot of requests are coming in right now. Your browser is working on a small task for a few seconds: that is how the server tells people from robots.
client-phase-paused = Paused. Nothing is lost.
client-phase-cancelling = Cancelling, and deleting from the server what was sent…
client-phase-storing = Everything has been sent. Waiting for the server to store it…
client-amount = { $done } of { $total } sent
client-left-minute = less than a minute left
client-left-minutes = about { $minutes } min left
client-keep-open = Keep this page open until it says “We have your letter”.
client-save = Save the letter as an encrypted file
client-save-means = Only we can read it. You can hand it over later, through this site or through someone abroad whom you trust.
client-pause = Pause
client-resume = Continue
client-cancel = Cancel
client-cancelled = Cancelled. Nothing is left on the server, and your text is in the form.
client-cancelled-later = Cancelled. Your text is in the form. What had already been sent is encrypted, and the server deletes it within two days.
client-fault-too_old = Encryption did not load. The connection may be lost, or your browser may be too old.
client-fault-script_changed = What arrived is not the program that this page names. Reload the page. If it happens again, send nothing.
client-fault-insecure = This page came over an unprotected connection (http). Others can read and change it on the way, and browsers do not encrypt on it. Open our address with https:// at the beginning, or our onion address in Tor Browser.
client-fault-go_between = You are seeing this page through an intermediary, such as a translator or a gateway. It can see everything you write. Open our address directly.
client-fault-keys_unreachable = We could not load the keys that letters are encrypted to. Check your connection.
client-fault-keys_changed = The keys on the site are not the ones named on the page. Reload the page. If it happens again, send nothing.
client-fault-clock = The clocks of this device and of our server disagree: on this device it is { $day }. Set its date and time and try again. If they are right, the error is ours: please try again tomorrow.
client-fault-self_test = This browser cannot encrypt properly. Try Tor Browser, or a newer Firefox or Chrome.
client-fault-file_unreadable = One of the files cannot be read. It may have been deleted or moved. Remove it from the list and add it again.
client-fault-too_large = The files are too large for the server. Send some of them now and the rest with another letter.
client-fault-no_space = The server is out of space. Please try again in a few hours.
client-fault-key_expired = The key that letters are encrypted to is not valid now, so nothing can be sent. By the clock of this device it is { $day }. If that is wrong, set the date and try again. If it is right, please try again tomorrow.
client-fault-no_portal = This is only a copy of our page, and it cannot accept letters. Download the offline form, or open our own site at the address we gave you.
client-fault-refused = The server did not accept the letter. The problem is on our side. Please try again.
client-fault-blocked = Something on the way to our server does not let the letter through: the network, a proxy, or a program on this device. Your text is still here. Try another network or Tor Browser, or use the offline form.
client-fault-digest_mismatch = What the server stored is not what you sent. Treat your letter as not delivered, and please try again.
client-fault-internal = Something went wrong. Your text is still here. Please try again.

# The offline form
offline-title = Offline form
offline-lead = This form sends nothing by itself. It encrypts your letter and documents into one file. Only our team can read it.
offline-escape = Press Esc three times in a row to wipe what you have written.
offline-fingerprints = Fingerprints of the keys that this form encrypts to
offline-noscript = Turn on JavaScript for this file so that the form can encrypt your letter.
offline-ready = Ready: the letter will be encrypted into a file on this device. The form itself sends nothing.
offline-encrypting-title = Encrypting
offline-encrypting = Encrypting into a file…
offline-encrypt = Encrypt
offline-save = Save the file
offline-saved-title = The letter is encrypted
offline-saved-lead = The file { $name } is in your downloads. If it is not, press the button.
offline-saved-next = Get the file to us through our site, or through someone abroad whom you trust. Only we can read what is in it, but others may see who passed it on, and to whom. Do not send it through MAX, VKontakte, Odnoklassniki, or email from Mail.ru or Yandex. You will find our answer on our site, using this number.
offline-saved-device = Once it has reached us, delete it from the device, and this form too if you saved it. The original documents are still there too.

# Draft
draft-stop = Stop here and go on later
draft-resume = Go on with a letter you stopped
draft-lead = We will encrypt what you wrote under a new number of 20 digits. Nobody can open the draft without it, not even we.
draft-documents = The text and the names of your files are kept. Choose the files themselves again later.
draft-risk = Anyone who finds the number can read the draft. If you can, it is better to send the letter now.
draft-on-site = Keep it on the site
draft-on-site-means = There will be no draft on this device.
draft-days = { $days ->
    [one] The site keeps a draft for { $days } day, then deletes it.
   *[other] The site keeps a draft for { $days } days, then deletes it.
}
draft-in-file = Save it to a file
draft-in-file-means = The file stays on this device. A search will find it, but nobody can open it without the number.
draft-back = Back to the letter
draft-keeping = Encrypting and saving…
draft-kept = The draft is saved
draft-not-sent = The letter has not been sent yet.
draft-number = Number of the draft
draft-number-help = The 20 digits that you wrote down when you stopped.
draft-number-keep = Write it down on paper, with no explanation. We will not show it again.
draft-kept-site = To go on, open this site, press “Go on with a letter you stopped”, and type the number.
draft-kept-file = The file { $name } is in your downloads. If not, press the button. To go on you need both the file and the number.
draft-device = Once you have sent the letter, delete the file from the device.
draft-open-site = Find it on the site
draft-open-file = Open a file
draft-opening = Opening…
draft-opened = The draft is open: your text is back in the form.
draft-files-again = Choose these files again:
draft-left-over = The form has no place for this. Copy what you need into the letter.
draft-stays = The draft is still on the site.
draft-delete = Delete the draft from the site
draft-deleted = The draft is deleted.
draft-fault-none = There is no draft under this number. Check the digits. If they are right, its time is over and it was deleted.
draft-fault-wrong = This number does not open the file. Check the digits. If they are right, the file is damaged or another one.
draft-fault-damaged = The draft on the site is damaged or was tampered with. It cannot be opened. Please write the letter again.
draft-fault-unreachable = The server does not answer. Check your connection and try again.
draft-fault-no_space = The server is out of space. Save the draft to a file.
draft-fault-too_large = The text is too long for a draft. Shorten it, or send the letter now.
draft-fault-failed = Saving did not work. Your text is still here. Try again, or save it to a file.

# The receipt code and replies
receipt-code = The number of your earlier letter
receipt-code-help = The 20 digits you wrote down after sending. We will add this to that letter.
code-fault-empty = Type your number: 20 digits.
code-fault-not_digits = The number has only digits. Check that there is nothing else in it.
code-fault-too_short = There are fewer than 20 digits. Check for missing digits.
code-fault-too_long = There are more than 20 digits. Check for extra digits.
code-fault-mistyped = There is a mistake somewhere: no number looks like this. Compare the digits with what you wrote down.
replies-title = The answer to your letter
replies-lead = Type the number that you wrote down when you sent your letter. If we have answered, you will see the answer here.
replies-browser = Your browser decrypts the answer. Neither your number nor the text of the answer reaches the server.
replies-server = Without JavaScript, our server receives your number. It decrypts the answer in memory, shows it to you, and keeps nothing.
replies-plain = Open the page without JavaScript
replies-code = Your number
replies-code-help = 20 digits, with or without spaces.
replies-read = Show the answer
replies-looking = Checking…
replies-unopened = There is no note yet that your letter was opened.
replies-opened = Our staff opened your letter on { $day }.
replies-there = There is an answer.
replies-none = There is no answer yet. If you are not sure of your number, check it: we cannot tell whether a number exists. If you have lost it, write again and you will get a new one.
replies-reply = Answer from { $day }
replies-unreadable = This answer cannot be opened. Let us know: choose “Write more or attach documents”.
replies-unreachable = The server is not responding. Check your connection and try again.
replies-save = Save
replies-delete = Delete this answer from the server
replies-deleted = Deleted. This answer is no longer on the server.
replies-again = Close this page when you have read it.
replies-more-title = Write more or attach documents

# Leaving, and other pages
exit = Leave
exit-note = “Leave” opens Wikipedia. Your visit stays in the browser history, and your provider has seen it.
exit-escape = Press Esc three times in a row to wipe what you have written and open Wikipedia.
onion-link = This site’s address for Tor Browser:
footer-pages = Pages of this site
footer-form = Write to us
footer-replies = Read an answer
footer-safety = Safety
footer-about = About this site and your data
footer-keys = Keys

# Pages
safety-title = Before you write
safety-device = Your device
safety-device-1 = Write from your own phone or computer, one that others cannot get into. Do not use a device at work or one that belongs to somebody else.
safety-device-2 = If the device was ever taken from you during a search or at a border, use another one.
safety-device-3 = Update your browser. Open the site in an incognito window (in Firefox, a private window): it leaves fewer traces.
safety-device-4 = Open the site in Chrome, Firefox or Safari, not inside a messenger and not in Yandex Browser. Do not use a page translator: it sends the text to others. Best is a phone without MAX.
safety-device-5 = Your phone may send photos of documents to Google Photos, Yandex Disk or Mail.ru Cloud by itself. Turn automatic upload off before you take them. Do not choose files from a cloud.
safety-device-6 = If someone near you should not see this, put it off. You can write later.
safety-network = Your network
safety-network-1 = Your provider and the owner of the Wi-Fi see which sites you visit, not what you write. On a work computer or phone, your employer may see everything.
safety-network-2 = With a VPN your provider cannot see which site it is, but the owner of the VPN can. Do not trust a VPN that is free or Russian.
safety-network-3 = Tor Browser hides which site you opened. Get it from torproject.org. Android needs version 8 or newer; on an iPhone, use Onion Browser.
safety-network-4 = If that site is blocked, write to gettor@torproject.org from an email address abroad. Name your system: Windows, macOS or Linux. You will be sent links.
safety-network-5 = Tor is blocked in Russia. In the settings of Tor Browser, under “Connection”, turn on a bridge. Try WebTunnel first: Snowflake is filtered in places.
# For a lawyer to check, in every language.
safety-law = The law
safety-law-1 = In Russia people may be prosecuted for contact with a Ukrainian or an “undesirable” organisation: Articles 275, 275.1 and 284.1 of the Criminal Code. We cannot say whether this concerns you.
safety-law-2 = It is for you to decide. Somebody abroad can tell us about the person as well.
safety-law-3 = If in doubt, ask an independent lawyer, in person and not by phone.
safety-narrow = If the site hardly loads
safety-narrow-1 = Many Russian networks silently cut connections abroad after some 16 kilobytes. This site then loads and sends in small pieces, each over a fresh connection. That takes longer; do not close the page.
safety-narrow-2 = Without JavaScript, a letter of up to some 3000 characters gets through such a network, and documents do not. It has arrived once you see “We have your letter”.
safety-narrow-3 = Your provider sees many short connections to this site. They look different from an ordinary visit.
safety-narrow-4 = If nothing gets through: try another network, Tor Browser with a WebTunnel bridge, a VPN, or somebody you trust abroad. The offline form works without the internet.
safety-stored = What we keep
safety-stored-1 = The encrypted letter with its documents, roughly how large it is, and the day on which it arrived. And the encrypted answer.
safety-stored-2 = Only our staff can read it, on a computer that is never online.
safety-stored-3 = We do not record your network address, your browser or the exact time.
safety-stored-4 = A draft, if you left one yourself: encrypted, until its time is over.
safety-hidden = What we cannot hide
safety-hidden-1 = That somebody visited this site from your device, when, and roughly how much was sent.
safety-hidden-2 = Your browsing history, and the documents on your device.
safety-hidden-3 = If someone breaks into the site and changes the page, they may read the letter. The offline form protects better against that.
safety-after = Afterwards
safety-after-1 = Write your number on paper, with nothing beside it, and hide it. Do not keep it in the phone.
safety-after-2 = If your phone may be searched, delete the photos, the downloads and this site from the history: ⋮ → “History” → the cross. A history that is quite empty stands out too.
safety-after-3 = Do not tell anyone you do not trust that you wrote to us.
copy-title = This is only a copy
copy-what = What to do
copy-what-1 = There is only a copy of our pages at this address. You can read it, but it cannot accept letters or show answers.
copy-what-2 = Download the offline form. It encrypts your letter into a file on your device. Get the file to us through our site, or through someone abroad whom you trust. Only we can read what is in it, but others may see who passed it on, and to whom. Do not send it through MAX, VKontakte, Odnoklassniki, or email from Mail.ru or Yandex.
copy-what-3 = Only our own site accepts letters. Open it at the address we gave you.
about-title = About this site and your data
about-who = Who reads your letters
about-who-1 = Only the team you are writing to. They read them on a computer without the internet.
about-who-2 = The people who look after the server cannot read the letters: the key is not on it.
about-who-3 = We can answer you on this site, using your number, or wherever you ask us to.
about-stored = What stays on the server
about-stored-1 = Encrypted letters, until our staff have collected them.
about-stored-2 = Encrypted answers.
about-stored-3 = The day on which a letter arrived, and roughly how large it is.
about-stored-4 = There are no names and no network addresses. We do not record the exact time, but traces on the disk may sometimes reveal it.
about-never = What this site does not have
about-never-1 = No visitor counters, no advertising, no third-party code. The page talks only to us.
about-never-2 = No cookies. The site stores nothing in your browser.
about-never-3 = No registration. You do not have to give your name.
about-encrypted = How it is protected
about-encrypted-1 = Your browser encrypts the letter. If JavaScript is off in your browser, our server encrypts it as soon as it arrives.
about-encrypted-2 = The program is called Postern. Its code is open under the AGPL, and anyone can examine it.
about-encrypted-3 = It has not been independently audited yet. Nothing is completely safe: we write down what this protects against, and what it does not.
keys-title = Keys
keys-lead = Letters on this site are encrypted to these keys. Only someone who has the other, secret half can read them.
keys-expires = Valid until { $day }
keys-compare = Compare these letters and digits with the ones that we published elsewhere or sent to you. If they differ, send nothing.
keys-download = Download the keys
gateway-title = Others may read your letter here
gateway-what = What happened
gateway-what-1 = You opened this site through an intermediary that shows .onion addresses in an ordinary browser. It can see everything you write.
gateway-what-2 = To keep you safe, we do not show the form here.
gateway-what-3 = Open this address in Tor Browser. Get it from torproject.org.

# A file that is encrypted already
encrypted-link = Have you already encrypted your letter into a file? Submit it here
encrypted-title = Submit an encrypted file
encrypted-lead = Here you can submit a file that is already encrypted for us, by the offline form or by your own OpenPGP program.
encrypted-unopened = We only check that the file is encrypted. The server cannot open it.
encrypted-file = Encrypted file
encrypted-file-help = It is usually called appeal.tar.gpg, or ends in .gpg, .pgp or .asc.
encrypted-stored = We have received your file and stored it.
encrypted-outside = There were also words in the file outside the encrypted part. They were not encrypted, so we did not keep them. If they matter, encrypt them too and submit that file as well.
encrypted-number = If our form made the file, it has already shown you your number. You will need it to see our answer.
encrypted-preparing = Getting ready to send…
encrypted-preparing-parts = Getting ready to send: { $done } of { $total }.
encrypted-unready = The file cannot be sent in pieces right now.
encrypted-unloaded = This page’s program did not load. The connection may have been lost, or the browser may be too old.
encrypted-in-one = Send the file in one go
encrypted-in-one-means = Your browser then sends the file by itself, and only the server checks it. If the connection is lost, you have to start again.
encrypted-sending = Sending the file…
encrypted-kept-here = Nothing was sent. The file is still only on your device.
encrypted-secret-here = This is a secret key! It is still only on your device. Do not send it to anybody, and choose the encrypted file.
encrypted-unreadable = The file cannot be read. It may have been deleted, moved or changed. Choose it again.
encrypted-blocked = Something on the way to our server does not let the file through: the network, a proxy or a program on this device. Try another network or Tor Browser.
encrypted-cancelled = Cancelled. Nothing is left on the server, and the file is on your device.
encrypted-cancelled-later = Cancelled. What had already been sent is encrypted, and the server deletes it within two days.
encrypted-refused = The file was not accepted
encrypted-fault-none = No file was chosen, or it is empty. Choose the encrypted file.
encrypted-fault-several = Choose one file. Submit the others after it.
encrypted-fault-not_encrypted = This file does not look encrypted, so we did not store it. Encrypt it, or write to us through the form.
encrypted-fault-not_a_message = This is not an encrypted message. It may be a signature, a key or a file of another kind. Choose another file.
encrypted-fault-secret_key = This is a secret key! We did not store it, but it has passed through the server. Treat it as compromised: revoke it and make a new one.
encrypted-fault-password = The file is encrypted with a password, perhaps besides our keys. Encrypt it again to our keys only, without a password.
encrypted-fault-unknown_recipient = The file is encrypted to somebody else, so we could not open it. Encrypt it to our keys.
encrypted-fault-foreign_key = The file is encrypted to one more key that is not ours, perhaps your own. Then it can also be read on your device. Encrypt it again to our keys only. In GnuPG, add --no-encrypt-to and do not name your own key.
encrypted-fault-libre_aead = The file is not damaged, but a newer GnuPG has encrypted it in a way (OCB) that not all programs can open. Encrypt it again with the option --rfc4880, and without --force-ocb.
encrypted-fault-no_integrity = The file is encrypted in an old way that does not protect it from changes, so we do not accept it. Encrypt it again with a current program.
encrypted-fault-unsupported = The file is encrypted in a way that we could not open. Encrypt it again to our keys, with GnuPG or with our offline form.
encrypted-fault-damaged = The file is damaged or did not arrive whole. Go back to the original file and try again.
encrypted-fault-trailing_data = There is something after the encrypted message in the file. Remove it and try again.
encrypted-fault-too_large = The file is too large for the server. Split the documents between several letters.
encrypted-fault-busy = Too many people are writing right now. We did not store the file. Try again in a minute.
encrypted-fault-too_many_requests = Too many requests at once. This is not your fault. We did not store the file. Try again in a minute.
encrypted-fault-no_space = The server is out of space. Try again in a few hours.
encrypted-fault-cannot_store = The file could not be stored. The problem is on our side. Try again in a few minutes.
