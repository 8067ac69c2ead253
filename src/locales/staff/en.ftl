direction = ltr
language-name = English

# Common
title = Pickup
languages = Language
to-list = Submissions
to-staff = Staff
signed-in = { $name }, { $role }
sign-out = Sign out
role-courier = courier
role-manager = manager
size-bytes = { NUMBER($count) } B
size-kib = { NUMBER($count, maximumFractionDigits: 1) } KB
size-mib = { NUMBER($count, maximumFractionDigits: 1) } MB
size-gib = { NUMBER($count, maximumFractionDigits: 1) } GB

# Signing in
sign-in = Sign in
sign-in-name = Name
sign-in-passphrase = Passphrase
sign-in-code = Code
sign-in-code-help = Six digits from your authenticator app. Each code works once.
sign-in-refused = The name, passphrase or code is wrong. Wait for the next code and try again.
sign-in-wait = Too many attempts. Try again in { $seconds } s.

# Submissions
list-title = Submissions
list-none = There is nothing here.
list-count = { $count ->
    [one] { $count } submission
   *[other] { $count } submissions
}
list-show = Show
show-new = New ({ $count })
show-collected = Collected ({ $count })
show-opened = Opened at the desk ({ $count })
show-overdue = Not acknowledged ({ $count })
show-all = All ({ $count })
column-choose = Select
column-id = Number
column-day = Received
column-size = Size
column-state = Status
state-new = new
state-collected = collected on { $day } by { $name }
state-opened = opened, { $day }
download = Download
collect-new = Download all new as one file
collect-chosen = Download the selected ones as one file
collect-note = The file is a tar archive with MANIFEST.txt, which lists the SHA-256 of each submission. A submission counts as collected once it has been sent to you whole.
pages-earlier = Earlier
pages-later = Later
overdue-warning = { $count ->
    [one] { $count } submission was collected 14 days ago or more and never acknowledged. Was it lost on the way, or can the desk not open it?
   *[other] { $count } submissions were collected 14 days ago or more and never acknowledged. Were they lost on the way, or can the desk not open them?
}
chart-title = Submissions per day, the last 30 days
chart-bar = { $day }: { $count }
state-title = This server
state-free = Free space: { $size }
state-expires = Key { $fingerprint } is valid until { $day }
state-forever = Key { $fingerprint } does not expire
state-months-left = (months left: { $count })
state-expiring = Renew this key now: once it has expired, the portal accepts nothing.

# Acknowledging
acknowledge-title = Acknowledge opened submissions
acknowledge-help = postern open writes acknowledgement.json. Choose that file or paste its text. Only acknowledged submissions are ever deleted automatically.
acknowledge-file = File
acknowledge-text = Or paste its text
acknowledge-send = Acknowledge
acknowledged-title = Acknowledged
acknowledged-marked = Marked as opened: { $count }
acknowledged-known = Already marked, or no longer here: { $count }
acknowledged-different = Opened at the desk with contents that differ from those here, and left unchanged: { $count }. Copy them again.
acknowledge-malformed = This is not the text of an acknowledgement.json.

# Replies
replies-title = Upload replies
replies-help = Files ending in .reply.gpg, as made by postern reply. Nothing else is accepted.
replies-files = Files
replies-send = Put into the mailboxes
replies-done = Replies
replies-taken = accepted
replies-known = was already here
replies-refused = not accepted ({ $code })
replies-none = No file was chosen.

# Deleting
delete-chosen = Delete the selected ones
delete-title = Delete permanently
delete-what = These submissions will be deleted from this server. Any that nobody has opened will be lost.
delete-again = Confirm that it is you.
delete-do = Delete permanently
deleted = Deleted: { $count }

# Staff
staff-title = Staff
staff-add = Add a person
staff-new-name = Name
staff-new-name-help = Lower-case Latin letters, digits, dots and dashes.
staff-new-role = Role
staff-new-passphrase = Their passphrase, at least 12 characters
staff-add-do = Add
staff-remove-do = Remove { $name }
staff-confirm = Confirm that it is you: your own passphrase and a new code
staff-added-title = { $name } can sign in
staff-added-scan = Have { $name } scan this with an authenticator app now. It is not shown again.
staff-added-secret = Or type it in:
staff-fault-bad_name = A name consists of lower-case Latin letters, digits, dots and dashes, and begins with a letter.
staff-fault-short_passphrase = A passphrase has at least 12 characters.
staff-fault-exists = There is already somebody with that name.
staff-fault-unknown = There is nobody with that name.
staff-fault-last_manager = This is the last manager. Add another one first.

