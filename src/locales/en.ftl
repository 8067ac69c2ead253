direction = ltr
language-name = English

# The form
form-title = Write to us
form-lead = Here you can tell us about a person who is being persecuted, and attach documents.
form-enough = Only one thing is required: write a letter or attach a document. Everything else, only if you can and want to.
form-enough-of = Answer at least one of these questions: { $questions }.
form-enough-required = Answer every question that does not say “optional”.
skip-to-form = Skip to the form
language-switch = Language
answer-optional = optional
answer-none = I would rather not say
answer-files = You can choose several files at once: no more than { $files }, up to { $size } in all.
answer-date = Day, month and year, for example 31.12.2024.
answer-several = You can tick several.
answer-only-when = Answer only if your answer to { $question } is: { $answers }.
quoted = “{ $text }”

truth-title = Before you write
truth-stored = Our server encrypts your letter and documents as soon as it receives them. They are stored only in encrypted form. Only our staff can read what is stored, on a computer that is never online.
truth-server = While the letter is arriving, the server sees it in its memory. It never goes to disk unencrypted. But if someone has broken into the server by then, they may read the letter.
truth-network = Your internet provider can see that you visited this site, when, and roughly how much you sent. It cannot see what you sent. If you open this site in Tor Browser, your provider does not learn which site it is, but sees that you are using Tor.
truth-device = The documents themselves and your browser's history stay on your device. Write from a phone or computer that nobody else can get into. Clear the history afterwards.
truth-address = We do not record your network address, your browser or the exact time.

question-message = Your letter
question-message-help = Tell us in your own words what happened. Write as much as you need.
question-documents = Documents
question-documents-help = Verdict, indictment, certificates, photographs.
question-prisoner = Who is imprisoned
question-prisoner-help = First name, surname, year of birth.
question-place = Where they are
question-place-help = Town, detention centre or prison colony. If you are not sure, write what you know.
question-charge = Since when, and on what charge
question-charge-help = Date of arrest, article of the law. If there is already a verdict, the length of the sentence.
question-request = What you are asking for
question-request-help = Exchange, asylum, a lawyer, a parcel, or something else.
question-writer = Who is writing
question-writer-help = How you are related to this person or know them. You do not have to give your name.
question-contact = How we can reach you safely
question-contact-help = Best of all is Signal, or an email address that only you know about. Russian email may be read, and phone calls listened to.

send = Send
send-note = Sending may take several minutes. Keep this page open until you see the answer.

# Progress
progress-title = Progress
progress-waiting = Here you will see how the sending is going.
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
receipt-next = Only our staff can read your letter. That may take a few days. You will find our answer here, with your number. If you have told us how to reach you, we may also answer there.
receipt-code-title = Your number
receipt-code-keep = Write it down. It is the only way to see our answer and to add to your letter. We do not know it and cannot recover it. Keep it where strangers will not find it.
receipt-code-copy = Copy
receipt-code-copied = Copied. Remember that other programs may see what was copied.
receipt-code-print = Print
receipt-follow-up = We will add this to your earlier letter. Your number stays the same.
receipt-device = Now close this tab and clear your browser's history. The documents are still on your device: decide whether they need to be there.
receipt-another = Write another letter

# Faults
fault-kept = Your text is still in the form below. Please choose the files again: browsers do not let us put them back.
fault-nothing-kept = We have kept nothing of what you sent.
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
fault-text_too_long-field = This answer is too long: no more than { $limit } characters.
fault-too_large = The files are too large
fault-too_large-cure = Together they are over { $size }. Send some of them now and the rest with another letter. Videos can be made smaller.
fault-too_many_files = Too many files
fault-too_many_files-cure = No more than { $files } at a time. Send some of them now and the rest with another letter.
fault-bad_request = The letter arrived damaged
fault-bad_request-cure = This can happen on a bad connection. Please try to send it again. If that does not help, copy your text and open the site afresh.
fault-receipt_code = There is a mistake in the number
fault-receipt_code-cure = Compare the number with what you wrote down: it has 20 digits. If this is your first letter, leave that field empty.
fault-too_many_requests = Too many requests at once
fault-too_many_requests-cure = This is not your fault. Wait a minute and try again.
fault-busy = Too many people are asking just now
fault-busy-cure = Wait a minute and try again. Nothing is lost.
fault-no_space = The server is out of space
fault-no_space-cure = We cannot take your letter right now. Please try again in a few hours, or send only the text without large files.
fault-key_expired = Your letter cannot be encrypted safely right now
fault-key_expired-cure = So we have not taken it. We will try to put this right soon: please try tomorrow. Keep a copy of your text in a safe place until then.
fault-cannot_store = Your letter could not be stored
fault-cannot_store-cure = This is a fault on our side. Wait a few minutes and send it again.
fault-not_found = There is no such page
fault-not_found-cure = The address may be mistyped. The link below leads to the form.

