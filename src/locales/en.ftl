direction = ltr
language-name = English

# The form
form-title = Write to us
form-lead = Here you can tell us about a person who is being persecuted, and attach documents.
form-enough = Only one thing is required: write a letter or attach a document. Everything else, only if you can and want to.
skip-to-form = Skip to the form
language-switch = Language
answer-optional = optional

truth-title = Before you write
truth-stored = Our server encrypts your letter and documents as soon as it receives them. Only the encrypted form is kept. Only our staff can read it, on a computer that is never online.
truth-server = While the letter arrives, the server sees it in its memory. It never goes to disk unencrypted.
truth-network = Your internet provider can see that you visited this site, when, and roughly how much you sent. It cannot see what. To hide the visit as well, open this site in Tor Browser.
truth-device = The documents themselves and your browser's history stay on your device. Write from a phone or computer that nobody else can get into. Clear the history afterwards.
truth-address = We do not record your network address, your browser or the exact time.

question-message = Your letter
question-message-help = Tell us in your own words what happened. Write as much as you need.
question-documents = Documents
question-documents-help = Verdict, indictment, certificates, photographs. You can choose several files at once: at most { $files }, { $size } in all.
question-prisoner = Who is imprisoned
question-prisoner-help = First name, surname, year of birth.
question-place = Where they are
question-place-help = Town, detention centre or colony. If you are not sure, write what you know.
question-charge = Since when and on what charge
question-charge-help = Date of arrest, article, length of the sentence if there is one.
question-request = What you ask for
question-request-help = Exchange, asylum, a lawyer, a parcel, something else.
question-writer = Who is writing
question-writer-help = What you are to this person. You do not have to give your name.
question-contact = How we can reach you safely
question-contact-help = Best is Signal, or a mail address that only you know of. Phones and mail at Russian services may be read.

send = Send
send-note = Sending may take several minutes. Keep this page open until you see the answer.

# Progress
progress-title = Progress
progress-waiting = You will see here how the sending goes.
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
    [one] With it came { $count } document.
   *[other] With it came { $count } documents.
}
receipt-next = Only our staff will read it. That may take some days. If you told us how to reach you, we will answer there.
receipt-device = Now close this tab and clear your browser's history. The documents are still on your device: decide whether they need to be there.
receipt-another = Write another letter

# Faults
fault-kept = Your text is still in the form below. Please choose the files again: browsers do not let us put them back.
fault-nothing-kept = Nothing of what you sent has stayed with us.
fault-back = Back to the form
fault-nothing_written = The letter is empty
fault-nothing_written-cure = Write at least a few words or attach a document. Then press “Send” again.
fault-text_too_long = The text is too long
fault-text_too_long-cure = Shorten it, or attach the long text as a file. Then send it again.
fault-text_too_long-field = This answer is too long: at most { $limit } characters.
fault-too_large = The files are too large
fault-too_large-cure = Together they are over { $size }. Send some of them now and the rest with another letter. Videos can be compressed.
fault-too_many_files = Too many files
fault-too_many_files-cure = At most { $files } at a time. Send some of them now and the rest with another letter.
fault-bad_request = The form arrived damaged
fault-bad_request-cure = This happens on a bad connection. Please try to send it again. If that does not help, reload the page, but copy your text first.
fault-no_space = The server is out of space
fault-no_space-cure = We cannot take your letter right now. Please try again in a few hours, or send only the text without large files.
fault-key_expired = Your letter cannot be encrypted safely right now
fault-key_expired-cure = So we have not taken it. We will mend this soon: please try tomorrow. Keep a copy of your text in a safe place until then.
fault-cannot_store = Your letter could not be stored
fault-cannot_store-cure = This is a fault on our side. Wait a few minutes and send it again.
fault-not_found = There is no such page
fault-not_found-cure = The address may be mistyped. Start from the main page.

# Common
demonstration = Demonstration. Write nothing real here: the key that letters are encrypted with is not protected.
frame-form = The form
frame-progress = Progress
letter-heading = Letter
letter-documents = Attached documents
size-bytes = { NUMBER($count) } B
size-kib = { NUMBER($count, maximumFractionDigits: 1) } KB
size-mib = { NUMBER($count, maximumFractionDigits: 1) } MB
size-gib = { NUMBER($count, maximumFractionDigits: 1) } GB