# When something is wrong
fault-title = That did not work
fault-forbidden = Your role does not allow this.
fault-foreign = This request did not come from our page, or the page is too old. Go back, reload it and try again.
fault-not_found = There is no such page or submission.
fault-nothing_chosen = Nothing was chosen.
fault-internal = Something failed on this server. Tell the operator.
back = Back to the list

# The index of cases
index-title = Cases
index-offline = This page works offline and sends nothing.
index-search = Search letters and answers
index-status = Status
index-language = Language
index-documents = Documents
index-any = all
index-with-documents = with documents
index-without-documents = without documents
index-sort = Order
index-sort-new = newest first
index-sort-old = oldest first
index-sort-documents = most documents first
index-count = Found: { $count }
index-more = Show more
index-csv = Save as CSV
index-json = Save as JSON
index-by-day = By day
index-follow-up = Added on { $day }
index-encrypted = Encrypted in this letter
index-no-answer = cannot be answered on the site
index-mail = Came by e-mail, from: { $from }. Nothing proves the sender. The letter has no receipt code. The sender’s provider has its text.
index-mail-domain = Came by e-mail, from: { $from }. By its record, the mail server found that it comes from { $domain }. Nothing proves which person wrote it, and whoever encrypts a file can put such a record into it. The letter has no receipt code. The sender’s provider has its text.
index-foreign = Encrypted with the sender’s own program, not with our form. It has no receipt code, so nobody would look for a reply.
index-signed = It carries signatures by the keys { $keys }. Nobody has verified them: they prove nothing.
index-left-out = Left out, since these are links or devices: { $names }
index-note = Note
index-note-how = To change the status or the note: postern case set { $folder }
index-where = Folder: { $folder }
index-picture = Show the picture
index-shortened = Cases of which this page holds only a part, so that it stays small enough: { $count }. Each says so; its folder holds all of it. The search does not find what is left out.
index-shortened-case = Only a part of this case is shown. The whole is in { $folder }.
index-omitted = Older cases that this page does not hold: { $count }. Move folders of cases into another folder, and run postern open for each.
index-file = { $name } ({ $size })
status-new = new
status-reading = being read
status-waiting = waiting
status-answered = answered
status-closed = closed
warning-mismatch = its name does not match what it is
warning-program = a program: do not run it
warning-macros = may contain macros
warning-markup = a web page or SVG: do not open it in a browser
warning-archive = an archive: its contents are not shown