# Common
demonstration = Demonstration. Write nothing real here: the key that letters are encrypted with is not protected.
frame-form = Letter form
frame-progress = Progress
frame-fallback = Open the form by itself
letter-heading = Letter
letter-documents = Attached documents
size-bytes = { NUMBER($count) } B
size-kib = { NUMBER($count, maximumFractionDigits: 1) } KB
size-mib = { NUMBER($count, maximumFractionDigits: 1) } MB
size-gib = { NUMBER($count, maximumFractionDigits: 1) } GB

# The client: encryption in the browser
truth-browser = Your browser encrypts your letter and documents before it sends them. They reach us, and are kept, only in encrypted form. Only our staff can read them, on a computer that is never online.
truth-page = The encrypting is done by a program on this page. If somebody breaks into the site and changes the page, your letter may go unprotected. If anything about the page seems strange to you, send nothing.
client-preparing = Preparing the encryption… You can already write.
client-ready = Ready: your browser will encrypt the letter before it is sent.
client-unready = It is not possible to send it encrypted from this browser.
late-title = The encryption has still not loaded.
late-reload = Copy your letter so that it is not lost, and reload the page. If that does not help, there is another way:
client-try-again = Try again
client-offline = Download the form that works without a network
client-offline-means = It encrypts your letter on your device, into a file. You can get that file to us by e-mail, a messenger, or a friend. Write the letter there again, or copy it from here.
client-on-server = Send it so that the server encrypts it
client-on-server-means = While the letter arrives, the server then sees it in its memory. It is still kept only in encrypted form.
client-choose = Choose files
client-camera = Photograph a document
client-remove = Remove
client-too-many = Too many files: at most { $files } at a time. Remove some and send them with another letter.
client-too-large = Together the files are over { $size }. Remove some and send them with another letter.
client-sending-title = Sending
client-phase-preparing = Preparing…
client-phase-sending = Encrypting and sending…
client-phase-waiting = The connection is lost. As soon as it is back, we go on from the same place.
client-phase-paused = Paused. Nothing is lost.
client-phase-cancelling = Cancelling, and removing from the server what was sent…
client-phase-storing = Everything is sent. Waiting for the server to store it…
client-amount = { $done } of { $total } sent
client-left-minute = less than a minute left
client-left-minutes = about { $minutes } min left
client-keep-open = Keep this page open until you see that we have your letter.
client-pause = Pause
client-resume = Go on
client-cancel = Cancel
client-cancelled = Cancelled. Nothing is left on the server, and your text is in the form.
client-cancelled-later = Cancelled; your text is in the form. What had already been sent is encrypted, and the server removes it by itself within two days.
client-receipt-documents = Documents attached: { $count }.
client-fault-too_old = The encryption did not load. The connection may be lost, or the browser too old.
client-fault-go_between = A go-between shows you this page: a translator or a gateway. It sees all that you write. Open our address directly.
client-fault-keys_unreachable = The keys that letters are encrypted with could not be fetched. Check your connection.
client-fault-keys_changed = The keys on the site are not those that the page names. Reload the page. If it happens again, send nothing.
client-fault-self_test = This browser cannot encrypt as it must. Try Tor Browser, or a newer Firefox or Chrome.
client-fault-file_unreadable = One of the files cannot be read. It may have been deleted or moved. Remove it from the list and add it again.
client-fault-too_large = The files are too large for the server. Send some of them now and the rest with another letter.
client-fault-no_space = The server is out of space. Please try again in a few hours.
client-fault-key_expired = The key that letters are encrypted with is no longer valid, so nothing can be sent now. Please try tomorrow.
client-fault-refused = The server did not take the letter. This is a fault on our side. Please try again.
client-fault-digest_mismatch = The server stored something other than what you sent. Do not count the letter as delivered; please try again.
client-fault-internal = Something went wrong. Your text is still here. Please try again.

