import { createHash } from "node:crypto";
import type { Letter } from "../../../src/people/index.js";
import { Random } from "../../support/seed.js";
import { type Given, inLatin, MEN, patronymic, SURNAMES, type Surname, WOMEN } from "./names.js";

/** A letter and whom it is about. */
export interface TrueLetter extends Letter {
  readonly person: number;
}

interface Person {
  readonly surname: Surname;
  readonly given: Given;
  readonly father: Given;
  readonly year: number;
  readonly places: readonly Place[];
}

/** Spellings of one place. */
type Place = readonly string[];

const PLACES: readonly Place[] = [
  ["ИК-6, Мелехово", "ик 6 Мелехово, Владимирская область", "ІК-6, Мелехово", "колония № 6 в Мелехово"],
  ["СИЗО-1, Екатеринбург", "Екатеринбург, СИЗО 1", "СІЗО-1 Єкатеринбург"],
  ["ИК-3 Харп", "п. Харп, ИК 3", "ІК-3, Харп"],
  ["Лефортово, Москва", "СИЗО Лефортово", "Москва, Лефортово"],
  ["ИК-10, Мордовия", "Мордовия, ик-10", "ІК-10 Мордовія"],
  ["Таганрог, СИЗО-2", "сизо 2 Таганрог", "Таганрог"],
  ["СИЗО-1, Симферополь", "Симферополь", "Сімферополь, СІЗО"],
  ["ИК-2, Покров", "Покров, ик 2"],
  ["Бутырка", "СИЗО-2 Бутырка, Москва"],
  ["ИК-7, Омск", "Омск, колония 7", "ІК-7 Омськ"],
];
const SENTENCES = [
  ..."Здравствуйте, пишу вам впервые и не знаю, куда ещё обратиться.|Его забрали на работе, и три недели мы ничего не знали.".split(
    "|",
  ),
  ..."Суд был закрытый, адвоката нам назначили, он почти не отвечает.|Ему нужен инсулин, передачу с лекарствами вернули.".split(
    "|",
  ),
  ..."В последнем письме он пишет, что его держат в одиночной камере.|Помогите найти врача, у него болит сердце.".split(
    "|",
  ),
  ..."Мы были на свидании в марте, он сильно похудел.|Сказали ждать этапа, куда повезут, не говорят.".split("|"),
  ..."Следователь запретил звонки до конца месяца.|Дома двое детей, младшей четыре года.|Обыск был ночью, забрали телефоны.".split(
    "|",
  ),
  ..."Добрий день, звертаюся вперше й дуже прошу відповісти.|Його затримали вдома, три тижні ми нічого не знали.".split(
    "|",
  ),
  ..."Суд був закритий, адвокат призначений, майже не відповідає.|Йому потрібні ліки, передачу повернули.".split("|"),
  ..."Листи доходять раз на два місяці, і половину вимарано.|Прошу внести його до списку на обмін.".split("|"),
  ..."Мама його хворіє, не знаємо, чи доживе до зустрічі.|Консул не приїжджав жодного разу.|Статья 275, дали тринадцать лет.".split(
    "|",
  ),
  ..."Апелляция через месяц, нужен хороший адвокат.|Он передал, что писем больше не отдают.|Пожалуйста, ответьте хотя бы, что прочитали.".split(
    "|",
  ),
];
/** Sent by many, about different people. */
const CHAIN =
  "Просим вас включить нашего близкого в список на обмен, как гражданина, осуждённого по политической статье, и сообщить нам о решении. " +
  "С уважением и надеждой, семья. Все документы приложены к этому письму, копия направлена уполномоченному.";
/** A blank form that many attach. */
const BLANK = digest("blank form");

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Letters as people write them, with brothers, namesakes and neighbours in spelling among those they are about. */
export class Corpus {
  readonly #random: Random;
  readonly #people: Person[] = [];
  readonly letters: TrueLetter[] = [];

  /** @param letters how many; about a third as many people */
  constructor(seed: string, letters: number) {
    this.#random = new Random(`corpus ${seed}`);
    while (this.letters.length < letters) this.#addPerson(letters);
    this.letters.sort((left, right) => (digest(left.id + seed) < digest(right.id + seed) ? -1 : 1));
  }