# The desk in one page
desk-title = Desk
desk-lead = Here you read submissions on a computer that is never online. This page connects to nothing and keeps nothing: when you close it, it forgets everything but what you have saved.
desk-online = This computer seems to be online. Disconnect it before you choose the key.
desk-key-title = 1. The secret key
desk-keys = Files with secret keys
desk-passphrase = Passphrase
desk-passphrase-help = The passphrase is tried on every key that is still locked, also in files chosen before. A subkey may have another one.
desk-shares = The passphrase was split into shares
desk-shares-help = Type the words of one paper in order. Numbers, capitals and line breaks do not matter; the first four letters of each word are enough.
desk-share = Words of one share
desk-share-add = Add this share
desk-share-more = Shares so far: { $count }. Needed: { $need }.
desk-share-joined = The shares fit together. The passphrase is in its field: now unlock.
desk-share-fault-unknown_word = word { $word } is not in the list. Compare it with the paper.
desk-share-fault-wrong_word = word { $word } does not belong there. Compare it with the paper.
desk-share-fault-swapped_words = words { $word } and { $next } are swapped.
desk-share-fault-wrong_words = more than one word is wrong. Compare each with the paper.
desk-share-fault-missing_words = a word is missing: a share has 23.
desk-share-fault-extra_words = there is a word too many: a share has 23.
desk-share-fault-unknown_version = a newer version wrote this share. Use a newer desk.html.
desk-share-fault-other_set = this share is of another key than the first one. Add another.
desk-share-fault-twice = you have added this share already. Add another.
desk-share-fault-too_few = more shares are needed. Add another.
desk-share-fault-false_share = the shares do not fit together: one is not what was handed out. Open this page anew, and try others.
desk-share-fault-crashed = the page failed on it. Open this page anew.
desk-unlock = Unlock
desk-unlocking = Unlocking…
desk-unlocked = Unlocked:
desk-another-key = Add another key
desk-key-none = Choose a file with a secret key.
desk-key-known = These keys are unlocked already.
desk-lock-passphrase = the passphrase does not unlock this key. Try again, or type its own passphrase.
desk-lock-card = its secret is on a smart card, which a browser cannot use. Use postern open --gpg.
desk-lock-absent = its secret is not in this file: the key was exported without it. Find the file that has it.
desk-lock-weak = it is locked in an outdated way. Set its passphrase again in GnuPG (gpg --edit-key, passwd), and export it anew.
desk-lock-costly = its passphrase needs more memory than this page uses. Set it again with lower costs, and export the key anew.
desk-lock-unsupported = it is of a kind that this page does not know. Try postern open --gpg, with the same key in GnuPG.
desk-key-not_keys = there is no OpenPGP key in this file. Choose the one that ends in -secret.asc.
desk-key-empty = this file is empty. Take another copy.
desk-key-public_only = there is no secret key in this file, only a certificate. Choose the one that ends in -secret.asc.
desk-key-revocation = this is a revocation certificate or another signature, not a key. Choose the file that ends in -secret.asc.
desk-key-message = this is an encrypted file, not a key. If it is a backup of a key, decrypt it with GnuPG first.
desk-key-gnupg_file = only GnuPG can read the files in its own folder. Export the key: gpg --export-secret-keys
desk-key-damaged = the key in this file is damaged or cut off. Take another copy.
desk-key-partly_damaged = some keys in this file cannot be read. Take another copy if yours is missing.
desk-key-signing_only = the secret keys in this file can only sign. Export the whole key, with its subkeys.
desk-key-too_large = this file is too large to be a key.
desk-key-unreadable = this file cannot be read. Is the medium still connected?
desk-files-title = 2. The submissions
desk-limits = Reading takes little memory, however large a file is. To save a document, the browser may need free memory of twice the document’s size. Anything over { $size } cannot be saved here: use postern open for it.
desk-files = Choose files
desk-folder = Or a whole folder
desk-stop = Stop
desk-progress = { $done } of { $count } files, { $size } of { $total }.
desk-left = About { $minutes } min left.
desk-opened = Submissions opened: { $count }
desk-known = Already open: { $count }
desk-not-begun = Not begun, since you stopped: { $count }
desk-refused = Could not be opened: { $count }
desk-nothing = There are no submissions here. Their names end in .gpg.
desk-cases-title = 3. The cases
desk-beware = Anyone can send a document, including people who want to harm you. Save it and open it in Dangerzone, or in a disposable virtual machine. Only small pictures and plain text are shown here.
desk-save = Save
desk-save-all = Save the letter and all documents as one tar file
desk-text = Show the text
desk-working = Decrypting…
desk-reply-title = Reply
desk-reply-text = Your reply
desk-reply-files = Files to send with it
desk-reply-save = Encrypt and save
desk-reply-empty = Write something first.
desk-reply-saved = Saved as { $name }. Carry it to the courier machine.
desk-acknowledge = Save acknowledgement.json
desk-acknowledge-help = acknowledgement.json tells the server which submissions you could open, by number and digest only. Carry it to the courier machine.
desk-forget = Forget everything
desk-fault-no_matching_key = none of your keys opens it. Is there another key? Is the file older than your key?
desk-fault-locked_key = encrypted to a key that is still locked. Type its passphrase above and choose the file again.
desk-fault-card_key = encrypted to a key on a smart card, which a browser cannot use. Use postern open --gpg.
desk-fault-not_a_message = it begins like an encrypted file, but cannot be read. Copy it again.
desk-fault-empty = the file is empty. Copy it again.
desk-fault-truncated = the end of the file is missing. Copy it again, and remove the medium only when it is ready.
desk-fault-trailing_data = something was appended to the file. Copy it again.
desk-fault-damaged = damaged or changed in transit. Copy it again.
desk-fault-bad_armor = its text was changed in transit, perhaps by a mail program. Ask for the file itself.
desk-fault-not_encrypted = this is not an encrypted file, but a key, a signed text or a readable file. If it is a letter, destroy the copies that were carried like this.
desk-fault-password_encrypted = encrypted with a password, which only the sender knows. Ask for a file that is encrypted to your key.
desk-fault-unsupported = encrypted in a way that this page does not know. Try postern open --gpg, with GnuPG 2.4 or newer.
desk-fault-too_compressed = over ten times as large inside as outside, and so not made by our form. It may be meant to fill your disk. If you trust its sender, ask for it uncompressed.
desk-fault-too_many_recipients = made for more than 64 keys, which our form never does. It may be meant to keep this computer busy.
desk-fault-bad_archive = not built the way our form builds it ({ $code }). Somebody may have made it by hand. Do not open it with anything else.
desk-fault-unreadable = the file cannot be read. Is the medium still connected?
desk-fault-too_large = too large for a browser. Use postern open.
desk-fault-reply_too_large = too large: a reply and its files may have 32 MiB in all. Send fewer or smaller files.
desk-fault-not_a_picture = this is not a picture that the browser can draw
desk-fault-out_of_memory = there is not enough memory. Close other programs and try again, or use postern open.
desk-fault-crashed = the page failed on it. Try again; if it fails again, keep the file and tell the operator.
desk-fault-stalled = nothing moved for ten minutes. Is the medium still connected? Try again, or use postern open.
desk-fault-stopped = stopped before it was begun. Choose it again.