# The offline form
offline-title = The form without a network
offline-lead = This form works without the internet and sends nothing by itself. It encrypts your letter and documents into one file, which only our staff can read.
offline-escape = Pressing Esc three times in a row wipes what you have written.
offline-fingerprints = Fingerprints of the keys that this form encrypts for
offline-noscript = Turn on JavaScript for this file, so that the form can encrypt your letter.
offline-ready = Ready: the letter will be encrypted on this device, into a file. The form itself sends nothing.
offline-encrypting-title = Encrypting
offline-encrypting = Encrypting into a file…
offline-encrypt = Encrypt
offline-save = Save the file
offline-saved-title = The letter is encrypted
offline-saved-lead = The file { $name } is among your downloads. If it is not, press the button.
offline-saved-next = Get the file to us in any way: through our site, by e-mail, a messenger, a friend abroad. Only our staff can read it. But others may see who passed it on, and to whom.
offline-saved-device = Once it has arrived, delete the file and this form from the device. The documents themselves stay on it too.

# The receipt code and replies
receipt-code = Your number, if you have written to us before
receipt-code-help = 20 digits. By them we add this to your earlier letter. If this is the first time, leave it empty.
code-fault-empty = Type your number: 20 digits.
code-fault-not_digits = A number has digits only. Check that there is nothing else in it.
code-fault-too_short = There are fewer than twenty digits. Check that none is missing.
code-fault-too_long = There are more than twenty digits. Check that none is too many.
code-fault-mistyped = There is a mistake somewhere: no number is like this. Compare the digits with what you wrote down.
replies-title = The answer to your letter
replies-link = Have you written to us before? Read the answer here
replies-lead = Type the number that you wrote down when you sent the letter. If we have answered, the answer will be here.
replies-browser = Your browser decrypts the answer. Neither your number nor the text of the answer reaches the server.
replies-server = Without JavaScript our server receives the number: it decrypts the answer in its memory, shows it, and forgets it.
replies-plain = Open the page without JavaScript
replies-code = Your number
replies-code-help = 20 digits, with or without spaces.
replies-read = Show the answer
replies-looking = Looking…
replies-none = There is no answer yet. Please try in a few days. If you are not sure of the number, compare it: we cannot tell whether such a number exists.
replies-reply = Answer of { $day }
replies-unreadable = This answer cannot be opened. Please tell us so, by adding to your letter.
replies-unreachable = The server does not answer. Check your connection and try again.
replies-save = Save
replies-delete = Delete this answer from the server
replies-deleted = Deleted. The server does not have this answer any more.
replies-again = The answer stays on the server, encrypted, until you delete it or its time is over. Close this page when you have read it.
replies-more-title = Write more or attach documents

# Leaving, and other pages
exit = Leave this site
exit-note = “Leave this site” opens Wikipedia. The visit stays in your browser’s history and with your provider.
exit-escape = Pressing Esc three times in a row wipes what you have written and opens Wikipedia.
onion-link = The address of this site for Tor Browser:
footer-pages = Pages of this site
footer-form = Write to us
footer-replies = Read an answer
footer-safety = Staying safe
footer-about = About this site and your data
footer-keys = Keys