  #addPerson(most: number): void {
    const person = this.#invent();
    const number = this.#people.push(person) - 1;
    const count = Math.min(this.#pick([1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 7]), most - this.letters.length);
    const written: { text: string; document: string }[] = [];
    for (let index = 0; index < count; index += 1) {
      const before = written.length > 0 ? this.#pick(written) : null;
      const again = before !== null && this.#chance(12);
      const text = again ? this.#changed(before.text) : this.#chance(4) ? CHAIN : this.#text();
      const document = before !== null && this.#chance(15) ? before.document : digest(`${number} ${index}`);
      written.push({ text, document });
      // Who sends the same text or paper again may leave the name out.
      const nameless = (again || document === before?.document) && this.#chance(20);
      this.letters.push({
        id: `${number}-${index}`,
        person: number,
        about: nameless ? "" : this.#about(person),
        place: this.#chance(75) ? this.#pick(this.#pick(person.places)) : "",
        text,
        documents: [document, ...(this.#chance(8) ? [BLANK] : [])],
      });
    }
  }

  #invent(): Person {
    const woman = this.#chance(25);
    const relative = this.#people.length > 0 && this.#chance(20) ? this.#pick(this.#people) : null;
    const given = this.#pick((woman ? WOMEN : MEN).filter((each) => each !== relative?.given));
    const places = [this.#pick(PLACES), ...(this.#chance(20) ? [this.#pick(PLACES)] : [])];
    const year = this.#random.integer(1950, 2005);
    if (relative !== null && this.#chance(60)) {
      // A brother or a sister.
      return { ...relative, given, year: relative.year + this.#random.integer(2, 9), places };
    }
    if (relative !== null) {
      // A namesake elsewhere, with another father and another year.
      const father = this.#pick(MEN.filter((each) => each !== relative.father));
      return { ...relative, father, year: relative.year > 1975 ? relative.year - 17 : relative.year + 17, places };
    }
    return { surname: this.#pick(SURNAMES), given, father: this.#pick(MEN), year, places };
  }

  /** The line of the form that says whom the letter is about. */
  #about(person: Person): string {
    const { given, father, year } = person;
    const ukrainian = this.#chance(30);
    const language = ukrainian ? "uk" : "ru";
    const sex = given.woman ? "woman" : "man";
    const declined = this.#chance(35) ? this.#random.integer(1, 4) : 0;
    const surname = person.surname[language][sex][declined] ?? "";
    const name = given[language][declined] ?? "";
    const second = patronymic[language](father.father[language], given.woman)[declined] ?? "";
    const initials = `${given[language][0].slice(0, 1)}.${this.#pick(["", " "])}${father[language][0].slice(0, 1)}.`;
    const born = this.#chance(65)
      ? this.#pick([`, ${year} г.р.`, ` ${year}`, `, 12.03.${year}`, `, ${year} года рождения`, `, ${year} р.н.`])
      : "";
    const around =
      declined > 0
        ? this.#pick(["о ", "про ", "", "пишу о "])
        : this.#pick(["", "", "", "мой муж ", "брат ", "мій син "]);
    const style = this.#random.integer(1, 100);
    if (style <= 45) return this.#spelled(`${around}${surname} ${name} ${second}${born}`);
    if (style <= 60) return this.#spelled(`${around}${name} ${surname}${born}`);
    if (style <= 68) return this.#spelled(`${around}${name} ${second} ${surname}${born}`);
    if (style <= 76) return this.#pick([`${surname} ${initials}${born}`, `${initials} ${surname}${born}`]);
    if (style <= 84) return this.#spelled(`${person.surname.ru[sex][0]} ${given.home}${born}`);
    const words = [
      person.surname[language][sex][0],
      given[language][0],
      ...(this.#chance(50) ? [patronymic[language](father.father[language], given.woman)[0]] : []),
    ];
    const inOrder = this.#chance(50) || words.length > 2 ? words : words.reverse();
    return this.#spelled(
      `${inLatin(inOrder.join(" "), this.#pick(["usual", "passport"]), ukrainian)}${this.#chance(65) ? ` ${year}` : ""}`,
    );
  }

  /** As people type it: with е for ё, in small letters, or with a mistake. */
  #spelled(text: string): string {
    let typed = this.#chance(60) ? text.replaceAll("ё", "е").replaceAll("Ё", "Е") : text;
    if (this.#chance(8)) typed = this.#mistyped(typed);
    return this.#chance(15) ? typed.toLowerCase() : typed;
  }

  /** One letter of a long word left out, doubled, or changed with the next. */
  #mistyped(text: string): string {
    const [word] = [...text.matchAll(/\p{L}{6,}/gu)];
    if (word === undefined) return text;
    const at = word.index + this.#random.integer(1, word[0].length - 3);
    const [one = "", two = ""] = text.slice(at, at + 2);
    return text.slice(0, at) + this.#pick([two, one + one + two, two + one]) + text.slice(at + 2);
  }

  #text(): string {
    return Array.from(
      { length: this.#random.integer(6, 14) },
      () => `${this.#pick(SENTENCES)} ${this.#random.integer(1, 999)}`,
    ).join(" ");
  }

  /** The same letter, with a sentence more, or a word less. */
  #changed(text: string): string {
    const words = text.split(" ");
    words.splice(this.#random.integer(0, words.length - 1), 1);
    return `${words.join(" ")} ${this.#pick(["", "Пишу второй раз.", this.#pick(SENTENCES)])}`;
  }

  #chance(percent: number): boolean {
    return this.#random.integer(1, 100) <= percent;
  }

  #pick<Value>(from: readonly Value[]): Value {
    return from[this.#random.integer(0, from.length - 1)] as Value;
  }
}

export interface Score {
  /** Pairs of letters about one person, as the truth has it. */
  readonly pairs: number;
  /** The part of them that is proposed, from 0 to 1. */
  readonly found: number;
  /** The part of proposed pairs that is wrong. */
  readonly wrong: number;
}

/** How well groups of letters agree with the truth. */
export function score(letters: readonly TrueLetter[], groups: readonly (readonly string[])[]): Score {
  const person = new Map(letters.map(({ id, person }) => [id, person]));
  const proposed = new Set(groups.flatMap((group) => pairsOf([...group].sort())));
  const right = [...proposed].filter((pair) => {
    const [left = "", other = ""] = pair.split(" ");
    return person.get(left) === person.get(other);
  }).length;
  const byPerson = new Map<number, string[]>();
  for (const { id, person } of letters) byPerson.set(person, [...(byPerson.get(person) ?? []), id]);
  const pairs = [...byPerson.values()].reduce((sum, { length }) => sum + (length * (length - 1)) / 2, 0);
  return { pairs, found: right / pairs, wrong: (proposed.size - right) / Math.max(1, proposed.size) };
}

function pairsOf(ids: readonly string[]): string[] {
  return ids.flatMap((left, at) => ids.slice(at + 1).map((right) => `${left} ${right}`));
}
