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
sign-in-code-help = Six digits from your authenticator. Each code works once.
sign-in-refused = Name, passphrase or code is wrong. Wait for the next code and try again.
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
column-choose = Choose
column-id = Number
column-day = Received
column-size = Size
column-state = State
state-new = new
state-collected = collected on { $day } by { $name }
state-opened = opened, { $day }
download = Download
collect-new = Download all new as one file
collect-chosen = Download the chosen ones as one file
collect-note = The file is a tar archive with MANIFEST.txt, the SHA-256 of each submission. A submission counts as collected once it has been sent to you whole.
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
state-expiring = Renew this key now: the portal takes nothing once it has expired.

# Acknowledging
acknowledge-title = Acknowledge what was opened
acknowledge-help = postern open writes acknowledgement.json. Choose that file or paste its text. Only what is acknowledged can ever be deleted by itself.
acknowledge-file = File
acknowledge-text = Or its text
acknowledge-send = Acknowledge
acknowledged-title = Acknowledged
acknowledged-marked = Marked as opened: { $count }
acknowledged-known = Marked before, or no longer here: { $count }
acknowledged-different = Opened at the desk with other contents than here, and left as they were: { $count }. Copy them again.
acknowledge-malformed = This is not the text of an acknowledgement.json.

# Replies
replies-title = Bring replies
replies-help = Files ending in .reply.gpg, as postern reply made them. Nothing else is taken.
replies-files = Files
replies-send = Put into the mailboxes
replies-done = Replies
replies-taken = taken
replies-known = was here before
replies-refused = not taken ({ $code })
replies-none = No file was chosen.

# Deleting
delete-chosen = Delete the chosen ones
delete-title = Delete for ever
delete-what = These submissions will be deleted here. What nobody has opened will be lost.
delete-again = Confirm that it is you.
delete-do = Delete for ever
deleted = Deleted: { $count }

# Staff
staff-title = Staff
staff-add = Add somebody
staff-new-name = Name
staff-new-name-help = Small Latin letters, digits, dots and dashes.
staff-new-role = Role
staff-new-passphrase = Their passphrase, at least 12 characters
staff-add-do = Add
staff-remove-do = Remove { $name }
staff-confirm = Confirm that it is you: your own passphrase and a new code
staff-added-title = { $name } can sign in
staff-added-scan = Have { $name } scan this with an authenticator now. It is not shown again.
staff-added-secret = Or type it in:
staff-fault-bad_name = A name has small Latin letters, digits, dots and dashes, a letter first.
staff-fault-short_passphrase = A passphrase has at least 12 characters.
staff-fault-exists = There is somebody of that name already.
staff-fault-unknown = There is nobody of that name.
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
index-offline = This page works without a network and sends nothing.
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
index-no-answer = cannot be answered on the site
index-note = Note
index-note-how = To change status or note: postern case set { $folder }
index-where = Folder: { $folder }
index-picture = Show the picture
index-file = { $name } ({ $size })
status-new = new
status-reading = being read
status-waiting = waiting
status-answered = answered
status-closed = closed
warning-mismatch = its name does not say what it is
warning-program = a program: do not run it
warning-macros = may hold macros
warning-markup = a web page or SVG: do not open it in a browser
warning-archive = an archive: what is inside does not show

# The desk in one page
desk-title = Desk
desk-lead = Here you read submissions on a computer that is never online. This page connects to nothing and keeps nothing: once it is closed, it has forgotten everything but what you have saved.
desk-online = This computer seems to have a network. Cut it off before you choose the key.
desk-key-title = 1. The secret key
desk-keys = Files with secret keys
desk-passphrase = Passphrase
desk-unlock = Unlock
desk-unlocking = Unlocking…
desk-unlocked = Unlocked:
desk-another-key = One more key
desk-files-title = 2. The submissions
desk-limits = Reading takes little memory, however large a file is. To save a document, the browser may need twice as much free memory as the document is large. What is over { $size } cannot be saved here: use postern open for it.
desk-files = Choose files
desk-folder = Or a whole folder
desk-stop = Stop
desk-progress = { $done } of { $count } files, { $size } of { $total }.
desk-left = Time left: about { $minutes } min.
desk-opened = Submissions open: { $count }
desk-known = Were open already: { $count }
desk-refused = Could not be opened: { $count }
desk-nothing = There is no submission here. Their names end in .gpg.
desk-cases-title = 3. The cases
desk-beware = Anybody can send a document, also to harm you. Save it and open it in Dangerzone, or on a machine that you throw away. Only small pictures and plain text are shown here.
desk-save = Save
desk-save-all = Save the letter and all documents as one tar file
desk-text = Show the text
desk-working = Decrypting…
desk-reply-title = Reply
desk-reply-text = Your reply
desk-reply-files = Files that go with it
desk-reply-save = Encrypt and save
desk-reply-empty = Write something first.
desk-reply-saved = Saved as { $name }. Carry it to the courier machine.
desk-acknowledge = Save acknowledgement.json
desk-acknowledge-help = acknowledgement.json tells the server what you could open, by numbers and digests alone. Carry it to the courier machine.
desk-forget = Forget everything
desk-fault-no_secret_key = This file has no secret key in it. Choose the one that ends in -secret.asc.
desk-fault-wrong_passphrase = The passphrase does not unlock this key. Try again.
desk-fault-no_matching_key = none of your keys opens it. Is there another key?
desk-fault-not_a_message = this is not an encrypted file
desk-fault-damaged = damaged or changed on its way. Copy it again.
desk-fault-bad_archive = not built as our form builds it ({ $code }). Somebody may have made it by hand. Do not open it with anything else.
desk-fault-unreadable = the file cannot be read. Is the medium still in?
desk-fault-too_large = too large for a browser. Use postern open.
desk-fault-not_a_picture = this is no picture that the browser can draw
desk-fault-internal = that did not work. Is there enough memory?
