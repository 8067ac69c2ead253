import { fold, withoutEnding } from "./fold.js";
import { differByOne, neighbours } from "./similar.js";

/** A given name a line: forms of men's and women's, Russian and Ukrainian, and what people are called at home. */
const NAMES = `
Александр Александра Олександр Олександра Саша Саня Шура Сашко
Алексей Олексій Лёша Лёха Алёша Олекса Льоша
Алина Аліна
Алла
Альберт
Анастасия Анастасія Настя Настасья
Анатолий Анатолій Толя
Андрей Андрій Андрюша
Анна Ганна Аня Нюра Анюта
Антон Антоша
Антонина Антоніна Тоня
Аркадий Аркадій
Арсений Арсеній
Артём Артемий Тёма
Артур
Богдан
Борис Боря
Вадим
Валентин Валентина Валя
Валерий Валерій Валерия Валерія Валера
Василий Василь Вася
Вера Віра
Вероника Вероніка
Виктор Віктор Витя Вітя
Виктория Вікторія Вика Віка
Виталий Віталій Виталик Віталік
Владимир Володимир Вова Володя
Владислав Влад Слава
Всеволод Сева
Вячеслав Слава
Галина Галя
Геннадий Геннадій Гена
Георгий Георгій Жора Гоша
Герман
Глеб Гліб
Григорий Григорій Гриша
Даниил Данило Данила Даня
Дарья Дарія Дарина Даша
Денис
Диана Діана
Дмитрий Дмитро Дима Діма Митя
Евгений Євген Евгения Євгенія Женя
Егор Єгор
Екатерина Катерина Катя
Елена Олена Лена
Елизавета Єлизавета Лиза Ліза
Жанна
Захар
Зинаида Зінаїда Зина
Иван Іван Ваня
Игорь Ігор
Илья Ілля Илюша
Инна Інна
Ирина Ірина Ира Іра
Кирилл Кирило
Константин Костянтин Костя
Кристина Христина
Ксения Ксенія Ксюша
Лариса
Лев Льва Лёва
Леонид Леонід Лёня
Лидия Лідія Лида
Любовь Любов Люба
Людмила Люда Люся
Макар
Максим Макс
Маргарита Рита
Марина
Мария Марія Маша Марійка
Марк Марко
Матвей Матвій
Михаил Михайло Миша
Надежда Надія Надя
Назар
Наталья Наталія Наталка Наташа
Никита Микита
Николай Микола Коля
Нина Ніна
Оксана
Олег
Олеся Леся
Ольга Оля
Павел Павло Павла Паша
Пётр Петро Петя
Полина Поліна
Роман Рома
Руслан
Рустам
Светлана Світлана Света
Семён Сёма
Сергей Сергій Серёжа Серёга
София Софья Софія Соня
Станислав Станіслав Стас Слава
Степан Стёпа
Тамара
Тарас
Татьяна Тетяна Таня
Тимофей Тимофій
Тимур
Фёдор Федір Федя
Эдуард Едуард Эдик
Эльдар Ельдар
Юлия Юлія Юля
Юрий Юрій Юра
Яков Яків Яша
Яна
Ярослав Слава`;

/** A shorter name has too many neighbours. */
const MIN_NEAR_LETTERS = 5;

interface NameTables {
  readonly byKey: ReadonlyMap<string, ReadonlySet<number>>;
  /** Keys that a mistyped letter away lead to. */
  readonly near: ReadonlyMap<string, readonly string[]>;
  /** The first letters that a name may be shortened to, by its number. */
  readonly initials: readonly ReadonlySet<string>[];
}

let made: NameTables | null = null;

/** Made once somebody asks: a page that opens has its rows to show first. */
function tables(): NameTables {
  made ??= makeTables();
  return made;
}

function makeTables(): NameTables {
  const byKey = new Map<string, Set<number>>();
  const near = new Map<string, string[]>();
  const initials: Set<string>[] = [];
  for (const [number, line] of NAMES.trim().split("\n").entries()) {
    const forms = line.split(" ");
    initials.push(new Set(forms.map((form) => fold(form).slice(0, 1))));
    for (const key of new Set(forms.flatMap(nameKeys))) {
      const known = byKey.get(key);
      byKey.set(key, (known ?? new Set()).add(number));
      if (known !== undefined || key.length < MIN_NEAR_LETTERS) continue;
      for (const each of neighbours(key)) near.set(each, [...(near.get(each) ?? []), key]);
    }
  }
  return { byKey, near, initials };
}

/** A form of a name, folded, with and without its ending. */
export function nameKeys(form: string): [string, string] {
  const folded = fold(form);
  return [folded, withoutEnding(folded, 2)];
}

const NONE: ReadonlySet<number> = new Set();

/** The numbers of the given names that a word may be a form of, also with one letter mistyped; or none. */
export function givenNames(word: string): ReadonlySet<number> {
  const keys = nameKeys(word);
  const { byKey, near } = tables();
  const known = keys.map((key) => byKey.get(key)).find((numbers) => numbers !== undefined);
  if (known !== undefined) return known;
  for (const typed of keys.filter(({ length }) => length >= MIN_NEAR_LETTERS)) {
    const found = neighbours(typed).flatMap((key) => near.get(key) ?? []);
    const names = byKey.get(found.find((key) => differByOne(key, typed)) ?? "");
    if (names !== undefined) return names;
  }
  return NONE;
}

/** The folded first letters of given names in all their forms. */
export function initialsOf(names: ReadonlySet<number>): string[] {
  return [...names].flatMap((number) => [...(tables().initials[number] ?? [])]);
}

/** Whether some name begins with one letter in Russian and with the other in Ukrainian. */
export function mayBeOne(left: string, right: string): boolean {
  return tables().initials.some((letters) => letters.has(left) && letters.has(right));
}