# A share of a split key, on paper
share-title = Share { $number } of { $shares }: { $label }
share-keep = Keep this paper where nobody else sees it. Photograph it never. Tell nobody that you have it.
share-join = Any { $need } of these papers open the key together. Fewer say nothing about it.
share-without = On the offline machine: postern keys join, or desk.html. Type all { $words } words in order. Without Postern: join-shares.py.

# The protocol of a ceremony
ceremony-title = Protocol: making a key and splitting it
ceremony-date = Date and place
ceremony-leader-name = Leader
ceremony-first-witness = First witness
ceremony-second-witness = Second witness
ceremony-prepare = Prepare
ceremony-prepare-machine = An offline machine: no network card, or Tails with its network off. Number or name: …
ceremony-prepare-program = Postern is on it. Both witnesses compared its SHA-256 with the release notes. First digits: …
ceremony-prepare-paper = A printer on a cable that keeps nothing, or { $shares } empty sheets and pens that do not press through.
ceremony-prepare-envelopes = { $shares } numbered envelopes that show when somebody opened them, and two encrypted media.
ceremony-prepare-phones = Phones, watches and cameras are outside the room.
ceremony-say = Say aloud
ceremony-say-leader = The leader: “We make one key. Any { $need } of { $shares } papers open it. Nobody keeps its passphrase.”
ceremony-say-witness = Each witness: “I see no network, no phone and no camera. I say stop if anything looks wrong.”
ceremony-make = Make
ceremony-make-key = Type: postern keys new --name "…"
ceremony-make-fingerprint = Each witness writes the whole fingerprint, and compares it with the other's: … …
ceremony-make-split = Type: postern keys split FILE --shares { $shares } --need { $need }
ceremony-make-print = Print the shares, or write them down. A witness counts 23 words on each, and reads no word aloud.
ceremony-check = Check
ceremony-check-join = Draw { $need } of the papers by lot. Type them: postern keys join --out passphrase. Papers drawn: …
ceremony-check-open = Open a test letter: postern open LETTER --key FILE-shared.asc --passphrase-file passphrase. It opens: …
ceremony-check-again = Repeat with other papers, until each has been used once. Papers drawn: …
ceremony-burn = Burn
ceremony-burn-files = Destroy the first secret key, the files of the shares and the passphrase. A flash medium forgets only when it is broken.
ceremony-burn-paper = Burn misprints and notes. Both witnesses see the ashes.
ceremony-hand-out = Hand out
ceremony-receiver = Share { $number }, envelope …, to …, signature …
ceremony-end = This protocol holds no secret. Keep it with the certificate.
ceremony-signatures = Signatures of both witnesses
