#!/usr/bin/env python3
"""Joins the shares that `postern keys split` wrote, without Postern. It needs Python 3 and nothing else.

    python3 join-shares.py            type one share on each line, as many as are needed
    python3 join-shares.py < shares   the same from a file, one share on each line

It prints the passphrase that opens the key with GnuPG or any other OpenPGP program. How it works:

1. A share is 23 words. Each is a number from 0 to 1023: its place in the list below. The first four letters tell it.
2. Words 1 and 2 are the same in all shares of one split. Word 3 is how many shares are needed. Word 4 is called x.
3. Words 5 to 20 are ten bits each: 160 bits, or 20 bytes. The last three words are a checksum, which this ignores.
4. Each of the 20 bytes was hidden by Shamir's secret sharing over the field of 256 elements that AES uses. Joining is
   Lagrange's interpolation at 0: the sum over all shares of byte times the product of other_x / (x + other_x).
5. The first 16 bytes are the secret. The last 4 begin its SHA-256, and tell whether the shares fit together.
6. The passphrase is those 16 bytes in hex, with a dash after every four digits.
"""
import hashlib
import re
import sys


def multiply(a, b):
    """Multiplies in the field: polynomials over bits, modulo x^8 + x^4 + x^3 + x + 1."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 0x100:
            a ^= 0x11B
        b >>= 1
    return product


def invert(a):
    return next(b for b in range(1, 256) if multiply(a, b) == 1)


def read(line):
    words = re.findall(r"[a-z]+", line.lower())
    if len(words) != 23:
        sys.exit("a share has 23 words, and this line has %d" % len(words))
    numbers = []
    for place, word in enumerate(words, 1):
        if word[:4] not in PLACES:
            sys.exit("word %d is not in the list" % place)
        numbers.append(PLACES[word[:4]])
    bits = "".join(format(number, "010b") for number in numbers[4:20])
    data = [int(bits[at : at + 8], 2) for at in range(0, 160, 8)]
    return {"set": numbers[:2], "need": numbers[2], "x": numbers[3], "data": data}


def join(shares):
    joined = bytearray(20)
    for share in shares:
        factor = 1
        for other in shares:
            if other is not share:
                factor = multiply(factor, multiply(other["x"], invert(share["x"] ^ other["x"])))
        for place, byte in enumerate(share["data"]):
            joined[place] ^= multiply(byte, factor)
    return bytes(joined)


def main():
    shares = []
    while not shares or len(shares) < shares[0]["need"]:
        line = sys.stdin.readline()
        if line == "":
            sys.exit("more shares are needed")
        if not line.strip():
            continue
        share = read(line)
        if shares and (share["set"], share["need"]) != (shares[0]["set"], shares[0]["need"]):
            sys.exit("this share is of another split")
        if any(share["x"] == other["x"] for other in shares):
            sys.exit("this share was given before")
        shares.append(share)
    joined = join(shares)
    if hashlib.sha256(joined[:16]).digest()[:4] != joined[16:]:
        sys.exit("these shares do not fit together: a word is wrong, or a share was made up")
    print("-".join(re.findall("....", joined[:16].hex())))


# The list of SLIP-0039: https://github.com/satoshilabs/slips/blob/master/slip-0039/wordlist.txt
WORDS = """
academic acid acne acquire acrobat activity actress adapt adequate adjust admit adorn adult advance advocate
afraid again agency agree aide aircraft airline airport ajar alarm album alcohol alien alive alpha already
alto aluminum always amazing ambition amount amuse analysis anatomy ancestor ancient angel angry animal answer
antenna anxiety apart aquatic arcade arena argue armed artist artwork aspect auction august aunt average
aviation avoid award away axis axle beam beard beaver become bedroom behavior being believe belong benefit
best beyond bike biology birthday bishop black blanket blessing blimp blind blue body bolt boring born both
boundary bracelet branch brave breathe briefing broken brother browser bucket budget building bulb bulge bumpy
bundle burden burning busy buyer cage calcium camera campus canyon capacity capital capture carbon cards
careful cargo carpet carve category cause ceiling center ceramic champion change charity check chemical chest
chew chubby cinema civil class clay cleanup client climate clinic clock clogs closet clothes club cluster coal
coastal coding column company corner costume counter course cover cowboy cradle craft crazy credit cricket
criminal crisis critical crowd crucial crunch crush crystal cubic cultural curious curly custody cylinder
daisy damage dance darkness database daughter deadline deal debris debut decent decision declare decorate
decrease deliver demand density deny depart depend depict deploy describe desert desire desktop destroy
detailed detect device devote diagnose dictate diet dilemma diminish dining diploma disaster discuss disease
dish dismiss display distance dive divorce document domain domestic dominant dough downtown dragon dramatic
dream dress drift drink drove drug dryer duckling duke duration dwarf dynamic early earth easel easy echo
eclipse ecology edge editor educate either elbow elder election elegant element elephant elevator elite else
email emerald emission emperor emphasis employer empty ending endless endorse enemy energy enforce engage
enjoy enlarge entrance envelope envy epidemic episode equation equip eraser erode escape estate estimate
evaluate evening evidence evil evoke exact example exceed exchange exclude excuse execute exercise exhaust
exotic expand expect explain express extend extra eyebrow facility fact failure faint fake false family famous
fancy fangs fantasy fatal fatigue favorite fawn fiber fiction filter finance findings finger firefly firm
fiscal fishing fitness flame flash flavor flea flexible flip float floral fluff focus forbid force forecast
forget formal fortune forward founder fraction fragment frequent freshman friar fridge friendly frost froth
frozen fumes funding furl fused galaxy game garbage garden garlic gasoline gather general genius genre genuine
geology gesture glad glance glasses glen glimpse goat golden graduate grant grasp gravity gray greatest grief
grill grin grocery gross group grownup grumpy guard guest guilt guitar gums hairy hamster hand hanger harvest
have havoc hawk hazard headset health hearing heat helpful herald herd hesitate hobo holiday holy home hormone
hospital hour huge human humidity hunting husband hush husky hybrid idea identify idle image impact imply
improve impulse include income increase index indicate industry infant inform inherit injury inmate insect
inside install intend intimate invasion involve iris island isolate item ivory jacket jerky jewelry join
judicial juice jump junction junior junk jury justice kernel keyboard kidney kind kitchen knife knit laden
ladle ladybug lair lamp language large laser laundry lawsuit leader leaf learn leaves lecture legal legend
legs lend length level liberty library license lift likely lilac lily lips liquid listen literary living
lizard loan lobe location losing loud loyalty luck lunar lunch lungs luxury lying lyrics machine magazine
maiden mailman main makeup making mama manager mandate mansion manual marathon march market marvel mason
material math maximum mayor meaning medal medical member memory mental merchant merit method metric midst mild
military mineral minister miracle mixed mixture mobile modern modify moisture moment morning mortgage mother
mountain mouse move much mule multiple muscle museum music mustang nail national necklace negative nervous
network news nuclear numb numerous nylon oasis obesity object observe obtain ocean often olympic omit oral
orange orbit order ordinary organize ounce oven overall owner paces pacific package paid painting pajamas
pancake pants papa paper parcel parking party patent patrol payment payroll peaceful peanut peasant pecan
penalty pencil percent perfect permit petition phantom pharmacy photo phrase physics pickup picture piece pile
pink pipeline pistol pitch plains plan plastic platform playoff pleasure plot plunge practice prayer preach
predator pregnant premium prepare presence prevent priest primary priority prisoner privacy prize problem
process profile program promise prospect provide prune public pulse pumps punish puny pupal purchase purple
python quantity quarter quick quiet race racism radar railroad rainbow raisin random ranked rapids raspy
reaction realize rebound rebuild recall receiver recover regret regular reject relate remember remind remove
render repair repeat replace require rescue research resident response result retailer retreat reunion revenue
review reward rhyme rhythm rich rival river robin rocky romantic romp roster round royal ruin ruler rumor sack
safari salary salon salt satisfy satoshi saver says scandal scared scatter scene scholar science scout
scramble screw script scroll seafood season secret security segment senior shadow shaft shame shaped sharp
shelter sheriff short should shrimp sidewalk silent silver similar simple single sister skin skunk slap
slavery sled slice slim slow slush smart smear smell smirk smith smoking smug snake snapshot sniff society
software soldier solution soul source space spark speak species spelling spend spew spider spill spine spirit
spit spray sprinkle square squeeze stadium staff standard starting station stay steady step stick stilt story
strategy strike style subject submit sugar suitable sunlight superior surface surprise survive sweater
swimming swing switch symbolic sympathy syndrome system tackle tactics tadpole talent task taste taught taxi
teacher teammate teaspoon temple tenant tendency tension terminal testify texture thank that theater theory
therapy thorn threaten thumb thunder ticket tidy timber timely ting tofu together tolerate total toxic tracks
traffic training transfer trash traveler treat trend trial tricycle trip triumph trouble true trust twice twin
type typical ugly ultimate umbrella uncover undergo unfair unfold unhappy union universe unkind unknown
unusual unwrap upgrade upstairs username usher usual valid valuable vampire vanish various vegan velvet
venture verdict verify very veteran vexed victim video view vintage violence viral visitor visual vitamins
vocal voice volume voter voting walnut warmth warn watch wavy wealthy weapon webcam welcome welfare western
width wildlife window wine wireless wisdom withdraw wits wolf woman work worthy wrap wrist writing wrote year
yelp yield yoga zero
""".split()
PLACES = {word[:4]: place for place, word in enumerate(WORDS)}

if __name__ == "__main__":
    main()