# Pages
safety-title = Before you write
safety-device = Your device
safety-device-1 = Write from a phone or computer of your own that others cannot get at. Not from one at work, and not from somebody else’s.
safety-device-2 = If the device was ever taken away in a search or a check, use another one.
safety-device-3 = Update your browser. Open the site in a private window: it leaves fewer traces.
safety-device-4 = If somebody is near who should not see this, put it off. You can write later.
safety-network = Your network
safety-network-1 = Your provider, your employer and the owner of the Wi-Fi see which sites you visit. They do not see what you write.
safety-network-2 = Tor Browser hides which site you opened. Get it from torproject.org. If that is blocked, write to gettor@torproject.org: links come by return.
safety-network-3 = Tor is blocked in Russia. Open the settings of Tor Browser, section “Connection”, and turn on a bridge.
safety-stored = What we keep
safety-stored-1 = The encrypted letter with its documents, and the day on which it came. Nothing else.
safety-stored-2 = Only our staff can read it, on a computer that is never online.
safety-stored-3 = We do not record your network address, your browser or the exact time.
safety-hidden = What we cannot hide
safety-hidden-1 = That somebody visited this site from your device, when, and roughly how much was sent.
safety-hidden-2 = Your browser’s history, and the documents on your device.
safety-hidden-3 = If somebody breaks into the site and changes the page, they may read the letter. The form that works without a network protects better against that.
safety-after = Afterwards
safety-after-1 = Write your number on paper and hide it. With it you will see the answer.
safety-after-2 = Close the tab and clear your browser’s history.
safety-after-3 = Do not tell people whom you do not trust that you wrote to us.
about-title = About this site and your data
about-who = Who reads your letters
about-who-1 = Only the staff you are writing to. They read them on a computer that has never been online.
about-who-2 = Whoever looks after the server cannot read the letters: the key is not on it.
about-who-3 = We can answer you on this site, with your number, or wherever you ask us to.
about-stored = What stays on the server
about-stored-1 = Encrypted letters, until the staff have fetched them.
about-stored-2 = Encrypted answers, until you delete them or their time is over.
about-stored-3 = The day on which a letter came, and roughly how large it is.
about-stored-4 = No names, no network addresses, no exact times.
about-never = What this site does not have
about-never-1 = No counters, no advertising, no programs of others. The page talks to nobody but us.
about-never-2 = No cookies. The site writes nothing into your browser.
about-never-3 = No registration. You need not give your name.
about-encrypted = How it is protected
about-encrypted-1 = Your browser encrypts the letter. If JavaScript is off in your browser, our server does so as soon as it has the letter.
about-encrypted-2 = The program is called Postern. Its code is open under the AGPL, and anybody can examine it.
about-encrypted-3 = It has not been examined independently yet. Nothing is completely safe: we write down what this protects against, and what not.
keys-title = Keys
keys-lead = Letters on this site are encrypted for these keys. Only who has the other, secret half can read them.
keys-expires = Valid until { $day }
keys-compare = Compare these figures and letters with those that we have published elsewhere or sent to you. If they differ, send nothing.
keys-download = Download the keys
gateway-title = Others may read your letter here
gateway-what = What has happened
gateway-what-1 = You have opened this site through a go-between that shows .onion addresses in an ordinary browser. It sees all that you write.
gateway-what-2 = We do not show the form here, so that you come to no harm.
gateway-what-3 = Open this address in Tor Browser. Get it from torproject.org.

# A file that is encrypted already
encrypted-link = Have you encrypted your letter into a file already? Hand it in here
encrypted-title = Hand in an encrypted file
encrypted-lead = Here you can hand in a file that is already encrypted for us: by the form that works without a network, or by an OpenPGP program of your own.
encrypted-unopened = We only check that the file is encrypted. It cannot be opened on the server.
encrypted-file = Encrypted file
encrypted-file-help = It is usually called appeal.tar.gpg, or ends in .gpg, .pgp or .asc.
encrypted-stored = We have received your file and stored it.
encrypted-number = If our form made the file, it has already shown you your number: with it you will see the answer.
encrypted-refused = The file was not taken
encrypted-fault-none = No file was chosen, or it is empty. Choose the encrypted file.
encrypted-fault-several = Choose one file. Hand in the others after it.
encrypted-fault-not_encrypted = This file does not look encrypted. We have not stored it. Encrypt it, or write to us through the form.
encrypted-fault-not_a_message = This is an OpenPGP file, but not an encrypted message. It may be a signature or a key. Choose another file.
encrypted-fault-secret_key = This is a secret key! We have not stored it, but it has passed through the server. Treat it as exposed: revoke it and make a new one.
encrypted-fault-password = The file is encrypted with a password. We would not be able to open it. Encrypt it for our keys.
encrypted-fault-unknown_recipient = The file is encrypted for somebody else. We would not be able to open it. Encrypt it for our keys.
encrypted-fault-damaged = The file is damaged or did not arrive whole. Take the original file and try again.
encrypted-fault-trailing_data = Something follows the encrypted message in the file. Remove it and try again.
encrypted-fault-too_large = The file is too large for the server. Divide the documents among several letters.
encrypted-fault-no_space = The server is out of space. Try again in a few hours.
encrypted-fault-cannot_store = The file could not be stored. This is a fault on our side. Try again in a few minutes.
