"""Sentences of a kiosk in trouble, and of cards that are refused, for translation: a part of ``sayings``."""

from __future__ import annotations

from app.ui.tongue import QT_TRANSLATE_NOOP

TROUBLES = (
    QT_TRANSLATE_NOOP(
        "said", "What this kiosk keeps of its lease is not what it kept last: an older copy was put back."
    ),
    QT_TRANSLATE_NOOP(
        "said",
        "What this kiosk keeps of its lease is not of one moment: a part of an older copy was put back.",
    ),
    QT_TRANSLATE_NOOP(
        "said", "No page is shown until the hub was reached. Tell IT and quality: this is on record."
    ),
    QT_TRANSLATE_NOOP("said", "This machine's clock is {time} ahead of the hub's."),
    QT_TRANSLATE_NOOP("said", "This machine's clock is {time} behind the hub's."),
    QT_TRANSLATE_NOOP("said", "{count} days"),
    QT_TRANSLATE_NOOP("said", "Have it set right: without the hub no page could be shown."),
    QT_TRANSLATE_NOOP("said", "Nothing is lost: the records stay here. Tell the hub's administrator now."),
    QT_TRANSLATE_NOOP("said", "This kiosk's journal is damaged."),
    QT_TRANSLATE_NOOP("said", "Tell quality and IT: its newest records may be incomplete."),
    QT_TRANSLATE_NOOP("said", "This kiosk cannot record who reads what ({why}), so it shows no pages."),
    QT_TRANSLATE_NOOP("said", "its disk does not take them"),
    QT_TRANSLATE_NOOP("said", "its disk is full"),
    QT_TRANSLATE_NOOP("said", "another program holds its journal"),
    QT_TRANSLATE_NOOP("said", "its journal is damaged"),
    QT_TRANSLATE_NOOP("said", "Tell IT. It goes on by itself when records can be written again."),
    QT_TRANSLATE_NOOP("said", "This kiosk's journal was written by a newer Stationleaf than this one."),
    QT_TRANSLATE_NOOP("said", "Install the newer version again; nothing was changed."),
    QT_TRANSLATE_NOOP("said", "The hub does not show its log of records as it should."),
    QT_TRANSLATE_NOOP("said", "Tell quality: until it does, nobody can check that the records are complete."),
    QT_TRANSLATE_NOOP(
        "said", "The hub's records were rewritten: its log does not continue what this kiosk has seen of it."
    ),
    QT_TRANSLATE_NOOP("said", "Call quality. The proof is kept on this kiosk: leave it as it is."),
    QT_TRANSLATE_NOOP(
        "said", "The hub was restored from a backup, and lacks records that this kiosk has seen the log of."
    ),
    QT_TRANSLATE_NOOP("said", "Tell quality: what is missing is in the incident."),
    QT_TRANSLATE_NOOP("said", "The hub shows another log than the one asked for."),
    QT_TRANSLATE_NOOP("said", "The hub confirms records that this kiosk did not send."),
    QT_TRANSLATE_NOOP("said", "Tell the hub's administrator; nothing was deleted here."),
    QT_TRANSLATE_NOOP("said", "This kiosk's journal is older than what this kiosk has already recorded."),
    QT_TRANSLATE_NOOP("said", "Enrol this kiosk again with a new code, and tell quality."),
    QT_TRANSLATE_NOOP("said", "The newest records of this kiosk are lost, so it cannot go on recording."),
    QT_TRANSLATE_NOOP("said", "Tell quality and IT: this kiosk has to be enrolled again."),
    QT_TRANSLATE_NOOP(
        "said", "A record in this kiosk's journal is damaged, so it and later ones cannot be handed over."
    ),
    QT_TRANSLATE_NOOP(
        "said", "Tell quality and IT: nothing is deleted, and this kiosk has to be enrolled again."
    ),
    QT_TRANSLATE_NOOP("said", "The kiosk's folder {folder} cannot be written."),
    QT_TRANSLATE_NOOP("said", "IT: check its owner, or choose another with --home."),
    QT_TRANSLATE_NOOP("said", "The kiosk's folder {folder} belongs to another user."),
    QT_TRANSLATE_NOOP("said", "Run the kiosk as that user, or choose another folder with --home."),
    QT_TRANSLATE_NOOP("said", "Stationleaf is already running on this kiosk."),
    QT_TRANSLATE_NOOP("said", "Use the window that is open; if there is none, restart the machine."),
    QT_TRANSLATE_NOOP("said", "The kiosk's disk does not answer."),
    QT_TRANSLATE_NOOP("said", "IT: check the disk."),
    QT_TRANSLATE_NOOP("said", "The page store"),
    QT_TRANSLATE_NOOP("said", "The lease store"),
    QT_TRANSLATE_NOOP("said", "{store} was written by a newer Stationleaf than this one."),
    QT_TRANSLATE_NOOP("said", "{store} is in use by another program."),
    QT_TRANSLATE_NOOP("said", "Try again in a minute."),
    QT_TRANSLATE_NOOP("said", "{store} in this folder belongs to another kiosk or an earlier enrolment."),
    QT_TRANSLATE_NOOP("said", "Tell IT if nobody moved this kiosk's files."),
    QT_TRANSLATE_NOOP("said", "{store} of this kiosk is damaged."),
    QT_TRANSLATE_NOOP("said", "Tell IT if it happens again: the disk may be failing."),
    QT_TRANSLATE_NOOP("said", "This kiosk's disk is full."),
    QT_TRANSLATE_NOOP("said", "IT: free some space on it."),
    QT_TRANSLATE_NOOP("said", "{store} cannot be read or written."),
    QT_TRANSLATE_NOOP("said", "IT: check the disk, and who owns the kiosk's folder."),
    QT_TRANSLATE_NOOP("said", "The lease that is kept is not the newest one."),
    QT_TRANSLATE_NOOP("said", "What this kiosk keeps of its lease is damaged."),
    QT_TRANSLATE_NOOP(
        "said", "What this kiosk knows of its hub's keys expired on {day}, and the hub does not answer."
    ),
    QT_TRANSLATE_NOOP("said", "Check that today is {day}, then the network; it is tried again by itself."),
    QT_TRANSLATE_NOOP("said", "This kiosk's keys in the keyring are damaged."),
    QT_TRANSLATE_NOOP("said", "Enrol this kiosk again with a new code from IT."),
    QT_TRANSLATE_NOOP("said", "The keyring of this machine did not keep what this kiosk gave it."),
    QT_TRANSLATE_NOOP("said", "IT: free some space on the disk with the home folder of the kiosk's user."),
    QT_TRANSLATE_NOOP("said", "The hub's address is too long for this machine's keyring."),
    QT_TRANSLATE_NOOP("said", "Give the hub a shorter name."),
    QT_TRANSLATE_NOOP(
        "said", "The keyring {name} is set on this machine, and it does not protect keys well enough."
    ),
    QT_TRANSLATE_NOOP("said", "IT: take PYTHON_KEYRING_BACKEND out of the kiosk's environment."),
    QT_TRANSLATE_NOOP("said", "No keyring runs on this machine, so this kiosk's keys cannot be read."),
    QT_TRANSLATE_NOOP(
        "said", "IT: start the desktop's keyring (gnome-keyring or KWallet) for the kiosk's user."
    ),
    QT_TRANSLATE_NOOP("said", "The keyring of this machine is locked, so this kiosk's keys cannot be read."),
    QT_TRANSLATE_NOOP(
        "said", "Unlock it with the password of the kiosk's user, or sign in to the desktop again."
    ),
    QT_TRANSLATE_NOOP("said", "The hub has a fault."),
    QT_TRANSLATE_NOOP("said", "It is tried again by itself; tell the hub's administrator."),
    QT_TRANSLATE_NOOP("said", "What answers has a certificate that is not this plant's hub's."),
    QT_TRANSLATE_NOOP("said", "The hub's certificate is not valid now: it has expired, or a clock is wrong."),
    QT_TRANSLATE_NOOP("said", "The hub's CA certificate is not one."),
    QT_TRANSLATE_NOOP("said", "Tell the hub's administrator; nothing was sent."),
    QT_TRANSLATE_NOOP("said", "The hub answers too slowly."),
    QT_TRANSLATE_NOOP("said", "Go to the badge office."),
    QT_TRANSLATE_NOOP("said", "This card ran out on {day}."),
    QT_TRANSLATE_NOOP("said", "This card is not valid before {day}."),
    QT_TRANSLATE_NOOP("said", "If that day has come, the kiosk's clock is behind: tell IT."),
    QT_TRANSLATE_NOOP(
        "said", "The certificate on this card is not one for tapping in (card authentication)."
    ),
    QT_TRANSLATE_NOOP("said", "This card's certificate names nobody."),
    QT_TRANSLATE_NOOP("said", "This card was not issued for {organization}."),
    QT_TRANSLATE_NOOP("said", "The certificate of the CA that issued this card has run out."),
    QT_TRANSLATE_NOOP("said", "Tell IT: the file of the card CA on this kiosk must be renewed."),
    QT_TRANSLATE_NOOP("said", "This card was not issued by this site."),
    QT_TRANSLATE_NOOP("said", "Use the card that this site gave you, or go to the badge office."),
    QT_TRANSLATE_NOOP("said", "This card cannot open pages: its key only signs."),
    QT_TRANSLATE_NOOP("said", "This card has no certificate on it."),
    QT_TRANSLATE_NOOP("said", "This card did not sign when it was asked to."),
    QT_TRANSLATE_NOOP(
        "said", "This card could not prove that it is the one it claims to be: it may be a copy."
    ),
    QT_TRANSLATE_NOOP("said", "Keep the card and tell your supervisor."),
    QT_TRANSLATE_NOOP("said", "Go to the badge office: the card must be issued again."),
)
